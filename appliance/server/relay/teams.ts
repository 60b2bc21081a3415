import { HandrailError, type QueueId, type RepresentativeId } from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import { Refusal } from "../refusal.ts";
import type { AuditLog } from "../store/audit.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { Store } from "../store/database.ts";
import { Representatives } from "../store/representatives.ts";
import { type Team, type TeamChange, type TeamRequest, TeamStore } from "../store/teams.ts";

export type { Team, TeamChange, TeamRequest } from "../store/teams.ts";

/**
 * The teams of the site, and every change of them. A change and its audit row are one transaction;
 * whoever a change concerns is told before it is answered.
 */
export class Teams {
  readonly #store: TeamStore;
  readonly #representatives: Representatives;
  readonly #audit: AuditLog;
  readonly #changed: () => Promise<void>;
  // Asked for every console at every change of a session: not read from the disk each time.
  #all: readonly Team[] = [];
  #formerNames: ReadonlyMap<QueueId, string> = new Map();

  constructor(options: {
    store: Store;
    audit: AuditLog;
    /** Called after every change, once it is written. */
    changed: () => Promise<void>;
  }) {
    this.#store = new TeamStore(options.store);
    this.#representatives = new Representatives(options.store);
    this.#audit = options.audit;
    this.#changed = options.changed;
    this.#load();
  }

  /** All teams, by name. */
  get all(): readonly Team[] {
    return this.#all;
  }

  /** The team whose queue this is, if it is one. */
  ofQueue(queue: QueueId): Team | undefined {
    return this.#all.find((team) => team.queue === queue);
  }

  /** What the team of a queue is called, or was while it existed. */
  nameOf(queue: QueueId): string | undefined {
    return this.ofQueue(queue)?.name ?? this.#formerNames.get(queue);
  }

  /**
   * Makes a team and returns its id.
   * @throws HandrailError `conflict` naming `name`, `bad-request` naming `members`, `disk-full`
   */
  async add(request: TeamRequest, author: Pick<Account, "id" | "name">): Promise<string> {
    const members = await this.#namesOf(request.members);
    let id = "";
    await this.#write(
      { event: "team.added", detail: { team: request.name, members } },
      author,
      () => {
        id = this.#store.add(request);
      },
    );
    return id;
  }

  /** Changes name or members. @throws as `add`; `not-found` */
  async change(
    id: string,
    change: TeamChange,
    author: Pick<Account, "id" | "name">,
  ): Promise<void> {
    const before = this.#get(id);
    const detail: Record<string, string> = { team: before.name };
    if (change.name !== undefined && change.name !== before.name) {
      Object.assign(detail, { nameBefore: before.name, name: change.name });
    }
    if (change.members) {
      const [membersBefore, members] = await Promise.all([
        this.#namesOf(before.members),
        this.#namesOf(change.members),
      ]);
      if (members !== membersBefore) Object.assign(detail, { membersBefore, members });
    }
    await this.#write({ event: "team.changed", detail }, author, () =>
      this.#store.change(id, change),
    );
  }

  /**
   * Deletes a team. What waits in its queue waits for everyone then.
   * @throws HandrailError `not-found`, `disk-full`
   */
  async remove(id: string, author: Pick<Account, "id" | "name">): Promise<void> {
    const before = this.#get(id);
    const detail = { team: before.name, members: await this.#namesOf(before.members) };
    await this.#write({ event: "team.removed", detail }, author, () => this.#store.remove(id));
  }

  #get(id: string): Team {
    const found = this.#all.find((team) => team.id === id);
    if (found) return found;
    throw new HandrailError("not-found", "no such team");
  }

  /** The names that accounts sign in with, in order. @throws Refusal `bad-request` */
  async #namesOf(members: readonly RepresentativeId[]): Promise<string> {
    const accounts = await this.#representatives.list();
    const found = accounts.filter(({ id }) => members.includes(id));
    if (found.length === new Set(members).size) return found.map(({ name }) => name).join(", ");
    throw new Refusal("bad-request", "no such representative", { field: "members" });
  }

  async #write(
    { event, detail }: { event: string; detail: AuditDetail },
    author: Pick<Account, "id" | "name">,
    also: () => void,
  ): Promise<void> {
    const entry = { event, who: author.name, whoId: author.id, detail };
    try {
      await this.#audit.append(entry, { also });
    } catch (cause) {
      if (!(cause instanceof HandrailError) || cause.code !== "conflict") throw cause;
      throw new Refusal("conflict", "the name is taken", { field: "name", cause });
    }
    this.#load();
    await this.#changed();
  }

  #load(): void {
    this.#all = this.#store.list();
    this.#formerNames = this.#store.formerNames();
  }
}
