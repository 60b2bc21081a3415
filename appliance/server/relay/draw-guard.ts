import {
  Assembly,
  channelKinds,
  DrawIntake,
  type DrawMessage,
  type Frame,
  HandrailError,
  type RepresentativeId,
  toHandrailError,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { Allowance } from "./allowance.ts";
import type { TunnelGuard } from "./tunnel.ts";

/** Messages of one who draws: a pane sends about 30 a second. */
const messages = { atOnce: 120, perSecond: 60 } as const;
/** Pixels that a hand moves while it draws: some 20 heights of a large screen a second. */
const pixels = { atOnce: 120_000, perSecond: 40_000 } as const;

/** What one representative may still draw in a session, with however many pens. */
interface Hand {
  readonly messages: Allowance;
  readonly pixels: Allowance;
}

/** Those who draw in one session. */
export class DrawGuards {
  readonly #clock: Clock;
  readonly #hands = new Map<RepresentativeId, Hand>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For one more pen of a representative. */
  open(id: RepresentativeId): TunnelGuard {
    const hand = this.#hands.get(id) ?? {
      messages: new Allowance(messages, this.#clock),
      pixels: new Allowance(pixels, this.#clock),
    };
    this.#hands.set(id, hand);
    return new DrawGuard(hand);
  }
}

/**
 * Reads what a console draws before it goes on to the customer: nothing passes that is ill-formed,
 * longer than a stroke may be, or more than a hand draws.
 */
class DrawGuard implements TunnelGuard {
  readonly #assembly = new Assembly(channelKinds.draw.maxMessageBytes);
  readonly #intake = new DrawIntake();
  readonly #hand: Hand;
  #at = { x: 0, y: 0 };

  constructor(hand: Hand) {
    this.#hand = hand;
  }

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
    if (!this.#hand.messages.take(1)) {
      throw new HandrailError("too-many-attempts", "drawn more often than a hand does");
    }
    if (!this.#hand.pixels.take(this.#moved(this.#intake.take(message)))) {
      throw new HandrailError("too-many-attempts", "drawn faster than a hand does");
    }
  }

  /** How far the hand has moved while it drew this, pixels. */
  #moved(message: DrawMessage): number {
    if (message.type === "clear") return 0;
    if (message.type === "begin") {
      this.#at = { x: message.x, y: message.y };
      return 0;
    }
    let moved = 0;
    for (const to of message.points) {
      moved += Math.hypot(to.x - this.#at.x, to.y - this.#at.y);
      this.#at = to;
    }
    return moved;
  }
}
