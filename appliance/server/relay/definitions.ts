import { HandrailError } from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import { Refusal } from "../refusal.ts";
import type { AuditLog } from "../store/audit.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { Store } from "../store/database.ts";
import { type Definition, type DefinitionKind, DefinitionStore } from "../store/definitions.ts";

/** What the changes of a kind of definitions are called in the audit log. */
export interface DefinitionEvents {
  readonly added: string;
  readonly changed: string;
  readonly removed: string;
}

/** A kind of definitions, with what of it is audited. */
export interface AuditedKind<Body> extends DefinitionKind<Body> {
  readonly events: DefinitionEvents;
  /** What of one is written down beside its name, before and after a change. */
  readonly factsOf?: (body: Body) => AuditDetail;
  /** Most that a site may have. */
  readonly limit: number;
}

/**
 * What administrators define for all sessions, of one kind, and every change of it. A change and its
 * audit row are one transaction.
 */
export class Definitions<Body> {
  readonly #store: DefinitionStore<Body>;
  readonly #kind: AuditedKind<Body>;
  readonly #audit: AuditLog;

  constructor(options: { store: Store; audit: AuditLog }, kind: AuditedKind<Body>) {
    this.#store = new DefinitionStore(options.store, kind);
    this.#kind = kind;
    this.#audit = options.audit;
  }

  /** All of them, in the order in which they were made. */
  list(): readonly Definition<Body>[] {
    return this.#store.list();
  }

  /** Makes one and returns its id. @throws Refusal `conflict` (field `name`); `disk-full` */
  async add(body: Body, author: Pick<Account, "id" | "name">): Promise<string> {
    if (this.list().length >= this.#kind.limit) {
      throw new Refusal("conflict", `there are ${this.#kind.limit} already`, {});
    }
    let id = "";
    await this.#write("added", { body, author }, () => {
      id = this.#store.add(body);
    });
    return id;
  }

  /** Replaces one. @throws as `add`; `not-found` */
  async change(id: string, body: Body, author: Pick<Account, "id" | "name">): Promise<void> {
    const before = this.#get(id).body;
    await this.#write("changed", { body, author, before }, () => this.#store.change(id, body));
  }

  /** Deletes one. @throws HandrailError `not-found`, `disk-full` */
  async remove(id: string, author: Pick<Account, "id" | "name">): Promise<void> {
    const { body } = this.#get(id);
    await this.#write("removed", { body, author }, () => this.#store.remove(id));
  }

  #get(id: string): Definition<Body> {
    const found = this.list().find((each) => each.id === id);
    if (found) return found;
    throw new HandrailError("not-found", "no such definition");
  }

  /** What there is now and, where it has changed, what there was. */
  #detailOf(body: Body, before?: Body): AuditDetail {
    const { nameOf, factsOf } = this.#kind;
    const factsNow = { name: nameOf(body), ...factsOf?.(body) };
    if (before === undefined) return factsNow;
    const factsBefore: AuditDetail = { name: nameOf(before), ...factsOf?.(before) };
    const changed = Object.entries(factsBefore).filter(
      ([name, value]) => value !== (factsNow as AuditDetail)[name],
    );
    const was = changed.map(([name, value]) => [`${name}Before`, value] as const);
    return { ...factsNow, ...Object.fromEntries(was) };
  }

  async #write(
    what: keyof DefinitionEvents,
    { body, author, before }: { body: Body; author: Pick<Account, "id" | "name">; before?: Body },
    also: () => void,
  ): Promise<void> {
    const { events } = this.#kind;
    const detail = this.#detailOf(body, before);
    const entry = { event: events[what], who: author.name, whoId: author.id, detail };
    try {
      await this.#audit.append(entry, { also });
    } catch (cause) {
      if (!(cause instanceof HandrailError) || cause.code !== "conflict") throw cause;
      throw new Refusal("conflict", "the name is taken", { field: "name", cause });
    }
  }
}
