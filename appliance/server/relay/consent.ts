import {
  builtInActions,
  type CustomerPurpose,
  HandrailError,
  isPurposeOf,
  type Permission,
  type Purpose,
  type RepresentativeId,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { Session } from "./session.ts";

/** How long the customer has to answer, ms; no answer means no. */
export const consentTimeoutMs = 60_000;
/** After a no, the same permission is not asked for again so soon, ms. */
export const askAgainAfterMs = 10_000;

/**
 * Asks the customer for permissions and remembers what was said: each question once at a time,
 * whoever asks; a no can be asked again, but not at once.
 */
export class ConsentDesk {
  readonly #session: Session;
  readonly #pending = new Map<Permission, Promise<boolean>>();
  readonly #refusedAtMs = new Map<Permission, number>();
  /** What the customer has taken back since it was last asked for. */
  readonly #takenBack = new Set<Permission>();
  /** The latest row of each permission that was taken back, while it is being written. */
  readonly #revoking = new Map<Permission, Promise<void>>();

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Whether the representative may, asking the customer if need be.
   * `purpose`: what for just now, in the question.
   * @throws HandrailError when policy denies it, the customer is away, it is asked too soon, or the
   *   purpose is none of this permission
   */
  async request(id: RepresentativeId, permission: Permission, purpose?: Purpose): Promise<boolean> {
    const shown = purpose && this.#shown(id, permission, purpose);
    const account = await this.#session.account(id);
    const { outcome } = this.#session.decide(permission, id);
    if (outcome !== "ask") {
      await this.#session.check(permission, id);
      return true;
    }
    const pending = this.#pending.get(permission);
    if (!pending) return this.#begin(account, { permission, purpose: shown });
    // A colleague's question may bring an answer that counts for this representative as well.
    if (!(await pending)) return false;
    return this.request(id, permission, purpose);
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

  #begin(account: Account, wanted: Wanted): Promise<boolean> {
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

  async #ask(account: Account, wanted: Wanted): Promise<boolean> {
    const session = this.#session;
    const { permission } = wanted;
    const detail = { permission };
    this.#takenBack.delete(permission);
    await session.turn(() => session.commit({ event: "permission.asked", by: account, detail }));
    session.asked.add(permission);
    session.publish();
    const answer = await this.#answer(account, wanted);
    return session.turn(() => this.#settle(account, permission, answer));
  }

  async #settle(account: Account, permission: Permission, answer: Answer): Promise<boolean> {
    const session = this.#session;
    const detail = { permission, representative: account.displayName };
    if (answer === "yes" && session.roleOf(account.id) !== "none") {
      await session.commit({ event: "permission.granted", by: "customer", detail }, (record) => {
        // A yes waits for its turn and for the disk; what is taken back meanwhile stays so.
        if (this.#takenBack.has(permission)) {
          throw new HandrailError("customer-refused", "the customer has taken it back");
        }
        if (permission === "control") session.controlGranted(account.id);
        return { consents: { ...record.consents, [permission]: "granted" } };
      });
      // What is allowed in the end is for the policy to say, also after a yes.
      return session.refusal(permission, account.id) === undefined;
    }
    this.#refusedAtMs.set(permission, session.site.clock.monotonicMs());
    if (session.record.phase === "ended") return false;
    session.narrow(
      { event: "permission.refused", by: "customer", detail: { ...detail, because: answer } },
      (record) => ({ consents: { ...record.consents, [permission]: "refused" } }),
    );
    return false;
  }

  async #answer(account: Account, wanted: Wanted): Promise<Answer> {
    const { customer, site } = this.#session;
    if (!customer) return "customer away";
    // Who could not see the question has not let it pass.
    const silence = () => (customer.link.isUp ? "no answer" : "customer away");
    const timeout = Promise.withResolvers<Answer>();
    const timer = site.clock.after(consentTimeoutMs, () => timeout.resolve(silence()));
    const representative = account.displayName;
    const question = { ...wanted, representative, timeoutMs: consentTimeoutMs };
    const asked = customer.ask(question).then(
      (granted): Answer => (granted ? "yes" : "no"),
      // A client that refuses the question, or is gone, has not said yes.
      silence,
    );
    return Promise.race([asked, timeout.promise]).finally(() => timer[Symbol.dispose]());
  }
}

interface Wanted {
  readonly permission: Permission;
  readonly purpose: CustomerPurpose | undefined;
}

type Answer = "yes" | "no" | "no answer" | "customer away";
