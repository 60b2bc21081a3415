import { randomInt } from "node:crypto";
import type { RepresentativeId } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { DeviceCodeStore } from "../store/device-codes.ts";
import { type Grants, refuseToken, type TokenResult } from "./grants.ts";
import { hashSecret, makeSecret } from "./secret.ts";

/** What a console shows and polls with (RFC 8628 section 3.2). */
export interface DeviceAuthorization {
  readonly deviceCode: string;
  /** Like `WDJB-MJHT`. */
  readonly userCode: string;
  readonly expiresInMs: number;
  readonly intervalMs: number;
}

/** Consonants alone, so that no word comes out. Source: RFC 8628 section 6.1. */
const alphabet = "BCDFGHJKLMNPQRSTVWXZ";
const lifetimeMs = 10 * 60_000;
const firstIntervalMs = 5_000;
/** Source: RFC 8628 section 3.5. */
const slowDownMs = 5_000;
const maxPending = 1_000;

/**
 * Sign-in of a console that no browser can call back: it shows a code, which somebody types at
 * /device, and polls meanwhile. Source: RFC 8628.
 */
export class DeviceCodes {
  readonly #store: DeviceCodeStore;
  readonly #grants: Grants;
  readonly #clock: Clock;

  constructor(options: { store: DeviceCodeStore; grants: Grants; clock: Clock }) {
    this.#store = options.store;
    this.#grants = options.grants;
    this.#clock = options.clock;
  }

  /** While too many are waiting, the oldest makes room: nobody can hold off all others. */
  start(): DeviceAuthorization {
    const now = this.#clock.now();
    this.#store.keepNewest(maxPending - 1, now);
    const deviceCode = makeSecret("hrd");
    const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join("");
    const userCode = `${letters.slice(0, 4)}-${letters.slice(4)}`;
    this.#store.add({
      deviceCodeHash: hashSecret(deviceCode),
      userCodeHash: hashUserCode(userCode),
      intervalMs: firstIntervalMs,
      now,
      expiresAt: now + lifetimeMs,
    });
    return { deviceCode, userCode, expiresInMs: lifetimeMs, intervalMs: firstIntervalMs };
  }

  /** Whether a console is waiting with that code. */
  isPending(userCode: string): boolean {
    const stored = this.#store.findByUserCode(hashUserCode(userCode));
    return stored?.status === "pending" && stored.expiresAt > this.#clock.now();
  }

  /** Answers the console that shows that code. False when none waits any more. */
  decide(userCode: string, isAllowed: boolean, representative: RepresentativeId): boolean {
    const answer = { representative, now: this.#clock.now() };
    return this.#store.decide(hashUserCode(userCode), isAllowed ? "allowed" : "refused", answer);
  }

  /** A console asks whether it may come in. @throws HandrailError `disk-full` */
  async poll(deviceCode: string): Promise<TokenResult> {
    const deviceCodeHash = hashSecret(deviceCode);
    const stored = this.#store.find(deviceCodeHash);
    const now = this.#clock.now();
    if (!stored) return refuseToken("invalid_grant", "not-authenticated", "Sign in again.");
    if (stored.expiresAt <= now) {
      return refuseToken("expired_token", "not-authenticated", "The code has expired.");
    }
    if (stored.status === "refused") {
      this.#store.remove(deviceCodeHash);
      return refuseToken("access_denied", "not-permitted", "The sign-in was refused.");
    }
    if (stored.status === "allowed" && stored.representative !== undefined) {
      return this.#grants.issue({
        representative: stored.representative,
        kind: "device",
        also: () => this.#store.use(deviceCodeHash),
      });
    }
    // A clock that was set back must not lock a console out.
    const sinceLastMs = Math.abs(now - stored.lastPolledAt);
    const isTooSoon = sinceLastMs < stored.intervalMs;
    this.#store.notePoll(deviceCodeHash, now, stored.intervalMs + (isTooSoon ? slowDownMs : 0));
    return isTooSoon
      ? refuseToken("slow_down", "too-many-attempts", "Ask less often.")
      : refuseToken("authorization_pending", "not-authenticated", "Nobody has answered yet.");
  }
}

function hashUserCode(typed: string): string {
  return hashSecret(
    typed
      .slice(0, 32)
      .toUpperCase()
      .replace(/[^A-Z]/g, ""),
  );
}
