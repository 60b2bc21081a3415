import { randomBytes } from "node:crypto";
import { HandrailError } from "@handrail/protocol";
import { z } from "zod";
import { isDuplicate, type Store } from "./database.ts";
import { json } from "./row.ts";

/** Something that an administrator has defined. `body`: as its kind has it, read by its shape. */
export interface Definition<Body> {
  /** 32 hex digits. */
  readonly id: string;
  readonly body: Body;
}

/** A kind of definitions: how they are stored, and what must be unique among them. */
export interface DefinitionKind<Body> {
  readonly kind: string;
  readonly shape: z.ZodType<Body>;
  readonly nameOf: (body: Body) => string;
}

const rowShape = z.object({ id: z.string(), body: json(z.unknown()) });

/**
 * Definitions of one kind, in the order in which they were made. Everything is synchronous: changes
 * are part of the caller's transaction.
 */
export class DefinitionStore<Body> {
  readonly #store: Store;
  readonly #kind: DefinitionKind<Body>;

  constructor(store: Store, kind: DefinitionKind<Body>) {
    this.#store = store;
    this.#kind = kind;
  }

  /** All of them. */
  list(): Definition<Body>[] {
    return this.#store.raw
      .prepare("SELECT id, body FROM definition WHERE kind = ? ORDER BY seq")
      .all(this.#kind.kind)
      .map((row) => {
        const { id, body } = rowShape.parse(row);
        return { id, body: this.#kind.shape.parse(body) };
      });
  }

  /** Stores a new one and returns its id. @throws HandrailError `conflict` for a name taken */
  add(body: Body): string {
    const id = randomBytes(16).toString("hex");
    const { kind, nameOf } = this.#kind;
    this.#named(() =>
      this.#store.raw
        .prepare("INSERT INTO definition (id, kind, name, body) VALUES (?, ?, ?, ?)")
        .run(id, kind, nameOf(body), JSON.stringify(body)),
    );
    return id;
  }

  /** Replaces one. @throws HandrailError `not-found`, `conflict` */
  change(id: string, body: Body): void {
    const { kind, nameOf } = this.#kind;
    const { changes } = this.#named(() =>
      this.#store.raw
        .prepare("UPDATE definition SET name = ?, body = ? WHERE id = ? AND kind = ?")
        .run(nameOf(body), JSON.stringify(body), id, kind),
    );
    if (changes === 0) throw new HandrailError("not-found", "no such definition");
  }

  /** Deletes one. @throws HandrailError `not-found` */
  remove(id: string): void {
    const { changes } = this.#store.raw
      .prepare("DELETE FROM definition WHERE id = ? AND kind = ?")
      .run(id, this.#kind.kind);
    if (changes === 0) throw new HandrailError("not-found", "no such definition");
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
