import { HandrailError, type RepresentativeId } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { Allowance } from "./allowance.ts";

/** What a representative may do in a row, and in the long run. */
const rate = { atOnce: 300, perSecond: 1 } as const;

/**
 * How often a representative may do what each time is written to the audit log: watch a screen, take
 * mouse and keyboard, ask the customer, accept a session. All consoles of one count together, and
 * whoever connects anew has not earned anything. What narrows a session is never held up: it can
 * happen only as often as what came before it.
 */
export class Acts {
  readonly #clock: Clock;
  readonly #left = new Map<RepresentativeId, Allowance>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one. @throws HandrailError `too-many-attempts` */
  take(id: RepresentativeId): void {
    let left = this.#left.get(id);
    if (!left) this.#left.set(id, (left = new Allowance(rate, this.#clock)));
    if (!left.take(1)) throw new HandrailError("too-many-attempts", "done too often");
  }
}
