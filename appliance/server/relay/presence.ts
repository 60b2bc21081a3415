import type { Presence, RepresentativeId } from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { ConsoleParty } from "./console.ts";

interface Entry {
  account: Account;
  status: Presence["status"];
  readonly consoles: Set<ConsoleParty>;
}

/**
 * Which representatives are here, with which consoles. One representative may have several, and
 * takes one seat. A console whose line is interrupted counts as here until its link is lost.
 */
export class PresenceList {
  readonly #entries = new Map<RepresentativeId, Entry>();

  /** How many representatives are here: seats in use. */
  get size(): number {
    return this.#entries.size;
  }

  /** A console has connected. Returns whether its representative was not here before. */
  add(party: ConsoleParty): boolean {
    const { account } = party;
    const entry = this.#entries.get(account.id);
    if (entry) {
      entry.account = account;
      entry.consoles.add(party);
      return false;
    }
    this.#entries.set(account.id, { account, status: "available", consoles: new Set([party]) });
    return true;
  }

  /** A console is gone for good. Returns whether its representative is not here any more. */
  remove(party: ConsoleParty): boolean {
    const entry = this.#entries.get(party.account.id);
    if (!entry?.consoles.delete(party) || entry.consoles.size > 0) return false;
    this.#entries.delete(party.account.id);
    return true;
  }

  setStatus(id: RepresentativeId, status: Presence["status"]): void {
    const entry = this.#entries.get(id);
    if (entry) entry.status = status;
  }

  isHere(id: RepresentativeId): boolean {
    return this.#entries.has(id);
  }

  /** Whether a console of the representative is connected now. */
  isReachable(id: RepresentativeId): boolean {
    return this.consolesOf(id).some(({ link }) => link.isUp);
  }

  consolesOf(id: RepresentativeId): ConsoleParty[] {
    return [...(this.#entries.get(id)?.consoles ?? [])];
  }

  /** Every console. */
  *consoles(): Generator<ConsoleParty> {
    for (const { consoles } of this.#entries.values()) yield* consoles;
  }

  /** A representative as colleagues see one; `sessions`: how many he or she takes part in. */
  view(account: Account, sessions: number): Presence {
    const entry = this.#entries.get(account.id);
    return {
      id: account.id,
      name: account.displayName,
      online: entry !== undefined,
      status: entry?.status ?? "away",
      sessions,
    };
  }

  /** The accounts of all who are here. */
  accounts(): Account[] {
    return [...this.#entries.values()].map(({ account }) => account);
  }
}
