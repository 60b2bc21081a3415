import type { Lsid, RepresentativeId } from "@handrail/protocol";
import type { ConsoleParty } from "./console.ts";
import type { PresenceList } from "./presence.ts";
import type { Queues } from "./queue.ts";
import type { Session } from "./session.ts";

/**
 * Keeps every console's picture of the site right: who sees a session hears of its changes, and
 * who sees it no longer hears that it is gone.
 */
export class Publisher {
  readonly #presence: PresenceList;
  readonly #queues: Queues;
  /** Which consoles have been shown a session. */
  readonly #shownTo = new Map<Lsid, Set<ConsoleParty>>();
  readonly #lastParticipants = new Map<Lsid, readonly RepresentativeId[]>();

  constructor(presence: PresenceList, queues: Queues) {
    this.#presence = presence;
    this.#queues = queues;
  }

  /** Whether a representative sees a session: by taking part, or while it waits in a queue. */
  isVisible(session: Session, id: RepresentativeId): boolean {
    const { phase, queue } = session.record;
    if (phase === "active") return session.roleOf(id) !== "none";
    return phase === "waiting" && this.#queues.isSeenBy(queue, id);
  }

  /** A console has just been told of a session in another way. */
  shown(session: Session, party: ConsoleParty): void {
    this.#shownToOf(session.lsid).add(party);
  }

  /** Tells everyone concerned. Returns those who have begun or ceased to take part. */
  publish(session: Session): RepresentativeId[] {
    const { lsid } = session;
    const shownTo = this.#shownToOf(lsid);
    const isEnded = session.state === "ended";
    const view = session.view();
    for (const party of this.#presence.consoles()) {
      const isVisible = this.isVisible(session, party.account.id);
      const wasShown = shownTo.has(party);
      // Those who saw it end see how it ended, before it goes.
      const saysHow = isEnded && wasShown && session.roleOf(party.account.id) !== "none";
      if (isVisible || saysHow) party.tell("session.changed", view);
      if (isVisible) shownTo.add(party);
      else if (shownTo.delete(party)) party.tell("session.gone", { lsid });
    }
    return this.#movedParticipants(session, isEnded);
  }

  /** A console is gone for good. */
  forget(party: ConsoleParty): void {
    for (const shownTo of this.#shownTo.values()) shownTo.delete(party);
  }

  #movedParticipants(session: Session, isEnded: boolean): RepresentativeId[] {
    const { lsid } = session;
    const before = this.#lastParticipants.get(lsid) ?? [];
    const now = isEnded ? [] : session.participants;
    if (isEnded) {
      this.#lastParticipants.delete(lsid);
      this.#shownTo.delete(lsid);
    } else {
      this.#lastParticipants.set(lsid, now);
    }
    return [
      ...before.filter((id) => !now.includes(id)),
      ...now.filter((id) => !before.includes(id)),
    ];
  }

  #shownToOf(lsid: Lsid): Set<ConsoleParty> {
    const known = this.#shownTo.get(lsid);
    if (known) return known;
    const made = new Set<ConsoleParty>();
    this.#shownTo.set(lsid, made);
    return made;
  }
}
