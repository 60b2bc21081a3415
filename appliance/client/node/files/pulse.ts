/** Numbers at the head of the memory. */
const heads = { beats: 0, lane: 1, request: 2, pathBytes: 3 } as const;
const headBytes = 16;
/** What Linux takes as a path at most (PATH_MAX). */
const maxPathBytes = 4096;

/** For whom and where the disk's thread works. 0: for no lane, no request. `path`: empty, none yet. */
export interface Errand {
  readonly lane: number;
  readonly request: number;
  path: Uint8Array;
}

/**
 * What the disk's thread is doing, in memory that it shares with the main one: while a call to the
 * system does not come back, the thread itself can tell nothing. It beats as long as it gets on.
 */
export class Pulse {
  readonly memory: SharedArrayBuffer;
  readonly #heads: Int32Array;
  readonly #path: Uint8Array;

  /** With the memory of another thread's, else with its own. */
  constructor(memory = new SharedArrayBuffer(headBytes + maxPathBytes)) {
    this.memory = memory;
    this.#heads = new Int32Array(memory, 0, headBytes / 4);
    this.#path = new Uint8Array(memory, headBytes);
  }

  /** Changes as long as the thread gets on; 0: it has not begun. */
  get beats(): number {
    return Atomics.load(this.#heads, heads.beats);
  }

  /** What the thread was about when it last said so. */
  get errand(): Errand {
    const at = (head: number) => Atomics.load(this.#heads, head);
    const path = this.#path.slice(0, at(heads.pathBytes));
    return { lane: at(heads.lane), request: at(heads.request) >>> 0, path };
  }

  beat(): void {
    Atomics.add(this.#heads, heads.beats, 1);
  }

  /** Says what is worked on from now on. */
  say({ lane, request, path }: Errand): void {
    Atomics.store(this.#heads, heads.lane, lane);
    Atomics.store(this.#heads, heads.request, request);
    this.at(path);
  }

  /** Says what is touched next. */
  at(path: Uint8Array): void {
    const held = path.subarray(0, maxPathBytes);
    this.#path.set(held);
    Atomics.store(this.#heads, heads.pathBytes, held.length);
  }
}
