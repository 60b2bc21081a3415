import type { Clock } from "../clock.ts";

/** How often something may happen in a row, and how soon once more after that, ms. */
export interface PaceRate {
  readonly count: number;
  readonly everyMs: number;
}

/** Bounds how often something happens: a bucket that fills steadily and is taken from. */
export class Pace {
  readonly #clock: Clock;
  readonly #rate: PaceRate;
  #left: number;
  #atMs: number;

  constructor(clock: Clock, rate: PaceRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#left = rate.count;
    this.#atMs = clock.now();
  }

  /** Takes so many; false, and the bucket is empty, when less are left. */
  take(times = 1): boolean {
    const now = this.#clock.now();
    const { count, everyMs } = this.#rate;
    this.#left = Math.min(count, this.#left + (now - this.#atMs) / everyMs);
    this.#atMs = now;
    const isEnough = this.#left >= times;
    this.#left = Math.max(0, this.#left - times);
    return isEnough;
  }
}
