import { type ErrorCode, HandrailError, type RepresentativeId } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Lockouts } from "../store/lockouts.ts";
import type { Representative, Representatives } from "../store/representatives.ts";
import { type Account, toAccount } from "./account.ts";
import type { Attempts } from "./attempts.ts";
import type { OneTimePasswords } from "./one-time-password.ts";
import { isPassword } from "./password.ts";
import type { Refusals } from "./refusals.ts";
import { hashSecret } from "./secret.ts";

/** What a sign-in came to. */
export type SignInResult =
  | { readonly ok: true; readonly account: Account }
  | {
      readonly ok: false;
      readonly code: Extract<
        ErrorCode,
        "password-wrong" | "account-disabled" | "too-many-attempts"
      >;
      readonly retryAfterMs?: number;
    };

/** Who wants in. */
export interface SignInRequest {
  readonly name: string;
  readonly password: string;
  /** The network address it comes from. */
  readonly address: string;
}

/** From one address five failures are free; all addresses together have twenty. */
const freeFailures = { here: 5, anywhere: 20 };
const firstLockMs = 30_000;
const longestLockMs = 15 * 60_000;

/**
 * Checks names and passwords. After some failures in a row the name is locked, first for that
 * address and after more for all, each time twice as long, 30 seconds to 15 minutes; while it is
 * locked even the right password is refused. A name that nobody has behaves the same. A one-time
 * password that the operator has made is taken all the same.
 */
export class SignIn {
  readonly #representatives: Representatives;
  readonly #lockouts: Lockouts;
  readonly #attempts: Attempts;
  readonly #oneTimePasswords: OneTimePasswords;
  readonly #refusals: Refusals;
  readonly #audit: AuditLog;
  readonly #clock: Clock;

  constructor(options: {
    representatives: Representatives;
    lockouts: Lockouts;
    attempts: Attempts;
    oneTimePasswords: OneTimePasswords;
    refusals: Refusals;
    audit: AuditLog;
    clock: Clock;
  }) {
    this.#representatives = options.representatives;
    this.#lockouts = options.lockouts;
    this.#attempts = options.attempts;
    this.#oneTimePasswords = options.oneTimePasswords;
    this.#refusals = options.refusals;
    this.#audit = options.audit;
    this.#clock = options.clock;
  }

  /** @throws HandrailError `disk-full` when the sign-in cannot be audited */
  async check(request: SignInRequest): Promise<SignInResult> {
    const admission = this.#attempts.take(request.address);
    if (!admission.ok) return { ...admission, code: "too-many-attempts" };
    const subjects = subjectsOf(request);
    const found = await this.#representatives.findByName(request.name);
    if (found && this.#oneTimePasswords.isRight(found.id, request.password)) {
      return this.#letIn(found, request, "one-time-password");
    }
    const now = this.#clock.now();
    const lockedUntil = Math.max(
      this.#lockouts.lockedUntil(subjects.here, now, longestLockMs),
      this.#lockouts.lockedUntil(subjects.anywhere, now, longestLockMs),
    );
    if (lockedUntil > now) {
      return { ok: false, code: "too-many-attempts", retryAfterMs: lockedUntil - now };
    }
    // Counted before the slow check, or many guesses at once would all be free.
    this.#lockouts.note(subjects.here, now, (n) => lockMs(n - freeFailures.here));
    this.#lockouts.note(subjects.anywhere, now, (n) => lockMs(n - freeFailures.anywhere));
    const stored = found && (await this.#representatives.passwordHash(found.id));
    if (!(await isPassword(request.password, stored)) || !found) {
      await this.#refuse(request, "password-wrong", found?.id);
      return { ok: false, code: "password-wrong" };
    }
    return this.#letIn(found, request, "password");
  }

  async #letIn(
    found: Representative,
    request: SignInRequest,
    by: "password" | "one-time-password",
  ): Promise<SignInResult> {
    const subjects = subjectsOf(request);
    this.#lockouts.forget(subjects.here);
    this.#lockouts.forget(subjects.anywhere);
    this.#attempts.forgive(request.address);
    const { id, name } = found;
    if (found.disabledAt !== undefined) {
      await this.#refuse(request, "account-disabled", id);
      return { ok: false, code: "account-disabled" };
    }
    const { address, password } = request;
    this.#refusals.settle({ address, whoId: id });
    const detail = by === "password" ? { address } : { address, by };
    await this.#audit.append(
      { event: "sign-in.succeeded", who: name, whoId: id, detail },
      {
        also: () => {
          if (by === "one-time-password" && !this.#oneTimePasswords.use(id, password)) {
            throw new HandrailError("password-wrong", "it has just been used");
          }
          this.#representatives.noteSignIn(id, this.#clock.now());
        },
      },
    );
    return { ok: true, account: toAccount(found) };
  }

  #refuse(
    { address, name }: SignInRequest,
    code: string,
    whoId: RepresentativeId | undefined,
  ): Promise<void> {
    // What is typed as a name may be a password typed into the wrong box: only known names are kept.
    const who = whoId === undefined ? "unknown" : name;
    return this.#refusals.note({ who, whoId, address, code });
  }
}

function lockMs(failuresTooMany: number): number {
  if (failuresTooMany < 0) return 0;
  return Math.min(longestLockMs, firstLockMs * 2 ** Math.min(failuresTooMany, 10));
}

function subjectsOf({ name, address }: SignInRequest): { here: string; anywhere: string } {
  const anywhere = hashSecret(name.normalize("NFKC").toLowerCase());
  return { here: hashSecret(`${anywhere} ${address}`), anywhere };
}
