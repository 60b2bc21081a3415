import { closeSync, readSync, writeSync } from "node:fs";
import type { TerminalSize } from "../../core/shell/host.ts";
import { Library, watchReadable } from "../native.ts";

/** Of fcntl, from <linux/fcntl.h>: another descriptor, which no program that is started gets. */
const duplicateCloseOnExec = 1030;
/** Of ioctl, from <asm-generic/ioctls.h>. */
const setWindowSize = 0x5414;
/** The terminal takes nothing now; it is asked again after this time, ms. */
const retryWriteMs = 10;
/** What is read at once: the output of one message (see Shell). */
const readBytes = 16_000;
/** The most that a terminal gives at a time (n_tty(4)): less means that there is no more now. */
const fullReadBytes = 4095;

/** What is read from a descriptor: bytes, nothing now, or nothing ever again. */
export type ReadResult = Uint8Array | "later" | "end";

interface Calls {
  fcntl(descriptor: number, command: number, argument: number): number;
  ioctl(descriptor: number, request: number, argument: Uint16Array): number;
}

let calls: Calls | undefined;

/** Declared without their `...`: for these arguments, the calling convention of x86-64 is the same. */
function system(): Calls {
  if (calls) return calls;
  const library = new Library("libc.so.6", "libc6");
  calls = {
    fcntl: library.bind("int fcntl(int descriptor, int command, int argument)"),
    ioctl: library.bind("int ioctl(int descriptor, unsigned long request, uint16_t *argument)"),
  };
  return calls;
}

/**
 * A descriptor of our own of a terminal's master, which does not block. No program that is started
 * later gets it: with it in their hands, a terminal would never be hung up.
 */
export class TerminalDescriptor implements Disposable {
  readonly #descriptor: number;
  readonly #buffer = new Uint8Array(readBytes);
  readonly #waiting: { bytes: Uint8Array; taken: () => void }[] = [];
  #watch: Disposable | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** `master`: as another library has opened it. */
  constructor(master: number) {
    this.#descriptor = system().fcntl(master, duplicateCloseOnExec, 0);
    if (this.#descriptor < 0) throw new Error("there are too many open files");
  }

  /** Programs in the terminal hear of it (SIGWINCH). */
  resize({ columns, rows }: TerminalSize): void {
    if (this.#isClosed) return;
    system().ioctl(this.#descriptor, setWindowSize, Uint16Array.of(rows, columns, 0, 0));
  }

  /** Calls `ready` whenever there is something to read, until `unwatch`. */
  watch(ready: () => void): void {
    if (!this.#isClosed) this.#watch ??= watchReadable(this.#descriptor, ready);
  }

  unwatch(): void {
    this.#watch?.[Symbol.dispose]();
    this.#watch = undefined;
  }

  /** What there is now, up to 16,000 bytes. */
  read(): ReadResult {
    if (this.#isClosed) return "end";
    let length = 0;
    try {
      for (let got = fullReadBytes; got >= fullReadBytes && length < readBytes; length += got) {
        got = readSync(this.#descriptor, this.#buffer, length, readBytes - length, null);
      }
    } catch (error) {
      // EIO: nobody has the other side open any more, which the next read says again.
      if (length === 0) return isAgain(error) ? "later" : "end";
    }
    return length === 0 ? "end" : this.#buffer.slice(0, length);
  }

  /** Writes after what was given before; `taken`: all of it was written, or never will be. */
  write(bytes: Uint8Array, taken: () => void): void {
    this.#waiting.push({ bytes, taken });
    if (this.#retry === undefined) this.#writeOn();
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.unwatch();
    closeSync(this.#descriptor);
    for (const { taken } of this.#waiting.splice(0)) taken();
  }

  #writeOn(): void {
    this.#retry = undefined;
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      next.bytes = next.bytes.subarray(this.#writeSome(next.bytes));
      if (next.bytes.length > 0) {
        this.#retry = setTimeout(() => this.#writeOn(), retryWriteMs);
        return;
      }
      this.#waiting.shift();
      next.taken();
    }
  }

  /** How many bytes were taken; all of them when nobody will ever take any. */
  #writeSome(bytes: Uint8Array): number {
    if (this.#isClosed || bytes.length === 0) return bytes.length;
    try {
      return writeSync(this.#descriptor, bytes);
    } catch (error) {
      return isAgain(error) ? 0 : bytes.length;
    }
  }
}

function isAgain(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}
