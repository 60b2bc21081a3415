import { isRepresentativeId, type Lsid } from "@handrail/protocol";
import { z } from "zod";
import type { Store } from "./database.ts";

const rowShape = z.object({
  id: z.int(),
  author: z.string(),
  authorId: z.string().refine(isRepresentativeId),
  title: z.string(),
  text: z.string(),
  at: z.int(),
});

/** A note that a representative has kept with a session. `text` is text, whatever it looks like. */
export type SessionNote = Readonly<z.infer<typeof rowShape>>;

/** Notes on sessions: added, never changed. Changes are part of the caller's transaction. */
export class NoteStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Returns the id of the note. */
  add(lsid: Lsid, { author, authorId, title, text, at }: Omit<SessionNote, "id">): number {
    const { lastInsertRowid } = this.#store.raw
      .prepare(
        "INSERT INTO sessionNote (lsid, author, authorId, title, text, at) VALUES (?, ?, ?, ?, ?, ?)",
      )
      .run(lsid, author, authorId, title, text, at);
    return Number(lastInsertRowid);
  }

  /** How many a session has. */
  count(lsid: Lsid): number {
    const row = this.#store.raw
      .prepare("SELECT count(*) AS count FROM sessionNote WHERE lsid = ?")
      .get(lsid);
    return z.object({ count: z.int() }).parse(row).count;
  }

  /** Of one session, the first first. */
  ofSession(lsid: Lsid): SessionNote[] {
    const rows = this.#store.raw
      .prepare(
        "SELECT id, author, authorId, title, text, at FROM sessionNote WHERE lsid = ? ORDER BY id",
      )
      .all(lsid);
    return rows.map((row: unknown): SessionNote => rowShape.parse(row));
  }
}
