import type { Clock } from "../clock.ts";
import type { Link } from "./link.ts";

/** For so long something may be told of a use that has ended, ms. */
const keptMs = 60_000;
/** Most of them. */
const maxKept = 128;

/**
 * Uses of tools that have just ended. Whoever ends a use does so while the customer's client still
 * tells what was done with it; that is written down as well.
 */
export class EndedUses<Use> {
  readonly #clock: Clock;
  #kept: { link: Link; channel: number; use: Use; untilMs: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `channel`: its number on the customer's link. */
  add(link: Link, channel: number, use: Use): void {
    const untilMs = this.#clock.monotonicMs() + keptMs;
    this.#kept = [...this.#kept.slice(1 - maxKept), { link, channel, use, untilMs }];
  }

  /** The use that this channel of this link was, if it has just ended. */
  find(link: Link, channel: number): Use | undefined {
    const nowMs = this.#clock.monotonicMs();
    this.#kept = this.#kept.filter(({ untilMs }) => untilMs > nowMs);
    return this.#kept.find((each) => each.link === link && each.channel === channel)?.use;
  }
}
