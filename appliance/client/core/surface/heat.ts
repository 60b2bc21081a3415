import type { Picture } from "./picture.ts";

/** A tile is moving when it changes more often than this, per second. */
const movingAbove = 8;
/** And until it has been still for this long, ms. */
export const restMs = 300;
/** Changes that come closer than this are one, ms: a picture is drawn in several strokes. */
const strokeMs = 25;
const memoryMs = 1000;

/** How often each tile changes. Times in ms of any steady clock. */
export class Heat {
  readonly #changesPerSecond: Float64Array;
  readonly #changedAt: Float64Array;

  constructor(picture: Picture) {
    this.#changesPerSecond = new Float64Array(picture.tileCount);
    this.#changedAt = new Float64Array(picture.tileCount).fill(-Infinity);
  }

  changed(tile: number, now: number): void {
    const elapsed = now - (this.#changedAt[tile] ?? -Infinity);
    if (elapsed < strokeMs) return;
    this.#changedAt[tile] = now;
    const before = (this.#changesPerSecond[tile] ?? 0) * Math.exp(-elapsed / memoryMs);
    this.#changesPerSecond[tile] = before + 1;
  }

  isMoving(tile: number, now: number): boolean {
    return (this.#changesPerSecond[tile] ?? 0) > movingAbove && this.restsIn(tile, now) > 0;
  }

  /** Time until the tile counts as still if nothing changes, ms; not above 0 when it is. */
  restsIn(tile: number, now: number): number {
    return (this.#changedAt[tile] ?? -Infinity) + restMs - now;
  }
}
