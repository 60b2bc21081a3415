import { randomBytes } from "node:crypto";
import type { RepresentativeId } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { BrowserSessionStore } from "../store/browser-sessions.ts";
import type { Representatives } from "../store/representatives.ts";
import { type Account, findAccount } from "./account.ts";
import { hashSecret, isSameSecret, makeSecret } from "./secret.ts";
import type { SecondFactors } from "./second-factors.ts";

/**
 * The cookie that holds a signed-in browser's secret. With this prefix browsers take it from this
 * host alone, and not from another of the same domain. Source: RFC 6265bis section 4.1.3.2.
 */
export const browserSessionCookie = "__Host-handrail_login";

/** Attributes of cookies that hold secrets: not for scripts, not for other sites, not for http. */
export const secretCookie = {
  httpOnly: true,
  secure: true,
  sameSite: "strict",
  path: "/",
} as const;

/** A browser in which somebody is signed in. `csrf` must come with every write. */
export interface BrowserSession {
  readonly account: Account;
  readonly csrf: string;
}

/** Seen times are rounded to this, to spare the disk a write with each request. */
const touchEveryMs = 60_000;

/** Signed-in browsers: at /login, and on the way to a console's sign-in. */
export class BrowserSessions {
  readonly #store: BrowserSessionStore;
  readonly #representatives: Representatives;
  readonly #secondFactors: SecondFactors;
  readonly #clock: Clock;
  readonly #lifetimeMs: number;

  constructor(options: {
    store: BrowserSessionStore;
    representatives: Representatives;
    secondFactors: SecondFactors;
    clock: Clock;
    /** How long it lasts without being used. */
    lifetimeMs: number;
  }) {
    this.#store = options.store;
    this.#representatives = options.representatives;
    this.#secondFactors = options.secondFactors;
    this.#clock = options.clock;
    this.#lifetimeMs = options.lifetimeMs;
  }

  /** Signs a browser in. Returns what its cookie holds. */
  start(representative: RepresentativeId): string {
    const token = makeSecret("hrb");
    const csrf = randomBytes(24).toString("base64url");
    const now = this.#clock.now();
    this.#store.purge(now - this.#lifetimeMs);
    this.#store.add({ tokenHash: hashSecret(token), representative, csrf }, now);
    return token;
  }

  /**
   * Who is signed in with that cookie, if anybody still is: nobody as long as the site asks for a
   * second factor that the account lacks.
   */
  async find(token: string | undefined): Promise<BrowserSession | undefined> {
    if (token === undefined) return undefined;
    const tokenHash = hashSecret(token);
    const stored = this.#store.find(tokenHash);
    const now = this.#clock.now();
    if (!stored || stored.lastSeenAt + this.#lifetimeMs < now) return undefined;
    const account = await findAccount(this.#representatives, stored.representative);
    if (!account || this.#secondFactors.isMissing(account)) return undefined;
    if (Math.abs(now - stored.lastSeenAt) > touchEveryMs) this.#store.touch(tokenHash, now);
    return { account, csrf: stored.csrf };
  }

  end(token: string): void {
    this.#store.remove(hashSecret(token));
  }

  endAllOf(representative: RepresentativeId): void {
    this.#store.removeAllOf(representative);
  }
}

/** Whether a write carries the secret of its own session. */
export function hasCsrf(session: BrowserSession, given: unknown): boolean {
  return typeof given === "string" && isSameSecret(given, session.csrf);
}
