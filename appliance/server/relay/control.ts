import {
  type ErrorCode,
  HandrailError,
  inputMessage,
  type RepresentativeId,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import { Pipe } from "./forward.ts";
import { type Link, urgencies } from "./link.ts";
import type { Session } from "./session.ts";

interface Route {
  readonly pipe: Pipe;
  readonly link: Link;
  readonly holder: RepresentativeId;
}

/**
 * Mouse and keyboard of a session: one representative holds them at a time, and only that one's
 * input is carried to the customer. Whatever ends the right to them ends the way at once.
 */
export class Control {
  readonly #session: Session;
  #route: Route | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Takes mouse and keyboard; with `force` from whoever holds them. What the customer allowed the
   * one who holds them for one use counts for that one alone.
   * @throws HandrailError `control-held`, `customer-refused` when the customer is to be asked
   */
  async take(id: RepresentativeId, force: boolean): Promise<void> {
    const session = this.#session;
    await session.account(id);
    const held = session.record.controller;
    // Whoever has to ask the customer first hears before that it is not free.
    const isFree = held === undefined || held === id || force;
    if (!isFree && session.decide("control", id).outcome !== "deny") {
      throw new HandrailError("control-held", "another representative has mouse and keyboard");
    }
    const account = await session.check("control", id);
    if (held === id) return;
    const from = session.record.participants.find((each) => each.id === held)?.name;
    const detail = from === undefined ? {} : { from };
    await session.commit({ event: "control.taken", by: account, detail }, () => {
      session.mustStill("control", id);
      return { controller: id };
    });
    if (held !== undefined) session.controlUsed(held);
  }

  /**
   * Whoever has mouse and keyboard gives them to a colleague who has asked for them.
   * @throws HandrailError `conflict` when they have them no more, or the colleague may not have them
   */
  async handOver(holder: RepresentativeId, to: RepresentativeId): Promise<void> {
    const session = this.#session;
    const by = await session.account(holder);
    await session.check("control", to);
    const name = session.record.participants.find((each) => each.id === to)?.name ?? "";
    const happening = { event: "control.handed-over", by, detail: { to: name } };
    await session.commit(happening, ({ controller }) => {
      if (controller !== holder) throw new HandrailError("conflict", "they are elsewhere now");
      session.mustStill("control", to);
      return { controller: to };
    });
    session.controlUsed(holder);
  }

  /** Gives mouse and keyboard back; nothing happens when somebody else has them. */
  release(account: Account): void {
    if (this.#session.record.controller === account.id) this.#release(account);
  }

  /** Carries a channel of the holder's console to the customer. @throws when there is no right */
  async open(id: RepresentativeId, link: Link, channel: number): Promise<void> {
    const session = this.#session;
    await session.check("control", id);
    if (session.record.controller !== id) {
      throw new HandrailError("not-permitted", "take mouse and keyboard first");
    }
    const customer = session.customer?.link;
    if (!customer || customer.isLost) {
      throw new HandrailError("customer-away", "the customer is not connected");
    }
    this.#end("link-replaced", "another channel has taken over");
    const pipe = new Pipe("input", urgencies.input, () => this.#forget(pipe));
    if (!link.accept(channel, pipe.near)) return;
    const far = customer.open({ kind: "input", lsid: session.lsid }, pipe.far);
    pipe.join({ link, channel }, { link: customer, channel: far });
    this.#route = { pipe, link, holder: id };
  }

  /** Ends whatever is no longer allowed. */
  enforce(): void {
    const { controller } = this.#session.record;
    if (this.#route && this.#route.holder !== controller) {
      this.#end("not-permitted", "mouse and keyboard were given away");
    }
    if (controller === undefined) return;
    if (this.#session.refusal("control", controller) !== undefined) this.#release("appliance");
  }

  /** The line of a console is interrupted: keys that it holds down go up. */
  interrupted(link: Link): void {
    const route = this.#route;
    if (route?.link !== link || route.pipe.isMidMessage) return;
    route.pipe.inject(inputMessage.encode({ type: "releaseAll" }));
  }

  #release(by: Account | "appliance"): void {
    const session = this.#session;
    const { controller } = session.record;
    this.#end("not-permitted", "mouse and keyboard were given back");
    const mustAskAgain =
      session.record.consents.control === "granted" &&
      controller !== undefined &&
      session.consentRule("control", controller) === "always";
    const holder = session.record.participants.find((each) => each.id === controller)?.name ?? "";
    if (controller !== undefined) session.controlUsed(controller);
    session.narrow({ event: "control.released", by, detail: { holder } }, (record) => ({
      controller: undefined,
      ...(mustAskAgain ? { consents: { ...record.consents, control: "not-asked" } } : {}),
    }));
  }

  #forget(pipe: Pipe): void {
    if (this.#route?.pipe === pipe) this.#route = undefined;
  }

  #end(code: ErrorCode, reason: string): void {
    const route = this.#route;
    this.#route = undefined;
    route?.pipe.end(code, reason);
  }
}
