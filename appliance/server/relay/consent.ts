import {
  builtInActions,
  type CustomerAnswer,
  type CustomerPurpose,
  HandrailError,
  isPurposeOf,
  type Permission,
  type Purpose,
  type RepresentativeId,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import { Allowance } from "./allowance.ts";
import type { Session } from "./session.ts";

/** How long the customer has to answer, ms; no answer means no. */
export const consentTimeoutMs = 60_000;
/** How long a question may wait behind others before the customer sees it, ms. */
export const maxQueuedMs = 300_000;
/** The client says by itself that nobody has answered, if it is not much too late, ms. */
const graceMs = 5000;
/** Answers to questions of the client's own: each is a row of the audit log. */
const ownAnswers = { atOnce: 60, perSecond: 1 } as const;
/** After a no, the same permission is not asked for again so soon, ms. */
export const askAgainAfterMs = 10_000;

/**
 * Asks the customer for permissions and remembers what was said: each question once at a time,
 * whoever asks; a no can be asked again, but not at once.
 */
export class ConsentDesk {
  readonly #session: Session;
  readonly #pending = new Map<Permission, Promise<Verdict>>();
  /** Told when the customer gets to see the question, or has to see another one first. */
  readonly #turns = new Map<Permission, (isShown: boolean) => void>();
  readonly #ownAnswers: Allowance;
  readonly #refusedAtMs = new Map<Permission, number>();
  /** What the customer has taken back since it was last asked for. */
  readonly #takenBack = new Set<Permission>();
  /** The latest row of each permission that was taken back, while it is being written. */
  readonly #revoking = new Map<Permission, Promise<void>>();

  constructor(session: Session) {
    this.#session = session;
    this.#ownAnswers = new Allowance(ownAnswers, session.site.clock);
  }

  /**
   * Whether the representative may, asking the customer if need be.
   * `purpose`: what for just now, in the question.
   * @throws HandrailError when policy denies it, the customer is away, it is asked too soon, or the
   *   purpose is none of this permission
   */
  async request(id: RepresentativeId, permission: Permission, purpose?: Purpose): Promise<Verdict> {
    const shown = purpose && this.#shown(id, permission, purpose);
    const account = await this.#session.account(id);
    const { outcome } = this.#session.decide(permission, id);
    if (outcome !== "ask") {
      await this.#session.check(permission, id);
      return { granted: true };
    }
    const pending = this.#pending.get(permission);
    if (!pending) return this.#begin(account, { permission, purpose: shown });
    // A colleague's question may bring an answer that counts for this representative as well.
    const verdict = await pending;
    return verdict.granted ? this.request(id, permission, purpose) : verdict;
  }

  /** The customer sees the question now, or sees another one first. */
  turned(permission: Permission, isShown: boolean): void {
    this.#turns.get(permission)?.(isShown);
  }

  /**
   * The customer has answered what their own client has asked: it is written down. A yes counts where
   * policy would have asked, a no takes away what was said before.
   * @throws HandrailError `not-permitted`, `session-ended`, `too-many-attempts`, `customer-refused`
   */
  async answered({ permission, answer, representative }: OwnAnswer): Promise<void> {
    const session = this.#session;
    const outcomes = session.participants.map((id) => session.decide(permission, id).outcome);
    if (outcomes.every((outcome) => outcome === "deny")) {
      throw new HandrailError("not-permitted", "nobody may ask for it");
    }
    if (!this.#ownAnswers.take(1)) {
      throw new HandrailError("too-many-attempts", "more answers than anybody has questions");
    }
    const by = "customer" as const;
    const { consents, participants } = session.record;
    const isKnown = participants.some(({ name }) => name === representative);
    const detail = { permission, ...(isKnown ? { representative } : {}) };
    if (answer !== "yes") {
      const isTaken = consents[permission] === "granted";
      const event = { event: "permission.refused", by, detail: { ...detail, because: answer } };
      session.narrow(event, (record) =>
        isTaken ? { consents: { ...record.consents, [permission]: "refused" } } : {},
      );
      return;
    }
    this.#takenBack.delete(permission);
    // Mouse and keyboard are given to one representative, who asks through the appliance.
    const counts = permission !== "control" && outcomes.includes("ask");
    await session.turn(() =>
      session.commit({ event: "permission.granted", by, detail }, (record) => {
        this.#mustNotBeTakenBack(permission);
        return counts ? { consents: { ...record.consents, [permission]: "granted" } } : {};
      }),
    );
  }

  /** The customer takes a permission back, at once. Resolves when that is written. */
  async revoke(permission: Permission): Promise<void> {
    this.#takenBack.add(permission);
    this.#refusedAtMs.set(permission, this.#session.site.clock.monotonicMs());
    if (this.#session.record.consents[permission] !== "revoked") {
      const written = this.#session.narrowed(
        { event: "permission.revoked", by: "customer", detail: { permission } },
        (record) => ({ consents: { ...record.consents, [permission]: "revoked" } }),
      );
      this.#revoking.set(permission, written);
    }
    await this.#revoking.get(permission);
  }

  /** What the customer is told of a purpose: an action of the site by the name it has there. */
  #shown(id: RepresentativeId, permission: Permission, purpose: Purpose): CustomerPurpose {
    if (!isPurposeOf(permission, purpose)) {
      throw new HandrailError("bad-request", "the permission is for something else");
    }
    if (purpose.kind === "system-act") return purpose;
    const { action } = purpose;
    const builtIn = builtInActions.find((each) => each === action);
    if (builtIn) return { kind: "built-in", action: builtIn };
    const found = this.#session.site.specialActions(id).find((each) => each.id === action);
    if (!found) throw new HandrailError("not-found", "no such action");
    return { kind: "custom", name: found.body.name };
  }

  /** A yes waits for its turn and for the disk; what is taken back meanwhile stays so. */
  #mustNotBeTakenBack(permission: Permission): void {
    if (this.#takenBack.has(permission)) {
      throw new HandrailError("customer-refused", "the customer has taken it back");
    }
  }

  #begin(account: Account, wanted: Wanted): Promise<Verdict> {
    const { permission } = wanted;
    const refusedAtMs = this.#refusedAtMs.get(permission);
    const { clock } = this.#session.site;
    if (refusedAtMs !== undefined && clock.monotonicMs() - refusedAtMs < askAgainAfterMs) {
      throw new HandrailError("too-many-attempts", "the customer has just said no");
    }
    if (!this.#session.customer?.link.isUp) {
      throw new HandrailError("customer-away", "the customer is not connected");
    }
    const answer = this.#ask(account, wanted).finally(() => {
      this.#pending.delete(permission);
      this.#session.asked.delete(permission);
      this.#session.publish();
    });
    this.#pending.set(permission, answer);
    return answer;
  }

  async #ask(account: Account, wanted: Wanted): Promise<Verdict> {
    const session = this.#session;
    const { permission } = wanted;
    const detail = { permission };
    this.#takenBack.delete(permission);
    await session.turn(() => session.commit({ event: "permission.asked", by: account, detail }));
    session.asked.add(permission);
    session.publish();
    const answer = await this.#answer(account, wanted);
    const granted = await session.turn(() => this.#settle(account, permission, answer));
    const isSilent = answer === "no answer" || answer === "customer away";
    return !granted && isSilent ? { granted, because: answer } : { granted };
  }

  async #settle(account: Account, permission: Permission, answer: Answer): Promise<boolean> {
    const session = this.#session;
    const detail = { permission, representative: account.displayName };
    if (answer === "yes" && session.roleOf(account.id) !== "none") {
      await session.commit({ event: "permission.granted", by: "customer", detail }, (record) => {
        this.#mustNotBeTakenBack(permission);
        if (permission === "control") session.controlGranted(account.id);
        return { consents: { ...record.consents, [permission]: "granted" } };
      });
      // What is allowed in the end is for the policy to say, also after a yes.
      return session.refusal(permission, account.id) === undefined;
    }
    // Who has not answered was not bothered either, and may be asked again at once.
    if (answer !== "no answer") {
      this.#refusedAtMs.set(permission, session.site.clock.monotonicMs());
    }
    if (session.record.phase === "ended") return false;
    session.narrow(
      { event: "permission.refused", by: "customer", detail: { ...detail, because: answer } },
      (record) => ({ consents: { ...record.consents, [permission]: "refused" } }),
    );
    return false;
  }

  async #answer(account: Account, wanted: Wanted): Promise<Answer> {
    const { customer } = this.#session;
    if (!customer) return "customer away";
    // Who could not see the question has not let it pass.
    const silence = () => (customer.link.isUp ? "no answer" : "customer away");
    const silent = Promise.withResolvers<Answer>();
    const limit = this.#limit(wanted.permission, () => silent.resolve(silence()));
    const representative = account.displayName;
    const question = { ...wanted, representative, timeoutMs: consentTimeoutMs };
    // A client that refuses the question, or is gone, has not said yes.
    const asked = customer.ask(question).catch(silence);
    return Promise.race([asked, silent.promise]).finally(() => limit[Symbol.dispose]());
  }

  /** For how long an answer is awaited: from when the customer sees the question, if they are told. */
  #limit(permission: Permission, passed: () => void): Disposable {
    const { clock } = this.#session.site;
    let timer = clock.after(consentTimeoutMs, passed);
    let stage: "asked" | "waiting" | "shown" = "asked";
    this.#turns.set(permission, (isShown) => {
      // Nobody puts off the end by saying the same again.
      if (stage === "shown" || (stage === "waiting" && !isShown)) return;
      stage = isShown ? "shown" : "waiting";
      timer[Symbol.dispose]();
      timer = clock.after((isShown ? consentTimeoutMs : maxQueuedMs) + graceMs, passed);
    });
    return {
      [Symbol.dispose]: () => {
        this.#turns.delete(permission);
        timer[Symbol.dispose]();
      },
    };
  }
}

interface Wanted {
  readonly permission: Permission;
  readonly purpose: CustomerPurpose | undefined;
}

type Answer = CustomerAnswer | "customer away";

/** Whether it is allowed; `because`: why not, where the customer has said neither yes nor no. */
export interface Verdict {
  readonly granted: boolean;
  readonly because?: "no answer" | "customer away";
}

/** The answer to a question that the customer's client has put by itself. */
export interface OwnAnswer {
  readonly permission: Permission;
  readonly answer: CustomerAnswer;
  /** The name that stood in the question. */
  readonly representative: string;
}
