import type { Lsid, Presence, RepresentativeId } from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { Log } from "../log.ts";
import type { AuditLog } from "../store/audit.ts";
import type { ConsoleParty } from "./console.ts";
import type { CustomerParty } from "./customer.ts";
import type { LiveSession } from "./live-session.ts";
import { PresenceList } from "./presence.ts";

/**
 * Who is connected, consoles and customers' clients, and what their sessions and colleagues hear of
 * it. An account that is disabled or signed out is thrown out here.
 */
export class Attendance {
  readonly presence = new PresenceList();
  readonly customers = new Set<CustomerParty>();
  readonly #live: ReadonlyMap<Lsid, LiveSession>;
  readonly #audit: AuditLog;
  readonly #log: Log;

  constructor(options: { live: ReadonlyMap<Lsid, LiveSession>; audit: AuditLog; log: Log }) {
    this.#live = options.live;
    this.#audit = options.audit;
    this.#log = options.log;
  }

  /** Everyone who is here. */
  get parties(): (ConsoleParty | CustomerParty)[] {
    return [...this.presence.consoles(), ...this.customers];
  }

  /** How many are connected now, by kind. */
  count(): { console: number; customer: number } {
    const isUp = (party: ConsoleParty | CustomerParty) => party.link.isUp;
    return {
      console: [...this.presence.consoles()].filter(isUp).length,
      customer: [...this.customers].filter(isUp).length,
    };
  }

  /** The sessions that go on in which a representative takes part. */
  sessionsOf(id: RepresentativeId): LiveSession[] {
    return [...this.#live.values()].filter(({ core }) => core.roleOf(id) !== "none");
  }

  /** A representative as colleagues see one. */
  viewOf(account: Account): Presence {
    return this.presence.view(account, this.sessionsOf(account.id).length);
  }

  /** Tells everyone how a representative is there now. */
  tell(account: Account): void {
    const presence = this.viewOf(account);
    for (const party of this.presence.consoles()) party.tell("presence.changed", presence);
  }

  setStatus(account: Account, status: Presence["status"]): void {
    this.presence.setStatus(account.id, status);
    this.tell(account);
  }

  /** The first console of a representative has come. */
  appeared(account: Account): void {
    this.tell(account);
    this.#note("console.connected", account);
  }

  /** The line of a console is interrupted. */
  away(party: ConsoleParty): void {
    for (const session of this.sessionsOf(party.account.id)) {
      session.control.interrupted(party.link);
      session.core.publish();
    }
  }

  /** The line of a console goes on. */
  connected(party: ConsoleParty): void {
    for (const { core } of this.sessionsOf(party.account.id)) core.publish();
  }

  /** A console is gone for good. */
  lost(party: ConsoleParty): void {
    const { account } = party;
    if (this.presence.remove(party)) {
      this.tell(account);
      this.#note("console.disconnected", account);
    }
    this.away(party);
  }

  /** Throws an account's consoles out, and the account out of its sessions, at once. */
  revoke(id: RepresentativeId, code: "account-disabled" | "not-authenticated"): void {
    for (const party of this.presence.consolesOf(id)) party.link.end(code);
    for (const session of this.sessionsOf(id)) {
      session.members.leave(id, "appliance", "account revoked");
    }
  }

  /** Throws out the consoles that came in with a grant which has been revoked. */
  endGrant(grant: string): void {
    const consoles = [...this.presence.consoles()];
    for (const party of consoles.filter(({ account }) => account.grant === grant)) {
      party.link.end("not-authenticated");
    }
  }

  /** The rules of an account have changed: what they no longer allow ends at once. */
  async review(id: RepresentativeId): Promise<void> {
    for (const { core } of this.sessionsOf(id)) {
      await core.account(id).catch((error: unknown) => this.#log.warn("account.gone", { error }));
      core.publish();
    }
  }

  #note(event: string, account: Account): void {
    const entry = { event, who: account.displayName, whoId: account.id };
    this.#audit
      .append(entry, { mustHappen: true })
      .catch((error: unknown) => this.#log.error("audit.failed", { error }));
  }
}
