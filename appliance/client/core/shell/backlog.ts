/**
 * The newest output of a shell, in a ring of fixed size: what a console lacks when it comes back.
 * Positions are bytes since the shell began.
 */
export class OutputBacklog {
  readonly #ring: Uint8Array;
  #end = 0;

  constructor(sizeBytes: number) {
    this.#ring = new Uint8Array(sizeBytes);
  }

  /** Position behind the newest byte. */
  get end(): number {
    return this.#end;
  }

  /** Position of the oldest byte that is still here. */
  get begin(): number {
    return Math.max(0, this.#end - this.#ring.length);
  }

  push(bytes: Uint8Array): void {
    const size = this.#ring.length;
    const kept = bytes.subarray(Math.max(0, bytes.length - size));
    const at = (this.#end + bytes.length - kept.length) % size;
    const first = kept.subarray(0, size - at);
    this.#ring.set(first, at);
    this.#ring.set(kept.subarray(first.length), 0);
    this.#end += bytes.length;
  }

  /** A copy of what is here from `position` on, at most `maxBytes` of it; empty at the end. */
  read(position: number, maxBytes: number): Uint8Array {
    const from = Math.max(position, this.begin);
    const length = Math.max(0, Math.min(maxBytes, this.#end - from));
    const copy = new Uint8Array(length);
    const at = from % this.#ring.length;
    const first = this.#ring.subarray(at, Math.min(this.#ring.length, at + length));
    copy.set(first);
    copy.set(this.#ring.subarray(0, length - first.length), first.length);
    return copy;
  }
}
