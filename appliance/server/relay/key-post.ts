import {
  HandrailError,
  type KeyMailOutcome,
  mayMailKey,
  type Params,
  type consoleSide,
  type PersonLanguage,
  type RepresentativeId,
  type SessionKey,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { Clock } from "../clock.ts";
import { Allowance } from "./allowance.ts";
import type { LiveSession } from "./live-session.ts";

/** A letter that asks a customer to use a session key. */
export interface KeyLetter {
  readonly to: string;
  readonly key: SessionKey;
  /** How long the key can still be used, ms. */
  readonly validForMs: number;
  readonly representative: string;
  /** The site's own when absent. */
  readonly language?: PersonLanguage | undefined;
}

/** What became of a letter: the server has taken it, or why not and in which words. */
type Sent =
  | { readonly ok: true }
  | { readonly ok: false; readonly fault: string; readonly answer?: string | undefined };

/** Who brings letters with session keys away. */
export interface KeyCourier {
  /** Whether the site has a mail server, and lets representatives send keys by it. */
  readonly mailsKeys: boolean;
  /** An e-mail address as it is written to; undefined for what is none, or more than one. */
  address(typed: string): string | undefined;
  send(letter: KeyLetter): Promise<Sent>;
}

/** Letters that a representative may have sent in a row, and in the long run: 20 an hour. */
const rate = { atOnce: 10, perSecond: 20 / 3600 } as const;

/** Sends session keys to customers by e-mail, for whoever made them. */
export class KeyPost {
  readonly #courier: KeyCourier;
  readonly #clock: Clock;
  readonly #left = new Map<RepresentativeId, Allowance>();

  constructor(courier: KeyCourier, clock: Clock) {
    this.#courier = courier;
    this.#clock = clock;
  }

  /**
   * Sends the key of a session. That it goes is written down before it does.
   * @throws HandrailError `not-found` for a key that is not one's own or no longer waits,
   *   `too-many-attempts`, `disk-full`
   */
  async send(
    account: Account,
    session: LiveSession | undefined,
    { to: typed, language }: Params<typeof consoleSide, "key.mail">,
  ): Promise<KeyMailOutcome> {
    const core = session?.core;
    if (core?.record.phase !== "key" || core.record.madeBy !== account.id) {
      throw new HandrailError("not-found", "no such key of yours");
    }
    if (!mayMailKey(account, core.record, this.#courier)) return "off";
    const to = this.#courier.address(typed);
    if (to === undefined) return "address";
    this.#take(account.id);
    const letter = await core.turn(async () => {
      const { keyExpiresAt, phase, sessionKey: key } = core.record;
      const validForMs = keyExpiresAt - this.#clock.now();
      if (phase !== "key" || !key || validForMs <= 0) {
        throw new HandrailError("not-found", "the key no longer waits");
      }
      await core.commit({ event: "key.mailed", by: account, detail: { to } });
      return { to, key, validForMs, language, representative: account.displayName };
    });
    const sent = await this.#courier.send(letter);
    if (sent.ok) return "sent";
    const { answer, fault } = sent;
    const why = { mailOutcome: fault, ...(answer === undefined ? {} : { answer }) };
    core.narrow({ event: "key.mail-failed", by: account, detail: { to, ...why } });
    return fault === "recipient" ? "address" : "failed";
  }

  /** Counts one letter. @throws HandrailError `too-many-attempts` */
  #take(id: RepresentativeId): void {
    let left = this.#left.get(id);
    if (!left) this.#left.set(id, (left = new Allowance(rate, this.#clock)));
    if (!left.take(1)) throw new HandrailError("too-many-attempts", "too many keys were mailed");
  }
}
