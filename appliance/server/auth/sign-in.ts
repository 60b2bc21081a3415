import { type ErrorCode, HandrailError, type RepresentativeId } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Representative, Representatives } from "../store/representatives.ts";
import { type Account, findAccount, toAccount } from "./account.ts";
import type { Attempts } from "./attempts.ts";
import type { NameLock } from "./name-lock.ts";
import type { OneTimePasswords } from "./one-time-password.ts";
import { isPassword } from "./password.ts";
import type { Refusals } from "./refusals.ts";
import type { SecondFactors } from "./second-factors.ts";
import type { PasswordKind, SignInStep, SignInTicket, SignInTickets } from "./sign-in-tickets.ts";

/** Why somebody was not let in. `password-wrong` also of a code at the second step. */
export interface SignInRefused {
  readonly ok: false;
  readonly code: Extract<
    ErrorCode,
    "password-wrong" | "account-disabled" | "too-many-attempts" | "not-authenticated"
  >;
  readonly retryAfterMs?: number;
}

/** Somebody is in. */
export interface SignedIn {
  readonly ok: true;
  readonly account: Account;
}

/** The password was right, and nothing is granted yet; `ticket` belongs into the browser's cookie. */
export interface HalfSignedIn {
  readonly ok: false;
  readonly step: SignInStep;
  readonly ticket: string;
}

/** What name and password came to. */
export type SignInResult = SignedIn | HalfSignedIn | SignInRefused;

/** Who wants in. */
export interface SignInRequest {
  readonly name: string;
  readonly password: string;
  /** The network address it comes from. */
  readonly address: string;
}

/** The second step: a code of the device or a recovery code, for the ticket of the first. */
export interface SecondStepRequest {
  readonly ticket: string | undefined;
  readonly code: string;
  readonly address: string;
}

/**
 * Checks names and passwords, and the second factor of who has one. While a name is locked even the
 * right password is refused; a name that nobody has behaves the same. A one-time password that the
 * operator has made is taken all the same. Failures are forgiven when all is shown, not before.
 */
export class SignIn {
  readonly #representatives: Representatives;
  readonly #lock: NameLock;
  readonly #attempts: Attempts;
  readonly #oneTimePasswords: OneTimePasswords;
  readonly #secondFactors: SecondFactors;
  readonly #tickets: SignInTickets;
  readonly #refusals: Refusals;
  readonly #audit: AuditLog;
  readonly #clock: Clock;

  constructor(options: {
    representatives: Representatives;
    lock: NameLock;
    attempts: Attempts;
    oneTimePasswords: OneTimePasswords;
    secondFactors: SecondFactors;
    tickets: SignInTickets;
    refusals: Refusals;
    audit: AuditLog;
    clock: Clock;
  }) {
    this.#representatives = options.representatives;
    this.#lock = options.lock;
    this.#attempts = options.attempts;
    this.#oneTimePasswords = options.oneTimePasswords;
    this.#secondFactors = options.secondFactors;
    this.#tickets = options.tickets;
    this.#refusals = options.refusals;
    this.#audit = options.audit;
    this.#clock = options.clock;
  }

  /** @throws HandrailError `disk-full` when the sign-in cannot be audited */
  async check(request: SignInRequest): Promise<SignInResult> {
    const admission = this.#attempts.take(request.address);
    if (!admission.ok) return { ...admission, code: "too-many-attempts" };
    const found = await this.#representatives.findByName(request.name);
    if (found && this.#oneTimePasswords.isRight(found.id, request.password)) {
      return this.#passwordWasRight(found, request, "one-time-password");
    }
    const leftMs = this.#lock.leftMs(request);
    if (leftMs > 0) return { ok: false, code: "too-many-attempts", retryAfterMs: leftMs };
    const takeBack = this.#lock.count(request);
    const stored = found && (await this.#representatives.passwordHash(found.id));
    if (!(await isPassword(request.password, stored)) || !found) {
      await this.#refuse(request, "password-wrong", found?.id);
      return { ok: false, code: "password-wrong" };
    }
    takeBack();
    return this.#passwordWasRight(found, request, "password");
  }

  /** What is still to do in a browser whose sign-in is half done. */
  stepOf(ticket: string | undefined): SignInTicket | undefined {
    return this.#tickets.find(ticket);
  }

  /** Gives a half-done sign-in up. */
  cancel(ticket: string | undefined): void {
    if (ticket !== undefined) this.#tickets.end(ticket);
  }

  /**
   * The second step. `not-authenticated`: it took too long, begin anew.
   * @throws HandrailError `disk-full`
   */
  async checkCode({ ticket, code, address }: SecondStepRequest): Promise<SignedIn | SignInRefused> {
    const known = this.#tickets.find(ticket);
    if (!known || ticket === undefined || known.step !== "code") return expired();
    const { account, by } = known;
    const refused = await this.#checkFactor(account, { code, address, by });
    if (refused) {
      if (refused.code === "password-wrong") this.#tickets.noteWrong(ticket);
      return refused;
    }
    return this.#finish(known, { ticket, address });
  }

  /** Ends a sign-in whose account has just got the second factor that it lacked. */
  async finishSetUp(ticket: string, address: string): Promise<SignedIn | SignInRefused> {
    const known = this.#tickets.find(ticket);
    if (known?.step !== "set-up" || !this.#secondFactors.isOn(known.account.id)) return expired();
    return this.#finish(known, { ticket, address });
  }

  /**
   * Checks password and code once more of who is signed in, before the factor itself is changed.
   * Undefined when both are right; the code is used up.
   * @throws HandrailError `disk-full`
   */
  async confirm(
    account: Pick<Account, "id" | "name">,
    { password, code, address }: { password: string; code: string; address: string },
  ): Promise<SignInRefused | undefined> {
    const refused = await this.confirmPassword(account, { password, address });
    return refused ?? this.#checkFactor(account, { code, address, by: "password" });
  }

  /** Proves the password of whoever is signed in once more; undefined when it was right. */
  async confirmPassword(
    account: Pick<Account, "id" | "name">,
    { password, address }: { password: string; address: string },
  ): Promise<SignInRefused | undefined> {
    const tried = { name: account.name, address };
    const admission = this.#attempts.take(address);
    if (!admission.ok) return { ...admission, code: "too-many-attempts" };
    const leftMs = this.#lock.leftMs(tried);
    if (leftMs > 0) return { ok: false, code: "too-many-attempts", retryAfterMs: leftMs };
    const takeBack = this.#lock.count(tried);
    const stored = await this.#representatives.passwordHash(account.id);
    if (!(await isPassword(password, stored))) {
      await this.#refuse(tried, "password-wrong", account.id);
      return { ok: false, code: "password-wrong" };
    }
    takeBack();
    this.#attempts.forgive(address);
    return undefined;
  }

  /** Counts, proves and uses a code; undefined when it was right. */
  async #checkFactor(
    account: Pick<Account, "id" | "name">,
    { code, address, by }: { code: string; address: string; by: PasswordKind },
  ): Promise<SignInRefused | undefined> {
    const tried = { name: account.name, address };
    const admission = this.#attempts.take(address);
    if (!admission.ok) return { ...admission, code: "too-many-attempts" };
    // No lock of the name holds off a one-time password, and its ticket has five codes only.
    const leftMs = by === "password" ? this.#lock.leftMs(tried) : 0;
    if (leftMs > 0) return { ok: false, code: "too-many-attempts", retryAfterMs: leftMs };
    this.#lock.count(tried);
    const proof = this.#secondFactors.prove(account.id, code);
    if (!proof) {
      await this.#refuse(tried, "second-factor-wrong", account.id);
      return { ok: false, code: "password-wrong" };
    }
    await this.#secondFactors.use(proof, account);
    this.#lock.forget(tried);
    this.#attempts.forgive(address);
    return undefined;
  }

  async #passwordWasRight(
    found: Representative,
    request: SignInRequest,
    by: PasswordKind,
  ): Promise<SignInResult> {
    const { address, password } = request;
    this.#attempts.forgive(address);
    if (found.disabledAt !== undefined) {
      this.#lock.forget(request);
      await this.#refuse(request, "account-disabled", found.id);
      return { ok: false, code: "account-disabled" };
    }
    const use = () => {
      if (by !== "one-time-password" || this.#oneTimePasswords.use(found.id, password)) return;
      throw new HandrailError("password-wrong", "it has just been used");
    };
    const step = this.#stepFor(found);
    if (step === undefined) return this.#letIn(toAccount(found), { address, by }, use);
    if (by === "one-time-password") await this.#audit.write(use);
    const { id, name, role } = found;
    return {
      ok: false,
      step,
      ticket: this.#tickets.make({ account: { id, name, role }, step, by }),
    };
  }

  #stepFor(account: Pick<Account, "id" | "role">): SignInStep | undefined {
    if (this.#secondFactors.isOn(account.id)) return "code";
    return this.#secondFactors.isMissing(account) ? "set-up" : undefined;
  }

  async #finish(
    { account: { id }, by }: SignInTicket,
    { ticket, address }: { ticket: string; address: string },
  ): Promise<SignedIn | SignInRefused> {
    if (!this.#tickets.end(ticket)) return expired();
    const account = await findAccount(this.#representatives, id);
    if (!account) return { ok: false, code: "account-disabled" };
    return this.#letIn(account, { address, by });
  }

  async #letIn(
    account: Account,
    { address, by }: { address: string; by: PasswordKind },
    use: () => void = () => undefined,
  ): Promise<SignedIn> {
    const { id, name } = account;
    this.#lock.forget({ name, address });
    this.#refusals.settle({ address, whoId: id });
    const detail = by === "password" ? { address } : { address, by };
    await this.#audit.append(
      { event: "sign-in.succeeded", who: name, whoId: id, detail },
      {
        also: () => {
          use();
          this.#representatives.noteSignIn(id, this.#clock.now());
        },
      },
    );
    return { ok: true, account };
  }

  #refuse(
    { address, name }: { address: string; name: string },
    code: string,
    whoId: RepresentativeId | undefined,
  ): Promise<void> {
    // What is typed as a name may be a password typed into the wrong box: only known names are kept.
    const who = whoId === undefined ? "unknown" : name;
    return this.#refusals.note({ who, whoId, address, code });
  }
}

function expired(): SignInRefused {
  return { ok: false, code: "not-authenticated" };
}
