import type { FileHandle } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import {
  type Frame,
  frameTypes,
  HandrailError,
  type Lsid,
  shellConsoleMessage,
  shellCustomerMessage,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { writeFault } from "../store/write-fault.ts";
import { readCastHeader, type ShellRecordingStore } from "../store/shell-recordings.ts";
import type { TunnelTap } from "./tunnel.ts";

/** How long what is recorded may wait to be on the disk, ms: what a crash loses. */
const flushEveryMs = 1000;
/** So much is made into lines in one turn of the event loop, and not left waiting longer, bytes. */
const batchBytes = 256 * 1024;
/** With so much waiting, the disk does not follow, bytes. */
const maxWaitingBytes = 32 * 1024 * 1024;
/** Longest recording of one shell, bytes: `yes` must not fill the disk. */
const maxFileBytes = 256 * 1024 * 1024;
/** Where the last line of an earlier run is looked for, bytes: longer than the longest line. */
const tailBytes = 256 * 1024;

/** What the recording of a shell rests on. */
export interface ShellRecorderOptions {
  readonly lsid: Lsid;
  readonly store: ShellRecordingStore;
  readonly clock: Clock;
  /** What a list of recordings shows. */
  readonly title: string;
  /** Whether the session is being recorded now. */
  readonly isOn: () => boolean;
  readonly failed: (error: HandrailError) => void;
}

/**
 * Writes what a shell shows, with the size of its terminal, as asciicast v2. What is typed is not
 * written down: it holds passwords. Never makes the forwarding wait; a crash loses a second, and a
 * shell that is attached to again goes on in the same file.
 * Source: asciicast v2.
 */
export class ShellRecorder implements TunnelTap {
  readonly #options: ShellRecorderOptions;
  readonly #parts = { console: [] as Uint8Array[], customer: [] as Uint8Array[] };
  #decoder = new StringDecoder();
  #size = { columns: 80, rows: 24 };
  #isAttached = false;
  #shell: number | undefined;
  #file: Promise<FileHandle> | undefined;
  /** Moment of the recording's time 0, by the monotonic clock. */
  #originMs = 0;
  #lastMs = 0;
  #sizeBytes = 0;
  #waiting: Entry[] = [];
  #waitingBytes = 0;
  #timer: Disposable | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #isOver = false;

  constructor(options: ShellRecorderOptions) {
    this.#options = options;
  }

  frame(from: "console" | "customer", { type, payload }: Frame): void {
    if (this.#isOver) return;
    const parts = this.#parts[from];
    parts.push(payload);
    if (type !== frameTypes.DATA) return;
    this.#parts[from] = [];
    const message = parts.length === 1 ? payload : Buffer.concat(parts);
    try {
      if (from === "console") this.#fromConsole(message);
      else this.#fromCustomer(message);
    } catch (error) {
      // Nonsense ends the recording; what becomes of the shell is for its ends to say.
      this.#fail(error);
    }
  }

  async closed(): Promise<void> {
    await this.#flush();
    try {
      await (await this.#file)?.close();
    } catch (error) {
      this.#fail(error);
    }
    this.#isOver = true;
  }

  #fromConsole(bytes: Uint8Array): void {
    const message = shellConsoleMessage.decode(bytes);
    if (message.type === "input" || message.type === "hangUp") return;
    const { columns, rows } = message;
    this.#size = { columns: Math.max(1, columns), rows: Math.max(1, rows) };
    if (message.type === "attach") this.#isAttached = true;
    if (message.type === "resize") this.#resized();
  }

  #fromCustomer(bytes: Uint8Array): void {
    const message = shellCustomerMessage.decode(bytes);
    switch (message.type) {
      case "started":
        this.#shell = message.shell;
        return;
      case "output":
        return this.#output(message.bytes);
      case "lost":
        this.#decoder = new StringDecoder();
        return this.#add("m", `${message.bytes} bytes are lost`);
      case "title":
      case "exited":
        return;
    }
  }

  #output(bytes: Uint8Array): void {
    const text = this.#decoder.write(bytes);
    if (text !== "") this.#add("o", text);
  }

  #resized(): void {
    if (this.#file) this.#add("r", sizeText(this.#size));
  }

  #add(code: Entry["code"], data: string): void {
    if (!this.#options.isOn() || this.#isOver) return;
    this.#file ??= this.#begin();
    // Nobody waits for it before there is something to write, which tells of its failure.
    this.#file.catch(() => undefined);
    this.#waiting.push({ atMs: this.#options.clock.monotonicMs(), code, data });
    this.#waitingBytes += data.length;
    if (this.#waitingBytes > maxWaitingBytes) {
      return this.#fail(new HandrailError("too-slow", "the disk is too slow for the recording"));
    }
    if (this.#waitingBytes >= batchBytes && !this.#isWriting) void this.#flush();
    else this.#timer ??= this.#options.clock.after(flushEveryMs, () => void this.#flush());
  }

  /** Begins a file, or goes on with the one of a shell that was attached to again. */
  async #begin(): Promise<FileHandle> {
    const { store, lsid } = this.#options;
    const shell = this.#shell ?? 0;
    const size = { ...this.#size };
    const nowMs = this.#options.clock.monotonicMs();
    const earlier = this.#isAttached ? await store.reopen(lsid, shell) : undefined;
    const header = earlier && (await readCastHeader(earlier));
    if (earlier && header) {
      const end = await readEnd(earlier);
      await earlier.truncate(end.sizeBytes);
      const sinceMs = this.#options.clock.now() - header.timestamp * 1000;
      this.#originMs = nowMs - Math.max(sinceMs, end.lastMs);
      this.#lastMs = end.lastMs;
      this.#sizeBytes = end.sizeBytes;
      const resized = this.#line({ atMs: nowMs, code: "r", data: sizeText(size) });
      await this.#append(earlier, resized);
      return earlier;
    }
    await earlier?.close();
    const file = await store.create(lsid, shell);
    this.#originMs = nowMs;
    await this.#append(file, this.#header(size));
    return file;
  }

  #header({ columns, rows }: { columns: number; rows: number }): string {
    const timestamp = Math.floor(this.#options.clock.now() / 1000);
    const head = { version: 2, width: columns, height: rows, timestamp };
    return `${JSON.stringify({ ...head, title: this.#options.title })}\n`;
  }

  #line({ atMs, code, data }: Entry): string {
    this.#lastMs = Math.max(this.#lastMs, Math.round(atMs - this.#originMs));
    return `${JSON.stringify([this.#lastMs / 1000, code, data])}\n`;
  }

  #flush(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    if (this.#isOver || !this.#file) return;
    this.#isWriting = true;
    try {
      const file = await this.#file;
      if (this.#waiting.length === 0) return;
      while (this.#waiting.length > 0) {
        await this.#append(file, this.#takeBatch().join(""));
        if (this.#sizeBytes < maxFileBytes) continue;
        const atMs = this.#options.clock.monotonicMs();
        await this.#append(file, this.#line({ atMs, code: "m", data: "no more is recorded" }));
        this.#isOver = true;
        this.#waiting = [];
      }
      await file.datasync();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isWriting = false;
    }
  }

  /** The lines of what has waited longest. */
  #takeBatch(): string[] {
    let bytes = 0;
    const last = this.#waiting.findIndex((entry) => (bytes += entry.data.length) >= batchBytes);
    const batch = this.#waiting.splice(0, last < 0 ? this.#waiting.length : last + 1);
    this.#waitingBytes -= bytes;
    return batch.map((entry) => this.#line(entry));
  }

  async #append(file: FileHandle, text: string): Promise<void> {
    const bytes = Buffer.from(text, "utf8");
    await file.appendFile(bytes);
    this.#sizeBytes += bytes.length;
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting = [];
    this.#options.failed(error instanceof HandrailError ? error : writeFault(error));
  }
}

interface Entry {
  readonly atMs: number;
  /** Output, size, or a mark with a label. */
  readonly code: "o" | "r" | "m";
  readonly data: string;
}

/** Where the last whole line ends, and its time. */
async function readEnd(handle: FileHandle): Promise<{ sizeBytes: number; lastMs: number }> {
  const { size } = await handle.stat();
  const position = Math.max(0, size - tailBytes);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(tailBytes), { position });
  const tail = buffer.subarray(0, bytesRead);
  const end = tail.lastIndexOf(0x0a) + 1;
  const last = tail.toString("utf8", 0, end).trimEnd().split("\n").at(-1) ?? "";
  const [, seconds] = /^\[(\d+(?:\.\d+)?),/.exec(last) ?? [];
  return { sizeBytes: position + end, lastMs: Math.round(Number(seconds ?? 0) * 1000) };
}

function sizeText({ columns, rows }: { columns: number; rows: number }): string {
  return `${columns}x${rows}`;
}
