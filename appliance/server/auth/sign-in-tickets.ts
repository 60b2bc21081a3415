import type { RepresentativeId, UnixMs } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { Account } from "./account.ts";
import { hashSecret, makeSecret } from "./secret.ts";

/** What somebody whose password was right has still to do: give a code, or set a factor up. */
export type SignInStep = "code" | "set-up";

/** How the password was given. */
export type PasswordKind = "password" | "one-time-password";

/** A sign-in that is half done. */
export interface SignInTicket {
  readonly account: Pick<Account, "id" | "name" | "role">;
  readonly step: SignInStep;
  readonly by: PasswordKind;
}

/** The cookie that binds a half-done sign-in to its browser. */
export const signInTicketCookie = "__Host-handrail_step";

/** So long a code is waited for, ms. Putting an app on a telephone takes longer. */
const lifetimeMs: Readonly<Record<SignInStep, number>> = {
  code: 5 * 60_000,
  "set-up": 15 * 60_000,
};
const maxTickets = 1_000;
const maxWrong = 5;

interface Kept extends SignInTicket {
  readonly madeAt: UnixMs;
  wrong: number;
}

/**
 * Sign-ins whose password was right and whose second factor is still missing. A ticket is good once,
 * for a few minutes and five codes, and opens nothing by itself. Kept in memory: after a restart one
 * begins anew.
 */
export class SignInTickets {
  readonly #clock: Pick<Clock, "now">;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Makes one. Returns what its cookie holds. */
  make(ticket: SignInTicket): string {
    const token = makeSecret("hrs");
    this.#kept.set(hashSecret(token), { ...ticket, madeAt: this.#clock.now(), wrong: 0 });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxTickets && oldest !== undefined) this.#kept.delete(oldest);
    return token;
  }

  /** The half-done sign-in of that cookie, if it still is one. */
  find(token: string | undefined): SignInTicket | undefined {
    if (token === undefined) return undefined;
    const name = hashSecret(token);
    const kept = this.#kept.get(name);
    if (!kept) return undefined;
    if (Math.abs(this.#clock.now() - kept.madeAt) < lifetimeMs[kept.step]) return kept;
    this.#kept.delete(name);
    return undefined;
  }

  /** Counts a wrong code; after five the password is asked for anew. */
  noteWrong(token: string): void {
    const kept = this.#kept.get(hashSecret(token));
    if (kept && ++kept.wrong >= maxWrong) this.end(token);
  }

  /** What was shown of an account counts no more. */
  endAllOf(id: RepresentativeId): void {
    for (const [name, { account }] of [...this.#kept]) {
      if (account.id === id) this.#kept.delete(name);
    }
  }

  /** False when somebody else was faster. */
  end(token: string): boolean {
    return this.#kept.delete(hashSecret(token));
  }
}
