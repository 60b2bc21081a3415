import type { Frame } from "@handrail/protocol";

const tidyFrom = 256;

/** Frames that wait for the line: first in, first out, in constant time. */
export class FrameQueue {
  #frames: Frame[] = [];
  #first = 0;
  #bytes = 0;

  /** Payload bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Frames that wait. */
  get length(): number {
    return this.#frames.length - this.#first;
  }

  get isEmpty(): boolean {
    return this.#first === this.#frames.length;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#bytes += frame.payload.length;
  }

  shift(): Frame | undefined {
    const frame = this.#frames[this.#first];
    if (!frame) return undefined;
    this.#first++;
    this.#bytes -= frame.payload.length;
    if (this.isEmpty || this.#first >= tidyFrom) this.#tidy();
    return frame;
  }

  /** Forgets what waits for a channel. */
  drop(channel: number): void {
    this.#tidy();
    this.#frames = this.#frames.filter((frame) => frame.channel !== channel);
    this.#bytes = this.#frames.reduce((sum, frame) => sum + frame.payload.length, 0);
  }

  /** Frees what was sent. */
  #tidy(): void {
    this.#frames.splice(0, this.#first);
    this.#first = 0;
  }
}
