import type { Clock } from "../clock.ts";

/** How many copies in a row, and how soon there is room for one more, ms. */
export interface CopyRate {
  readonly atOnce: number;
  readonly everyMs: number;
}

/** Bounds how often copies come or go by themselves: no person copies that often. */
export class CopyPace {
  readonly #clock: Pick<Clock, "steady">;
  readonly #rate: CopyRate;
  #left: number;
  #atMs: number;

  constructor(clock: Pick<Clock, "steady">, rate: CopyRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#left = rate.atOnce;
    this.#atMs = clock.steady();
  }

  /** Takes one; false: there have been too many. */
  take(): boolean {
    const nowMs = this.#clock.steady();
    const { atOnce, everyMs } = this.#rate;
    this.#left = Math.min(atOnce, this.#left + (nowMs - this.#atMs) / everyMs);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
