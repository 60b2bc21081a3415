import { type FrameType, frameTypes } from "@handrail/protocol";

/** Chunks begin small and double: most logs stay short. */
const chunkBytes = { first: 4 * 1024, most: 64 * 1024 } as const;
/** What keeping one frame costs beside its bytes. */
const frameCostBytes = 128;

/** A frame that is kept. */
interface Kept {
  readonly type: FrameType;
  readonly payload: Uint8Array;
}

/**
 * Frames of a surface stream in memory of their own: what arrives may be a view of something much
 * larger, which would stay alive with it.
 */
export class SurfaceLog {
  readonly #frames: Kept[] = [];
  #chunk = new Uint8Array(0);
  #used = 0;
  #nextChunkBytes: number = chunkBytes.first;
  #sizeBytes = 0;
  #messages = 0;

  /** What it takes of memory, bytes. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Whole messages in it. */
  get messageCount(): number {
    return this.#messages;
  }

  /** The frames in order; the last message may not be complete yet. They must not be changed. */
  get frames(): readonly Kept[] {
    return this.#frames;
  }

  /** Copies a DATA or DATA_MORE frame. */
  append(type: FrameType, payload: Uint8Array): void {
    const to = this.#room(payload.length);
    to.set(payload);
    this.#frames.push({ type, payload: to });
    this.#sizeBytes += payload.length + frameCostBytes;
    if (type === frameTypes.DATA) this.#messages++;
  }

  #room(sizeBytes: number): Uint8Array {
    if (this.#used + sizeBytes > this.#chunk.length) {
      this.#chunk = new Uint8Array(Math.max(this.#nextChunkBytes, sizeBytes));
      this.#used = 0;
      this.#nextChunkBytes = Math.min(2 * this.#nextChunkBytes, chunkBytes.most);
    }
    const from = this.#used;
    this.#used += sizeBytes;
    return this.#chunk.subarray(from, this.#used);
  }
}

/** The whole messages of some logs, one after the other in one new piece of memory. */
export function messagesOf(logs: readonly SurfaceLog[]): Uint8Array<ArrayBuffer>[] {
  const frames = logs.flatMap((log) => log.frames);
  const all = new Uint8Array(frames.reduce((sum, { payload }) => sum + payload.length, 0));
  const messages: Uint8Array<ArrayBuffer>[] = [];
  let from = 0;
  let to = 0;
  for (const { type, payload } of frames) {
    all.set(payload, to);
    to += payload.length;
    if (type !== frameTypes.DATA) continue;
    messages.push(all.subarray(from, to));
    from = to;
  }
  return messages;
}
