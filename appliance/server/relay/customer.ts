import {
  type ActionOrder,
  type ActionResult,
  applianceToCustomer,
  type CustomerAnswer,
  customerSide,
  Dialogue,
  type ErrorCode,
  type Handlers,
  HandrailError,
  type Listeners,
  type Notice,
  type NoticeName,
  type OpenRequest,
  type ScriptOrder,
} from "@handrail/protocol";
import { Link, type LinkOwner } from "./link.ts";
import type { LiveSession } from "./live-session.ts";
import type { ConsentQuestion, CustomerEnd } from "./session.ts";

/** What a customer's client needs of the broker. */
export interface CustomerDesk {
  /** The link is gone for good. */
  customerLost(party: CustomerParty): void;
}

/** A customer's client at the appliance: its link, and what it may ask for in its one session. */
export class CustomerParty implements LinkOwner, CustomerEnd {
  readonly link: Link;
  readonly version: number;
  readonly session: LiveSession;
  readonly #desk: CustomerDesk;
  readonly #dialogue: Dialogue<typeof applianceToCustomer, typeof customerSide>;

  /** `version`: of the wire, as agreed on. */
  constructor(session: LiveSession, desk: CustomerDesk, version: number) {
    this.version = version;
    this.session = session;
    this.#desk = desk;
    this.link = new Link(this, session.core.site.clock.monotonicMs());
    this.#dialogue = new Dialogue({
      mine: applianceToCustomer,
      theirs: customerSide,
      handlers: this.#handlers(),
      listeners: this.#listeners(),
      say: (text) => this.link.say(text),
      failed: (error, call) =>
        session.core.log.info("call.refused", { call, code: error.code, by: "customer" }),
    });
  }

  tell<N extends NoticeName<typeof applianceToCustomer>>(
    name: N,
    notice: Notice<typeof applianceToCustomer, N>,
  ): void {
    this.#dialogue.tell(name, notice);
  }

  async ask(question: ConsentQuestion): Promise<CustomerAnswer> {
    const { granted, because = "no" } = await this.#dialogue.call("consent.ask", question);
    return granted ? "yes" : because;
  }

  act(order: ActionOrder): Promise<ActionResult> {
    return this.#dialogue.call("action.run", order);
  }

  async hold(order: ScriptOrder): Promise<void> {
    await this.#dialogue.call("script.hold", order);
  }

  control(text: string): void {
    this.#dialogue.receive(text);
  }

  opened(_request: OpenRequest, channel: number): void {
    this.link.reset(channel, "not-permitted", "a customer's client opens no channels");
  }

  away(): void {
    this.link.wentAway(this.session.core.site.clock.monotonicMs());
    this.session.customerAway(this);
  }

  connected(isResumed: boolean): void {
    if (isResumed) this.session.customerBack(this);
    else this.session.core.publish();
  }

  lost(code: ErrorCode | "done", fault?: unknown): void {
    this.#dialogue.lost();
    this.session.customerLost(this);
    const level = fault === undefined ? "info" : "error";
    this.session.core.log[level]("link.lost", { by: "customer", code, fault });
    this.#desk.customerLost(this);
  }

  #handlers(): Handlers<typeof customerSide> {
    const { session } = this;
    const current = () => {
      if (session.core.customer !== this) {
        throw new HandrailError("link-replaced", "the client has connected anew");
      }
    };
    return {
      "chat.send": ({ text }) => {
        current();
        return session.core.turn(() => session.chat.send("customer", text));
      },
      "chat.offer-file": ({ file }) => {
        current();
        return session.core.turn(() => session.chat.offerFile("customer", file));
      },
      "survey.answer": async ({ answers }) => {
        current();
        const { lsid, record, site, state } = session.core;
        if (state !== "ended") throw new HandrailError("not-permitted", "the session goes on");
        await site.surveys.answer(lsid, { customer: record.customer.name }, answers);
        this.link.finish();
        return null;
      },
      "permission.answered": async (own) => {
        current();
        await session.consent.answered(own);
        return null;
      },
      "permission.revoke": async ({ permission }) => {
        current();
        // The line of a session that is over stays for the answer to a survey alone.
        if (session.core.state === "ended") return null;
        await session.consent.revoke(permission);
        return null;
      },
      "session.return": () => {
        current();
        return session.core.turn(() => session.returns.prepare());
      },
      "session.stop": async ({ because }) => {
        current();
        session.stop(because !== undefined);
        await session.core.written();
        return null;
      },
    };
  }

  #listeners(): Listeners<typeof customerSide> {
    const { session } = this;
    return {
      "chat.typing": () => session.chat.typing("customer"),
      "consent.turn": ({ permission, isShown }) => {
        if (session.core.customer === this) session.consent.turned(permission, isShown);
      },
      // A client that is older than the faults names none.
      "screen.state": ({ available, reason, fault = "failed" }) =>
        session.screen.stateChanged(available ? undefined : fault, reason),
      "tool.event": (event) => session.tools.happened(event),
    };
  }
}
