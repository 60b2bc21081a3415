import { createHash, randomBytes } from "node:crypto";
import { HandrailError, type UnixMs } from "@handrail/protocol";
import { z } from "zod";
import { isDuplicate, type Store } from "./database.ts";

/** A canned script as it is stored. `document`: the whole text; `sha256`: its hash, hex. */
export interface StoredScript {
  /** 32 hex digits. */
  readonly id: string;
  readonly document: string;
  readonly revision: number;
  readonly sha256: string;
  readonly savedAt: UnixMs;
}

/** What is kept of a script when it is saved. */
export interface ScriptWriting {
  readonly name: string;
  readonly document: string;
  readonly savedAt: UnixMs;
  /** The name that the author signs in with. */
  readonly savedBy: string;
}

const rowShape = z.object({
  id: z.string(),
  document: z.string(),
  revision: z.int(),
  sha256: z.string(),
  savedAt: z.int(),
});
const columns = "id, document, revision, sha256, savedAt";

/**
 * The canned scripts of the site. Names are unique whatever their case. Everything is synchronous:
 * changes are part of the caller's transaction.
 */
export class ScriptStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** All scripts, by name. */
  list(): StoredScript[] {
    const rows = this.#store.raw.prepare(`SELECT ${columns} FROM script ORDER BY name`).all();
    return rows.map((row) => rowShape.parse(row));
  }

  find(id: string): StoredScript | undefined {
    const row = this.#store.raw.prepare(`SELECT ${columns} FROM script WHERE id = ?`).get(id);
    return row && rowShape.parse(row);
  }

  /** A new id; nothing is stored under it yet. */
  newId(): string {
    return randomBytes(16).toString("hex");
  }

  /** @throws HandrailError `conflict` for a name taken */
  add(id: string, { name, document, savedAt, savedBy }: ScriptWriting): void {
    this.#named(() =>
      this.#store.raw
        .prepare(
          `INSERT INTO script (id, name, document, revision, sha256, savedAt, savedBy)
           VALUES (?, ?, ?, 1, ?, ?, ?)`,
        )
        .run(id, name, document, hashText(document), savedAt, savedBy),
    );
  }

  /** @throws HandrailError `conflict` for a name taken, or another revision than that */
  change(id: string, revision: number, writing: ScriptWriting): void {
    const { name, document, savedAt, savedBy } = writing;
    const { changes } = this.#named(() =>
      this.#store.raw
        .prepare(
          `UPDATE script SET name = ?, document = ?, sha256 = ?, savedAt = ?, savedBy = ?,
             revision = revision + 1
           WHERE id = ? AND revision = ?`,
        )
        .run(name, document, hashText(document), savedAt, savedBy, id, revision),
    );
    if (changes === 0) throw new HandrailError("conflict", "it has been changed meanwhile");
  }

  /** @throws HandrailError `conflict` for another revision than that */
  remove(id: string, revision: number): void {
    const { changes } = this.#store.raw
      .prepare("DELETE FROM script WHERE id = ? AND revision = ?")
      .run(id, revision);
    if (changes === 0) throw new HandrailError("conflict", "it has been changed meanwhile");
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

/** SHA-256 of a text in UTF-8, hex. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
