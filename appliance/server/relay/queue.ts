import {
  generalQueue,
  personalQueue,
  type Queue,
  type QueueId,
  type QueuesView,
  type RepresentativeId,
} from "@handrail/protocol";
import { ownerOf } from "./orphans.ts";
import type { Team, Teams } from "./teams.ts";

/**
 * The queues of the site: one for everyone, one for each team, one for each representative. Who
 * may look into a queue may take from it.
 */
export class Queues {
  readonly #teams: Teams;
  readonly #isReachable: (id: RepresentativeId) => boolean;
  /** Names of representatives that were seen, for the names of their queues. */
  readonly #names = new Map<RepresentativeId, string>();

  constructor(teams: Teams, isReachable: (id: RepresentativeId) => boolean) {
    this.#teams = teams;
    this.#isReachable = isReachable;
  }

  /** Learns what a representative is called. */
  learn(id: RepresentativeId, name: string): void {
    this.#names.set(id, name);
  }

  /** The queues as they concern a representative. */
  viewFor(id: RepresentativeId): Required<QueuesView> {
    const isMine = ({ members }: Team) => members.includes(id);
    const teams = this.#teams.all;
    return {
      queues: [
        { id: personalQueue(id), name: this.nameOf(personalQueue(id)), kind: "personal" },
        ...teams.filter(isMine).map(toQueue),
        { id: generalQueue, name: this.nameOf(generalQueue), kind: "general" },
      ],
      otherTeams: teams.filter((team) => !isMine(team)).map(toQueue),
    };
  }

  /** Whether a representative may look into a queue and take from it. */
  isSeenBy(queue: QueueId, id: RepresentativeId): boolean {
    return queue === generalQueue || this.#takersOf(queue).includes(id);
  }

  /** Whether somebody who may take from the queue is connected; the queue of everyone counts so. */
  isAttended(queue: QueueId): boolean {
    return queue === generalQueue || this.#takersOf(queue).some((id) => this.#isReachable(id));
  }

  /** Whether there is such a queue; a personal one exists with its owner. */
  exists(queue: QueueId): boolean {
    if (queue === generalQueue || ownerOf(queue) !== undefined) return true;
    return this.#teams.ofQueue(queue) !== undefined;
  }

  /** What people call the queue: a name of the site's, "General", or its owner's name. */
  nameOf(queue: QueueId): string {
    if (queue === generalQueue) return "General";
    const owner = ownerOf(queue);
    if (owner !== undefined) return this.#names.get(owner) ?? "";
    return this.#teams.nameOf(queue) ?? "";
  }

  #takersOf(queue: QueueId): readonly RepresentativeId[] {
    const owner = ownerOf(queue);
    return owner === undefined ? (this.#teams.ofQueue(queue)?.members ?? []) : [owner];
  }
}

function toQueue({ queue, name }: Team): Queue {
  return { id: queue, name, kind: "team" };
}
