import {
  HandrailError,
  type Hello,
  type Lsid,
  negotiate,
  type RepresentativeId,
} from "@handrail/protocol";
import type { ConsoleAccount } from "../auth/account.ts";
import { hashSecret } from "../auth/secret.ts";
import type { SessionStore } from "../store/sessions.ts";
import type { Attendance } from "./attendance.ts";
import { type ConsoleDesk, ConsoleParty } from "./console.ts";
import { type CustomerDesk, CustomerParty } from "./customer.ts";
import type { KeyAnswer } from "./key-desk.ts";
import type { LiveSession } from "./live-session.ts";
import type { Admitted, Doorkeeper } from "./reception.ts";
import { ticketAfterRestart } from "./returns.ts";

/** Windows of one representative: more are a program that has gone wrong, or means ill. */
const maxConsolesPerAccount = 32;

/** What decides whom to let in, and for whom. */
export interface AdmissionOptions {
  /** Where those who are let in ask. */
  readonly desk: ConsoleDesk & CustomerDesk;
  readonly seats: number;
  readonly attendance: Attendance;
  readonly sessions: SessionStore;
  readonly live: ReadonlyMap<Lsid, LiveSession>;
  /** The enabled account that an access token belongs to. */
  authenticate(accessToken: string): Promise<ConsoleAccount | undefined>;
  redeemKey(typed: string, address: string): Promise<KeyAnswer>;
  /** A representative is here: what he or she is called. */
  learn(id: RepresentativeId, name: string): void;
}

type ConsoleHello = Extract<Hello, { role: "console" }>;
type CustomerHello = Extract<Hello, { role: "customer" }>;

/** Lets consoles in by their account, within the seats, and customers' clients by their ticket. */
export class Admission implements Doorkeeper {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  async admit(hello: Hello, address: string, known: Admitted | undefined): Promise<Admitted> {
    return hello.role === "console"
      ? this.#admitConsole(hello, known)
      : this.#admitCustomer(hello, address, known);
  }

  async #admitConsole(hello: ConsoleHello, known: Admitted | undefined): Promise<Admitted> {
    const { attendance, desk, seats } = this.#options;
    const { presence } = attendance;
    const account = await this.#options.authenticate(hello.accessToken);
    if (!account) throw new HandrailError("not-authenticated", "sign in again");
    if (known?.party instanceof ConsoleParty && isSameSignIn(known.party.account, account)) {
      return known;
    }
    if (!presence.isHere(account.id) && presence.size >= seats) {
      throw new HandrailError("unavailable", `all ${seats} seats are in use`);
    }
    this.#options.learn(account.id, account.displayName);
    const party = new ConsoleParty(account, desk, versionOf(hello));
    const isNew = presence.add(party);
    for (const surplus of presence.consolesOf(account.id).slice(0, -maxConsolesPerAccount)) {
      surplus.link.end("link-replaced", "too many consoles");
    }
    if (isNew) attendance.appeared(account);
    return { party, about: { representative: { id: account.id, name: account.displayName } } };
  }

  async #admitCustomer(
    hello: CustomerHello,
    address: string,
    known: Admitted | undefined,
  ): Promise<Admitted> {
    const { attendance, desk, live, sessions } = this.#options;
    const ticket = await this.#ticketOf(hello.credential, address);
    const record = sessions.byTicket(hashSecret(ticket));
    if (!record) throw new HandrailError("not-authenticated", "no such ticket");
    const session = live.get(record.lsid);
    if (!session) throw new HandrailError("session-ended", "the session has ended");
    const isSame = known?.party instanceof CustomerParty && known.party === session.core.customer;
    if (known && isSame) return known;
    const party = new CustomerParty(session, desk, versionOf(hello));
    await session.core.turn(() => session.customerArrived(party, hello.customer));
    attendance.customers.add(party);
    return { party, about: { session: { lsid: record.lsid, ticket } } };
  }

  #ticketOf(credential: CustomerHello["credential"], address: string): Promise<string> | string {
    if ("ticket" in credential) return credential.ticket;
    if ("key" in credential) return this.#ticketFor(credential.key, address);
    const { live, sessions } = this.#options;
    return ticketAfterRestart(credential.returning, sessions, live);
  }

  async #ticketFor(typed: string, address: string): Promise<string> {
    const answer = await this.#options.redeemKey(typed, address);
    if (answer.ok) return answer.ticket;
    throw new HandrailError(answer.code, "the session key cannot be used");
  }
}

/** The version of the wire that is spoken with who says this. */
function versionOf({ versions }: Hello): number {
  return negotiate(versions) ?? 0;
}

/** Whoever signs in anew starts a new link: a link ends with the grant that it was made with. */
function isSameSignIn(before: ConsoleAccount, now: ConsoleAccount): boolean {
  return before.id === now.id && before.grant === now.grant;
}
