import {
  generalQueue,
  personalQueue,
  type Queue,
  type QueueId,
  type RepresentativeId,
} from "@handrail/protocol";
import type { SessionStore } from "../store/sessions.ts";
import { ownerOf } from "./orphans.ts";

/**
 * The queues of the site: one for everyone, one for each team, one for each representative. Who
 * may look into a queue may take from it.
 */
export class Queues {
  readonly #sessions: SessionStore;
  /** Names of representatives that were seen, for the names of their queues. */
  readonly #names = new Map<RepresentativeId, string>();

  constructor(sessions: SessionStore) {
    this.#sessions = sessions;
  }

  /** Learns what a representative is called. */
  learn(id: RepresentativeId, name: string): void {
    this.#names.set(id, name);
  }

  /** The queues that a representative sees. */
  seenBy(id: RepresentativeId): Queue[] {
    const teams = this.#sessions.teams().filter(({ members }) => members.has(id));
    return [
      { id: personalQueue(id), name: this.nameOf(personalQueue(id)), kind: "personal" },
      ...teams.map((team) => ({ id: team.id, name: team.name, kind: "team" as const })),
      { id: generalQueue, name: this.nameOf(generalQueue), kind: "general" },
    ];
  }

  /** Whether a representative may look into a queue and take from it. */
  isSeenBy(queue: QueueId, id: RepresentativeId): boolean {
    if (queue === generalQueue) return true;
    const owner = ownerOf(queue);
    if (owner !== undefined) return owner === id;
    return this.#sessions.teams().some((team) => team.id === queue && team.members.has(id));
  }

  /** Whether there is such a queue; a personal one exists with its owner. */
  exists(queue: QueueId): boolean {
    if (queue === generalQueue || ownerOf(queue) !== undefined) return true;
    return this.#sessions.teams().some((team) => team.id === queue);
  }

  /** What people call the queue: a name of the site's, "General", or its owner's name. */
  nameOf(queue: QueueId): string {
    if (queue === generalQueue) return "General";
    const owner = ownerOf(queue);
    if (owner !== undefined) return this.#names.get(owner) ?? "";
    return this.#sessions.teams().find((team) => team.id === queue)?.name ?? "";
  }
}
