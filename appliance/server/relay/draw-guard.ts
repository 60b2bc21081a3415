import {
  Assembly,
  channelKinds,
  DrawIntake,
  type Frame,
  HandrailError,
  toHandrailError,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { Allowance } from "./allowance.ts";

/** Messages of one who draws: a pane sends about 30 a second. */
const rate = { atOnce: 120, perSecond: 60 } as const;

/**
 * Reads what a console draws before it goes on to the customer: nothing passes that is ill-formed,
 * longer than a stroke may be, or more than a hand draws.
 */
export class DrawGuard {
  readonly #assembly = new Assembly(channelKinds.draw.maxMessageBytes);
  readonly #intake = new DrawIntake();
  readonly #allowance: Allowance;

  constructor(clock: Clock) {
    this.#allowance = new Allowance(rate, clock);
  }

  /** Why a frame of the console must not go on, and its channel ends; undefined: it may. */
  refusal(frame: Frame): HandrailError | undefined {
    try {
      const message = this.#assembly.take(frame);
      if (message) this.#take(message);
      return undefined;
    } catch (error) {
      return toHandrailError(error);
    }
  }

  #take(message: Uint8Array): void {
    if (!this.#allowance.take(1)) {
      throw new HandrailError("too-many-attempts", "drawn more often than a hand does");
    }
    this.#intake.take(message);
  }
}
