import type { StatementSync } from "node:sqlite";
import { HandrailError, isLsid, type Lsid, type UnixMs } from "@handrail/protocol";
import { type Removal } from "@handrail/protocol/upkeep";
import { z } from "zod";
import type { Store } from "./database.ts";
import { optional } from "./row.ts";

/** What is deleted of a session, each by itself: recordings of screen and shells, or its snapshot. */
export const purgeKinds = ["recordings", "snapshots"] as const;
/** One of them. */
export type PurgeKind = (typeof purgeKinds)[number];

/** What is to be deleted of which session. */
export interface Purge {
  readonly lsid: Lsid;
  readonly kind: PurgeKind;
}

const purgeRow = z.object({ lsid: z.string().refine(isLsid), kind: z.enum(purgeKinds) });
const removalRow = z.object({
  kind: z.enum(purgeKinds),
  at: z.number(),
  keepDays: optional(z.number()),
});
const endedRow = z.object({ lsid: z.string().refine(isLsid), endedAt: z.number() });

/** Which sessions stay for ever, and what was deleted of others. Synchronous. */
export class RetentionStore {
  readonly #store: Store;
  readonly #mark: StatementSync;
  readonly #removed: StatementSync;

  constructor(store: Store) {
    this.#store = store;
    this.#removed = store.raw.prepare("SELECT kind, at, keepDays FROM purge WHERE lsid = ?");
    // Whoever wanted the session kept a moment ago has the last word.
    this.#mark = store.raw.prepare(
      `INSERT INTO purge (lsid, kind, at, keepDays, isDone) SELECT ?1, ?2, ?3, ?4, 0
       WHERE NOT EXISTS (SELECT 1 FROM keptSession WHERE lsid = ?1)
       ON CONFLICT (lsid, kind) DO UPDATE SET at = ?3, keepDays = ?4, isDone = 0`,
    );
  }

  /** Whether everything of the session is kept for ever. */
  isKept(lsid: Lsid): boolean {
    return (
      this.#store.raw.prepare("SELECT 1 FROM keptSession WHERE lsid = ?").get(lsid) !== undefined
    );
  }

  /** Keeps everything of a session for ever, or no longer; within whatever transaction is open. */
  setKept(lsid: Lsid, isKept: boolean): void {
    const sql = isKept
      ? "INSERT OR IGNORE INTO keptSession (lsid) VALUES (?)"
      : "DELETE FROM keptSession WHERE lsid = ?";
    this.#store.raw.prepare(sql).run(lsid);
  }

  /** What was deleted of a session. */
  removed(lsid: Lsid): Partial<Record<PurgeKind, Removal>> {
    const rows = this.#removed.all(lsid).map((row) => removalRow.parse(row));
    return Object.fromEntries(
      rows.map(({ kind, at, keepDays }): [PurgeKind, Removal] => [
        kind,
        keepDays === undefined ? { at } : { at, keepDays },
      ]),
    );
  }

  /** When each session ended that is not kept for ever, of those that ended before. */
  endedBefore(before: UnixMs): ReadonlyMap<Lsid, UnixMs> {
    const rows = this.#store.raw
      .prepare(
        `SELECT lsid, endedAt FROM session WHERE phase = 'ended' AND endedAt < ?
         AND NOT EXISTS (SELECT 1 FROM keptSession WHERE keptSession.lsid = session.lsid)`,
      )
      .all(before)
      .map((row) => endedRow.parse(row));
    return new Map(rows.map(({ lsid, endedAt }) => [lsid, endedAt]));
  }

  /**
   * Writes down, within whatever transaction is open, that this is deleted.
   * @throws HandrailError `conflict` when one of the sessions is kept for ever by now
   */
  mark(purges: readonly Purge[], { at, keepDays }: Removal): void {
    for (const { lsid, kind } of purges) {
      const { changes } = this.#mark.run(lsid, kind, at, keepDays ?? null);
      if (Number(changes) === 0) throw new HandrailError("conflict", `${lsid} is kept for ever`);
    }
  }

  /** What was marked and is not known to be gone. */
  unfinished(): Purge[] {
    return this.#store.raw
      .prepare("SELECT lsid, kind FROM purge WHERE isDone = 0")
      .all()
      .map((row) => purgeRow.parse(row));
  }

  /** The files of it are gone. */
  finish({ lsid, kind }: Purge): void {
    this.#store.raw
      .prepare("UPDATE purge SET isDone = 1 WHERE lsid = ? AND kind = ?")
      .run(lsid, kind);
  }
}
