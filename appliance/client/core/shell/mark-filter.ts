import { encodeText } from "@handrail/protocol";

const escape = 0x1b;
const bell = 0x07;
const bracket = 0x5d;
const backslash = 0x5c;
/** What a mark or a title holds at most; a longer one is left to the terminal. */
const maxPayloadBytes = 32 * 1024;
/** The number of the operating system commands that are ours, which no terminal knows. */
const ours = "6973";

/** What was found in the output of a shell. */
export interface MarkListener {
  /** What the terminal is to show. */
  output(bytes: Uint8Array): void;
  /** A mark of the shell itself: one letter for its kind, and its text. */
  mark(kind: string, text: string): void;
  /** A program names the terminal (OSC 0 and 2); it stays in the output, too. */
  title(title: string): void;
}

/**
 * Takes the shell's own marks out of its output: `ESC ] 6973 ; nonce ; kind ; text BEL`, where the
 * nonce is known to the shell alone. Everything else passes as it is and in its order; no more is
 * held back than what may still become a mark. Numbers as in ECMA-48 and xterm's ctlseqs.
 */
export class MarkFilter {
  readonly #prefix: Uint8Array;
  readonly #listener: MarkListener;
  readonly #decoder = new TextDecoder();
  #state: "text" | "escape" | "command" | "command-escape" = "text";
  #payload: number[] = [];
  /** Whether what there is of the command may be one of our marks. */
  #isHeld = false;
  /** What passes in this push; never longer than what was held back and what came. */
  #passed = new Uint8Array(0);
  #passedBytes = 0;

  constructor(nonce: string, listener: MarkListener) {
    this.#prefix = encodeText(`${ours};${nonce};`);
    this.#listener = listener;
  }

  push(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    let from = 0;
    while (from < bytes.length) {
      if (this.#state === "text") from = this.#text(bytes, from);
      else this.#step(bytes[from++] ?? 0);
    }
    this.#flush();
  }

  /** The output ends: nothing more will complete what is held back. */
  end(): void {
    this.#makeRoom(0);
    this.#release();
    if (this.#state === "command-escape") this.#pass(escape);
    this.#state = "text";
    this.#flush();
  }

  /** Passes plain text at once; answers where it ends. */
  #text(bytes: Uint8Array, from: number): number {
    const at = bytes.indexOf(escape, from);
    const end = at < 0 ? bytes.length : at;
    this.#passed.set(bytes.subarray(from, end), this.#passedBytes);
    this.#passedBytes += end - from;
    if (at < 0) return end;
    this.#begin();
    return end + 1;
  }

  #begin(): void {
    this.#state = "escape";
    this.#payload = [];
    this.#isHeld = true;
  }

  #step(byte: number): void {
    if (this.#state === "escape") return this.#afterEscape(byte);
    if (this.#state === "command-escape") return this.#afterCommandEscape(byte);
    if (byte === bell) return this.#complete([bell]);
    if (byte === escape) {
      this.#state = "command-escape";
      return;
    }
    this.#collect(byte);
  }

  #afterEscape(byte: number): void {
    if (byte === bracket) {
      this.#state = "command";
      return;
    }
    this.#isHeld = false;
    this.#pass(escape);
    if (byte === escape) return this.#begin();
    this.#pass(byte);
    this.#state = "text";
  }

  /** `ESC \` ends a command; any other escape sequence breaks it off. */
  #afterCommandEscape(byte: number): void {
    if (byte === backslash) return this.#complete([escape, backslash]);
    this.#release();
    this.#begin();
    this.#afterEscape(byte);
  }

  #collect(byte: number): void {
    const at = this.#payload.push(byte) - 1;
    const expected = this.#prefix[at];
    if (!this.#isHeld) this.#pass(byte);
    else if (expected !== undefined && expected !== byte) this.#release();
    if (this.#payload.length < maxPayloadBytes) return;
    this.#release();
    this.#state = "text";
  }

  #complete(terminator: readonly number[]): void {
    this.#state = "text";
    const { length } = this.#prefix;
    if (this.#isHeld && this.#payload.length > length) {
      this.#isHeld = false;
      const text = this.#decoder.decode(Uint8Array.from(this.#payload.slice(length)));
      this.#flush();
      return this.#listener.mark(text.slice(0, 1), text.slice(2));
    }
    this.#release();
    this.#pass(...terminator);
    const title = /^[02];([^]*)$/.exec(this.#decoder.decode(Uint8Array.from(this.#payload)))?.[1];
    if (title !== undefined) this.#listener.title(title);
  }

  /** What was held back is no mark. */
  #release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#pass(escape);
    if (this.#state === "escape") return;
    this.#pass(bracket);
    this.#passed.set(this.#payload, this.#passedBytes);
    this.#passedBytes += this.#payload.length;
  }

  #pass(...bytes: readonly number[]): void {
    this.#passed.set(bytes, this.#passedBytes);
    this.#passedBytes += bytes.length;
  }

  #makeRoom(bytes: number): void {
    const heldBytes = this.#payload.length + "ESC]".length;
    this.#passed = new Uint8Array(bytes + heldBytes);
    this.#passedBytes = 0;
  }

  #flush(): void {
    if (this.#passedBytes === 0) return;
    this.#listener.output(this.#passed.subarray(0, this.#passedBytes));
    this.#passed = this.#passed.subarray(this.#passedBytes);
    this.#passedBytes = 0;
  }
}
