import { Writer } from "../codec/buffer.ts";
import { HandrailError } from "../error.ts";
import { type Frame, frameTypes } from "./frame.ts";

const noParts = { writer: undefined, sizeBytes: 0 };

/**
 * Puts the parts of a message together again. Parts are copied as they come: a peer that cuts a
 * message into single bytes costs no more memory than the message.
 */
export class Assembly {
  readonly #maxBytes: number;
  #parts: { writer: Writer | undefined; sizeBytes: number } = noParts;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes a DATA or DATA_MORE frame; returns the message that it completes. A message that came in
   * one frame is a view of it.
   * @throws HandrailError `frame-too-large`
   */
  take({ type, payload }: Frame): Uint8Array | undefined {
    const { writer, sizeBytes } = this.#parts;
    if (sizeBytes + payload.length > this.#maxBytes) {
      throw new HandrailError("frame-too-large", `message of more than ${this.#maxBytes} bytes`);
    }
    const isLast = type === frameTypes.DATA;
    if (isLast && !writer) return payload;
    const into = writer ?? new Writer(2 * payload.length);
    into.bytes(payload);
    if (!isLast) {
      this.#parts = { writer: into, sizeBytes: sizeBytes + payload.length };
      return undefined;
    }
    this.clear();
    return into.finish();
  }

  /** Forgets the message that has begun. */
  clear(): void {
    this.#parts = noParts;
  }
}
