import type { Clock } from "../clock.ts";
import type { Facts, Lane } from "./lane.ts";
import type { Work } from "./rounds.ts";

/**
 * What is reported at most: somewhat less than what the appliance takes of a client before it ends
 * the use of a tool (2000 rows of 512 bytes at once, 10 more each second), since other tools report
 * as well.
 */
const rate = { atOnce: 1500, perSecond: 8, rowBytes: 512 } as const;

/**
 * Makes whoever does much wait until it can be written down: nothing is done that is not reported,
 * and nobody loses a tool for being quick.
 */
export class ReportPace {
  readonly #clock: Clock;
  #left: number = rate.atOnce;
  #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** Waits until there is room for a row or more: to be done before what is then reported. */
  *ready(rows = 1): Work {
    for (let missing = this.#missing(rows); missing > 0; missing = this.#missing(rows)) {
      yield Math.ceil((missing / rate.perSecond) * 1000);
    }
  }

  /** Reports as soon as there is room for it, or when the work is ended while it waits for that. */
  *report(lane: Lane, event: string, facts: Facts): Work {
    try {
      yield* this.ready(rowsOf(facts));
    } finally {
      this.reportNow(lane, event, facts);
    }
  }

  /** Reports at once; who comes next waits the longer. */
  reportNow(lane: Lane, event: string, facts: Facts): void {
    this.#fill();
    this.#left -= rowsOf(facts);
    lane.report(event, facts);
  }

  #missing(rows: number): number {
    this.#fill();
    return Math.min(rows, rate.atOnce) - this.#left;
  }

  #fill(): void {
    const now = this.#clock.now();
    const filled = this.#left + ((now - this.#at) / 1000) * rate.perSecond;
    this.#left = Math.min(rate.atOnce, filled);
    this.#at = now;
  }
}

function rowsOf(facts: Facts): number {
  return Math.ceil(JSON.stringify(facts).length / rate.rowBytes);
}
