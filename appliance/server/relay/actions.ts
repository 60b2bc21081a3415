import {
  type ActionChoice,
  type ActionName,
  type ActionOrder,
  type ActionResult,
  builtInActions,
  HandrailError,
  permissionOf,
  type RepresentativeId,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import { askAgainAfterMs } from "./consent.ts";
import type { ReturnReason, Returns } from "./returns.ts";
import type { CustomerEnd, Session } from "./session.ts";
import type { SpecialActionBody } from "./special-actions.ts";

/** Longest that an action may take: the customer is asked, and a command runs, ms. */
const doneWithinMs = 150_000;

/** An action, as it is ordered and as it is written down. */
interface Order {
  readonly what: ActionOrder["what"];
  readonly facts: AuditDetail;
}

/**
 * The special actions of one session: each is decided by the session's policy and written to the
 * audit log before it is ordered, and again with what came of it. One at a time.
 */
export class Actions {
  readonly #session: Session;
  readonly #returns: Returns;
  #isBusy = false;
  /** When the customer last said no to each, on the steady clock. */
  readonly #refusedAtMs = new Map<ActionName, number>();

  constructor(session: Session, returns: Returns) {
    this.#session = session;
    this.#returns = returns;
  }

  /** What administrators have defined for the representative. */
  list(id: RepresentativeId): ActionChoice[] {
    return this.#session.site.specialActions(id).map(({ id: action, body }) => ({
      id: action,
      name: body.name,
      platform: body.platform,
      asks: body.question.en !== "",
    }));
  }

  /**
   * Has the customer's client do it.
   * @throws HandrailError `not-permitted`, `customer-refused`, `customer-away`, `not-found` also for
   *   what others may do, `conflict` while another one is under way, `disk-full`,
   *   `too-many-attempts` right after the customer's no
   */
  async run(id: RepresentativeId, action: ActionName): Promise<ActionResult> {
    const order = this.#orderOf(id, action);
    if (this.#isBusy) throw new HandrailError("conflict", "another action is under way");
    this.#mayBeAsked(action);
    this.#isBusy = true;
    try {
      const result = await this.#run(id, action, order);
      if (result.outcome === "refused") {
        this.#refusedAtMs.set(action, this.#session.site.clock.monotonicMs());
      }
      return result;
    } finally {
      this.#isBusy = false;
    }
  }

  async #run(id: RepresentativeId, action: ActionName, order: Order): Promise<ActionResult> {
    const session = this.#session;
    const permission = permissionOf(action);
    const by = await session.turn(async () => {
      const account = await session.check(permission, id);
      this.#mustReach();
      await session.commit({ event: "action.begun", by: account, detail: order.facts });
      return account;
    });
    const result = await this.#done(by, order, () => {
      session.mustStill(permission, id);
      const customer = this.#mustReach();
      const wanted = { representative: by.displayName, what: order.what };
      const send = () => this.#ordered(customer, wanted);
      if (action === "reboot") return this.#restart(customer, "restart", send);
      return action === "elevate" ? this.#restart(customer, "elevation", send) : send();
    });
    return result;
  }

  /** Writes down what came of it, also when it is not known. */
  async #done(
    by: Account,
    { facts }: Order,
    work: () => Promise<ActionResult>,
  ): Promise<ActionResult> {
    const note = ({ outcome, exitCode }: ActionResult) => {
      const detail = { ...facts, outcome, ...(exitCode === undefined ? {} : { exitCode }) };
      this.#session.narrow({ event: "action.done", by, detail });
    };
    try {
      const result = await work();
      note(result);
      return result;
    } catch (error) {
      note({ outcome: "failed" });
      throw error;
    }
  }

  /** The client tells that it comes back before it goes: an answer may not get through any more. */
  #restart(
    customer: CustomerEnd,
    why: ReturnReason,
    send: () => Promise<ActionResult>,
  ): Promise<ActionResult> {
    const returns = this.#returns;
    return returns.during(why, async () => {
      try {
        const result = await send();
        if (result.outcome === "too-slow" && returns.isPrepared) return { outcome: "done" };
        if (result.outcome !== "done") returns.forget();
        return result;
      } catch (error) {
        const isThere = this.#session.customer === customer && customer.link.isUp;
        if (returns.isPrepared && !isThere) return { outcome: "done" };
        returns.forget();
        throw error;
      }
    });
  }

  #ordered(customer: CustomerEnd, order: ActionOrder): Promise<ActionResult> {
    const late = Promise.withResolvers<ActionResult>();
    const { clock } = this.#session.site;
    const timer = clock.after(doneWithinMs, () => late.resolve({ outcome: "too-slow" }));
    return Promise.race([customer.act(order), late.promise]).finally(() => timer[Symbol.dispose]());
  }

  /** Who is asked over and over says yes in the end. @throws HandrailError `too-many-attempts` */
  #mayBeAsked(action: ActionName): void {
    const refusedAtMs = this.#refusedAtMs.get(action) ?? -Infinity;
    if (this.#session.site.clock.monotonicMs() - refusedAtMs >= askAgainAfterMs) return;
    throw new HandrailError("too-many-attempts", "the customer has just said no");
  }

  #orderOf(id: RepresentativeId, action: ActionName): Order {
    const builtIn = builtInActions.find((each) => each === action);
    if (builtIn) return { what: { kind: "built-in", action: builtIn }, facts: { act: builtIn } };
    const found = this.#session.site.specialActions(id).find((each) => each.id === action);
    if (!found) throw new HandrailError("not-found", "no such action");
    return customOrder(found.body);
  }

  #mustReach(): CustomerEnd {
    const { customer } = this.#session;
    if (customer?.link.isUp) return customer;
    throw new HandrailError("customer-away", "the customer is not connected");
  }
}

function customOrder({ name, command, platform, question }: SpecialActionBody): Order {
  const asked = question.en === "" ? {} : { question };
  return {
    what: { kind: "custom", name, command, platform, ...asked },
    facts: { act: name.en, command },
  };
}
