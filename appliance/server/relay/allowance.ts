import type { Clock } from "../clock.ts";

/** What may be taken: so much at once, and so much more each second. */
export interface AllowanceRate {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** Bounds how often something may happen: a bucket that fills steadily and is taken from. */
export class Allowance {
  readonly #rate: AllowanceRate;
  readonly #clock: Clock;
  #left: number;
  #atMs: number;

  constructor(rate: AllowanceRate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#left = rate.atOnce;
    this.#atMs = clock.monotonicMs();
  }

  /** Takes so much; false, and nothing is taken, when less is left. */
  take(amount: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    const { atOnce, perSecond } = this.#rate;
    const filled = this.#left + ((nowMs - this.#atMs) / 1000) * perSecond;
    this.#left = Math.min(atOnce, filled);
    this.#atMs = nowMs;
    if (amount > this.#left) return false;
    this.#left -= amount;
    return true;
  }
}
