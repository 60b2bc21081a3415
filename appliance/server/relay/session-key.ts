import { createHmac, randomBytes, randomInt } from "node:crypto";
import {
  HandrailError,
  isSessionKey,
  type Lsid,
  parseSessionKey,
  type SessionKey,
  type UnixMs,
} from "@handrail/protocol";
import type { Attempts } from "../auth/attempts.ts";
import type { Clock } from "../clock.ts";

/**
 * What became of a key that somebody typed. The codes are for the log: a visitor hears
 * `key-refused` whatever the reason.
 */
export type Redeemed =
  | { readonly ok: true; readonly lsid: Lsid }
  | { readonly ok: false; readonly code: "key-unknown" | "key-expired" | "key-used" }
  | { readonly ok: false; readonly code: "too-many-attempts"; readonly retryAfterMs: number };

const keyCount = 10_000_000;
/** With more live keys than this, guessing one would be too easy. */
const maxLiveKeys = 10_000;
/** The limits of the site are meant for so many. */
const usualLiveKeys = 100;
const maxSpentKeys = 20_000;

interface LiveKey {
  readonly lsid: Lsid;
  readonly expiresAt: UnixMs;
}

/**
 * The session keys that may be used, and how often they may be tried. Keys are looked up by a keyed
 * hash, so that the time it takes says nothing about them.
 */
export class SessionKeys {
  readonly #clock: Clock;
  readonly #attempts: Attempts;
  readonly #secret = randomBytes(32);
  readonly #live = new Map<string, LiveKey>();
  readonly #spent = new Map<string, "key-expired" | "key-used">();

  constructor(clock: Clock, attempts: Attempts) {
    this.#clock = clock;
    this.#attempts = attempts;
  }

  /**
   * How much of the site's limits may be used: with more live keys than a hundred, a guess is worth
   * more, and fewer are allowed.
   */
  get weight(): number {
    return Math.min(1, usualLiveKeys / Math.max(1, this.#live.size));
  }

  /** Makes a key that no live one equals. @throws HandrailError `unavailable` with too many live */
  make(lsid: Lsid, expiresAt: UnixMs): SessionKey {
    if (this.#live.size >= maxLiveKeys) {
      throw new HandrailError("unavailable", "too many session keys are waiting");
    }
    for (;;) {
      const key = String(randomInt(keyCount)).padStart(7, "0");
      if (!isSessionKey(key) || this.#live.has(this.#hash(key))) continue;
      this.restore(key, lsid, expiresAt);
      return key;
    }
  }

  /** Takes back a key that was made earlier. */
  restore(key: SessionKey, lsid: Lsid, expiresAt: UnixMs): void {
    const hash = this.#hash(key);
    this.#spent.delete(hash);
    this.#live.set(hash, { lsid, expiresAt });
  }

  /** Uses up a key as typed, once. */
  redeem(typed: string, address: string): Redeemed {
    const admission = this.#attempts.take(address);
    if (!admission.ok) {
      return { ok: false, code: "too-many-attempts", retryAfterMs: admission.retryAfterMs };
    }
    const key = parseSessionKey(typed);
    // What is not a key takes the same way as one that nobody made.
    const hash = this.#hash(key ?? "");
    const found = this.#live.get(hash);
    if (!found) return { ok: false, code: this.#spent.get(hash) ?? "key-unknown" };
    const isExpired = found.expiresAt <= this.#clock.now();
    this.#spend(hash, isExpired ? "key-expired" : "key-used");
    if (!isExpired) this.#attempts.forgive(address);
    return isExpired ? { ok: false, code: "key-expired" } : { ok: true, lsid: found.lsid };
  }

  /** Nobody may use the key any more. */
  withdraw(key: SessionKey): void {
    const hash = this.#hash(key);
    if (this.#live.has(hash)) this.#spend(hash, "key-expired");
  }

  #spend(hash: string, code: "key-expired" | "key-used"): void {
    this.#live.delete(hash);
    this.#spent.set(hash, code);
    const oldest = this.#spent.keys().next().value;
    if (this.#spent.size > maxSpentKeys && oldest !== undefined) this.#spent.delete(oldest);
  }

  #hash(key: string): string {
    return createHmac("sha256", this.#secret).update(key).digest("base64");
  }
}
