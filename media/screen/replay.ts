import { surfaceMessage, type SurfaceRect } from "@handrail/protocol";
import { Decoder, type Surface } from "./decoder.ts";
import type { CursorShape } from "./engine.ts";
import {
  type Beginning,
  concernsPointer,
  type RecordedSurface,
  type Recording,
} from "./recording.ts";

/** What changed between two positions of a replay. */
export interface Changes {
  readonly rects: SurfaceRect[];
  /** A picture began: its size may be another, and all of it must be painted. */
  readonly isNewPicture: boolean;
}

/**
 * Decodes a recording to any position, without painting. Going forward continues; going back, or
 * past another place where decoding can begin, starts at the nearest one before the position.
 */
export class Replay {
  readonly #recording: Recording;
  readonly #decoder = new Decoder();
  /** The next message to decode. */
  #next = 0;
  #pointer: { shape?: CursorShape; at?: { x: number; y: number } } = {};

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** The picture at the position; undefined before the first. */
  get surface(): Surface | undefined {
    return this.#decoder.surface;
  }

  get pointer(): { readonly shape?: CursorShape; readonly at?: { x: number; y: number } } {
    return this.#pointer;
  }

  /** When the next message is due, in ms since the recording began. */
  get nextAt(): number | undefined {
    return this.#recording.surfaces[this.#next]?.at;
  }

  /** Decodes what is due up to and including `untilMs`, as long as `mayGoOn`. */
  advance(untilMs: number, mayGoOn: () => boolean = () => true): Changes {
    const rects: SurfaceRect[] = [];
    let isNewPicture = false;
    for (let at = this.nextAt; at !== undefined && at <= untilMs; at = this.nextAt) {
      const recorded = this.#recording.surfaces[this.#next++];
      if (!recorded) break;
      const changed = this.#apply(recorded.message);
      if (changed === "new-picture") isNewPicture = true;
      else rects.push(...changed);
      if (!mayGoOn()) break;
    }
    return { rects, isNewPicture };
  }

  /**
   * Goes to a position, step by step: each step decodes while `mayGoOn`, and yields how much of the
   * way is done, 0 to 1.
   */
  *seek(toMs: number, mayGoOn: () => boolean): Generator<number, void> {
    const { surfaces, beginnings } = this.#recording;
    const end = countUntil(surfaces, toMs);
    const start = beginnings.findLast(({ index }) => index < end);
    const isPast = this.#next >= (start?.index ?? 0);
    const continues = isPast && this.#next <= end && this.surface !== undefined;
    if (!continues) this.#begin(start);
    const from = this.#next;
    while (this.#next < end) {
      this.advance(toMs, mayGoOn);
      if (this.#next < end) yield (this.#next - from) / (end - from);
    }
    this.#recallPointer(end);
  }

  #begin(beginning: Beginning | undefined): void {
    this.#next = beginning?.index ?? 0;
    for (const message of beginning?.messages ?? []) this.#apply(message);
  }

  /** The pointer's shape may have been said long before the picture began. */
  #recallPointer(end: number): void {
    this.#pointer = {};
    for (let i = end - 1; i >= 0; i--) {
      const recorded = this.#recording.surfaces[i];
      if (!recorded || !concernsPointer(recorded)) continue;
      const message = surfaceMessage.decode(recorded.message);
      if (message.type === "cursor") this.#pointer.shape ??= message;
      if (message.type === "pointer") this.#pointer.at ??= { x: message.x, y: message.y };
      if (this.#pointer.shape && this.#pointer.at) return;
    }
  }

  #apply(bytes: Uint8Array): SurfaceRect[] | "new-picture" {
    const message = surfaceMessage.decode(bytes);
    switch (message.type) {
      case "epoch":
        this.#decoder.begin(message);
        return "new-picture";
      case "update":
        return this.#decoder.update(message);
      case "preview":
        return this.#decoder.preview(message);
      case "cursor":
        this.#pointer = { ...this.#pointer, shape: message };
        return [];
      case "pointer":
        this.#pointer = { ...this.#pointer, at: { x: message.x, y: message.y } };
        return [];
      case "restart":
        this.#decoder.restart();
        return [];
      case "displays":
        return [];
    }
  }
}

/** How many messages are due up to and including a time; they are in order of time. */
function countUntil(surfaces: readonly RecordedSurface[], untilMs: number): number {
  let low = 0;
  let high = surfaces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((surfaces[middle]?.at ?? Infinity) <= untilMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
