import { randomBytes } from "node:crypto";
import {
  HandrailError,
  isQueueId,
  isRepresentativeId,
  type QueueId,
  type RepresentativeId,
} from "@handrail/protocol";
import { z } from "zod";
import { isDuplicate, type Store } from "./database.ts";

/** A team: representatives who share a queue. */
export interface Team {
  /** 32 hex digits. */
  readonly id: string;
  readonly queue: QueueId;
  readonly name: string;
  /** Accounts, disabled ones too. */
  readonly members: readonly RepresentativeId[];
}

/** What a team is made of. */
export interface TeamRequest {
  readonly name: string;
  readonly members: readonly RepresentativeId[];
}

/** What may change of a team; members are replaced as a whole. */
export interface TeamChange {
  readonly name?: string | undefined;
  readonly members?: readonly RepresentativeId[] | undefined;
}

const id = z.string().refine(isRepresentativeId);
const teamShape = z
  .object({ id: z.string(), name: z.string() })
  .transform((team) => ({ ...team, queue: queueOf(team.id) }));
const memberShape = z.object({ representative: id });

/**
 * The teams of the site. Names are unique whatever their case. Everything is synchronous: changes
 * are part of the caller's transaction.
 */
export class TeamStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** All teams, by name. */
  list(): Team[] {
    const members = this.#store.raw.prepare(
      "SELECT representative FROM teamMember WHERE team = ? ORDER BY representative",
    );
    return this.#store.raw
      .prepare("SELECT id, name FROM team ORDER BY name")
      .all()
      .map((row) => {
        const team = teamShape.parse(row);
        const rows = members.all(team.id).map((each) => memberShape.parse(each));
        return { ...team, members: rows.map(({ representative }) => representative) };
      });
  }

  /** Names of the teams that are no more, by their queues. */
  formerNames(): ReadonlyMap<QueueId, string> {
    const rows = this.#store.raw.prepare("SELECT id, name FROM formerTeam").all();
    return new Map(rows.map((row) => teamShape.parse(row)).map(({ queue, name }) => [queue, name]));
  }

  /** Stores a new team and returns its id. @throws HandrailError `conflict` for a name taken */
  add({ name, members }: TeamRequest): string {
    const team = randomBytes(16).toString("hex");
    this.#named(() =>
      this.#store.raw.prepare("INSERT INTO team (id, name) VALUES (?, ?)").run(team, name),
    );
    this.#setMembers(team, members);
    return team;
  }

  /** Changes a team. @throws HandrailError `not-found`, `conflict` */
  change(team: string, { name, members }: TeamChange): void {
    const { changes } = this.#named(() =>
      this.#store.raw
        .prepare("UPDATE team SET name = coalesce(?, name) WHERE id = ?")
        .run(name ?? null, team),
    );
    if (changes === 0) throw new HandrailError("not-found", "no such team");
    if (members) this.#setMembers(team, members);
  }

  /** Deletes a team; its name is kept for the past. @throws HandrailError `not-found` */
  remove(team: string): void {
    this.#store.raw
      .prepare("INSERT INTO formerTeam (id, name) SELECT id, name FROM team WHERE id = ?")
      .run(team);
    const { changes } = this.#store.raw.prepare("DELETE FROM team WHERE id = ?").run(team);
    if (changes === 0) throw new HandrailError("not-found", "no such team");
  }

  #setMembers(team: string, members: readonly RepresentativeId[]): void {
    this.#store.raw.prepare("DELETE FROM teamMember WHERE team = ?").run(team);
    const insert = this.#store.raw.prepare(
      "INSERT OR IGNORE INTO teamMember (team, representative) VALUES (?, ?)",
    );
    for (const member of members) insert.run(team, member);
  }

  #named<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new HandrailError("conflict", "the name is taken", { cause: error });
    }
  }
}

function queueOf(team: string): QueueId {
  const queue = `team:${team}`;
  if (isQueueId(queue)) return queue;
  throw new HandrailError("internal", "a team's id has 32 hex digits");
}
