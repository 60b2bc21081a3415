import { HandrailError, type Permission, type RepresentativeId } from "@handrail/protocol";
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
   * @throws HandrailError when policy denies it, the customer is away, or it is asked too soon
   */
  async request(id: RepresentativeId, permission: Permission): Promise<boolean> {
    const account = await this.#session.account(id);
    const { outcome } = this.#session.decide(permission, id);
    if (outcome !== "ask") {
      await this.#session.check(permission, id);
      return true;
    }
    const pending = this.#pending.get(permission);
    if (!pending) return this.#begin(account, permission);
    // A colleague's question may bring an answer that counts for this representative as well.
    if (!(await pending)) return false;
    return this.request(id, permission);
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

  #begin(account: Account, permission: Permission): Promise<boolean> {
    const refusedAtMs = this.#refusedAtMs.get(permission);
    const { clock } = this.#session.site;
    if (refusedAtMs !== undefined && clock.monotonicMs() - refusedAtMs < askAgainAfterMs) {
      throw new HandrailError("too-many-attempts", "the customer has just said no");
    }
    if (!this.#session.customer?.link.isUp) {
      throw new HandrailError("customer-away", "the customer is not connected");
    }
    const answer = this.#ask(account, permission).finally(() => {
      this.#pending.delete(permission);
      this.#session.asked.delete(permission);
      this.#session.publish();
    });
    this.#pending.set(permission, answer);
    return answer;
  }

  async #ask(account: Account, permission: Permission): Promise<boolean> {
    const session = this.#session;
    const detail = { permission };
    this.#takenBack.delete(permission);
    await session.turn(() => session.commit({ event: "permission.asked", by: account, detail }));
    session.asked.add(permission);
    session.publish();
    const answer = await this.#answer(account, permission);
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

  async #answer(account: Account, permission: Permission): Promise<Answer> {
    const { customer, site } = this.#session;
    if (!customer) return "customer away";
    // Who could not see the question has not let it pass.
    const silence = () => (customer.link.isUp ? "no answer" : "customer away");
    const timeout = Promise.withResolvers<Answer>();
    const timer = site.clock.after(consentTimeoutMs, () => timeout.resolve(silence()));
    const asked = customer.ask(permission, account.displayName, consentTimeoutMs).then(
      (granted): Answer => (granted ? "yes" : "no"),
      // A client that refuses the question, or is gone, has not said yes.
      silence,
    );
    return Promise.race([asked, timeout.promise]).finally(() => timer[Symbol.dispose]());
  }
}

type Answer = "yes" | "no" | "no answer" | "customer away";
