import type { StatementSync } from "node:sqlite";
import { HandrailError, type Lsid, type SessionEvent, toHandrailError } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import {
  type AuditDetail,
  type AuditRow,
  bytesOf,
  canonical,
  chain,
  origin,
  toRow,
  toSessionEvent,
} from "./audit-row.ts";
import { type AuditSearch, searchAudit } from "./audit-search.ts";
import { type AuditVerdict, verifyAudit } from "./audit-verify.ts";
import { type Store, storeFault } from "./database.ts";

/** What is to be written down. `event` is a dotted past tense, `who` the name of who caused it. */
export interface AuditEntry {
  readonly event: string;
  readonly who: string;
  /** The account, where a representative or administrator caused it. */
  readonly whoId?: string | undefined;
  readonly lsid?: Lsid | undefined;
  readonly detail?: AuditDetail | undefined;
}

/** How an entry is written. */
export interface AppendOptions {
  /** Further writes of the same transaction: all of it happens or nothing. Synchronous. */
  readonly also?: (() => void) | undefined;
  /**
   * For what has happened already and cannot be refused (a line was lost, a permission was taken
   * back): the row waits until it can be written, and the promise waits with it.
   */
  readonly mustHappen?: boolean | undefined;
  /**
   * Told after each try, before anything else happens, whether it is on the disk; what was not may
   * be tried again. Synchronous; must not throw.
   */
  readonly settled?: ((isWritten: boolean) => void) | undefined;
}

interface Pending {
  readonly mustHappen: boolean;
  work(): void;
  settled(isWritten: boolean): void;
  done(): void;
  failed(error: HandrailError): void;
}

const commitEveryMs = 12;
const commitEveryRows = 100;
const retryEveryMs = 1000;
const pageRows = 1000;
/**
 * The audit log: rows that are only ever appended, each carrying a hash of all before it. Rows
 * that come within 12 ms are committed together, for a commit waits for the disk. When the disk is
 * full an append is refused with `disk-full`, and what was to be audited must not happen.
 */
export class AuditLog {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #insert: StatementSync;
  readonly #setHead: StatementSync;
  readonly #newest: StatementSync;
  #head: { seq: number; hash: Buffer };
  #pending: Pending[] = [];
  /** What could not be written and must be. */
  #owed: Pending[] = [];
  #timer: Disposable | undefined;

  constructor(options: { store: Store; clock: Clock; log: Log }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#log = options.log;
    const { raw } = options.store;
    this.#insert = raw.prepare(
      "INSERT INTO audit (seq, at, event, who, whoId, lsid, detail, hash) VALUES (?,?,?,?,?,?,?,?)",
    );
    this.#setHead = raw.prepare(
      "INSERT OR REPLACE INTO auditHead (id, seq, hash) VALUES (1, ?, ?)",
    );
    // Where rows were cut off, the mark is ahead of them: what follows must not close the gap.
    this.#newest = raw.prepare(
      `SELECT seq, hash, 0 AS isMark FROM audit
       UNION ALL SELECT seq, hash, 1 FROM auditHead ORDER BY seq DESC, isMark DESC LIMIT 1`,
    );
    this.#head = this.#storedHead();
  }

  /**
   * Writes an entry down; resolves with its row once it is on the disk.
   * @throws HandrailError `disk-full`, or what `also` threw; then nothing of it is written
   */
  append(entry: AuditEntry, options: AppendOptions = {}): Promise<AuditRow> {
    let row: AuditRow | undefined;
    const work = () => {
      row = this.#write(entry);
      options.also?.();
    };
    return this.#enqueue(work, options).then(() => {
      if (row) return row;
      throw new HandrailError("internal", "the audit row was lost");
    });
  }

  /** Commits writes that need no row of their own together with the rows. @throws as `append` */
  write(work: () => void, options: Omit<AppendOptions, "also"> = {}): Promise<void> {
    return this.#enqueue(work, options);
  }

  /** Commits at once what waits. Rows that must happen and cannot be written stay. */
  flush(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const batch = [...this.#owed, ...this.#pending];
    this.#owed = [];
    this.#pending = [];
    if (batch.length === 0) return;
    if (this.#try(batch) === undefined) {
      for (const each of batch) each.done();
    } else {
      for (const each of batch) this.#commitAlone(each);
    }
    if (this.#owed.length === 0) return;
    this.#log.error("audit.owed", { rows: this.#owed.length, code: "disk-full" });
    this.#arm(retryEveryMs);
  }

  /** Rows that wait because the disk refuses them. */
  get owedRows(): number {
    return this.#owed.length;
  }

  /** How many rows there are, and the newest one's hash in hex. */
  status(): { rows: number; head: string } {
    const { seq, hash } = this.#storedHead();
    return { rows: seq, head: hash.toString("hex") };
  }

  /** Rows in descending order, from below `before` (exclusive) or from the newest. */
  page({ limit, ...search }: AuditSearch & { readonly limit: number }): AuditRow[] {
    return searchAudit(this.#store, search, { by: "DESC", limit }).map(toRow);
  }

  /** All rows that are there when it begins, in the order of the log, read as they are wanted. */
  *all(search: AuditSearch): Generator<AuditRow> {
    const last = { ...search, before: search.before ?? this.status().rows + 1 };
    for (let after = search.after ?? 0; ;) {
      const from = { ...last, after };
      const rows = searchAudit(this.#store, from, { by: "ASC", limit: pageRows }).map(toRow);
      yield* rows;
      const end = rows.at(-1);
      if (!end || rows.length < pageRows) return;
      after = end.seq;
    }
  }

  /** The events of a session, oldest first. */
  ofSession(lsid: Lsid): SessionEvent[] {
    return this.#store.raw
      .prepare("SELECT * FROM audit WHERE lsid = ? ORDER BY seq")
      .all(lsid)
      .map(toRow)
      .map(toSessionEvent);
  }

  /** Reads the whole log and compares every hash. */
  verify(): AuditVerdict {
    return verifyAudit(this.#store);
  }

  /** Writes what waits; called once at the end. */
  [Symbol.dispose](): void {
    this.flush();
    this.#timer?.[Symbol.dispose]();
    if (this.#owed.length > 0) {
      this.#log.error("audit.rows-lost", { rows: this.#owed.length, code: "disk-full" });
    }
  }

  #enqueue(work: () => void, options: Omit<AppendOptions, "also">): Promise<void> {
    const { mustHappen = false, settled = () => undefined } = options;
    return new Promise((resolve, reject) => {
      this.#pending.push({ work, mustHappen, settled, done: resolve, failed: reject });
      if (this.#pending.length >= commitEveryRows) this.flush();
      else if (this.#pending.length === 1) this.#arm(commitEveryMs);
    });
  }

  #arm(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#clock.after(delayMs, () => {
      this.#timer = undefined;
      this.flush();
    });
  }

  /** One of a batch that failed as a whole: only those at fault shall suffer. */
  #commitAlone(each: Pending): void {
    const error = this.#try([each]);
    if (!error) return each.done();
    const fault = toHandrailError(error);
    if (each.mustHappen && fault.code === "disk-full") this.#owed.push(each);
    else each.failed(fault);
  }

  #try(batch: readonly Pending[]): unknown {
    const head = this.#head;
    try {
      this.#store.transaction(() => {
        // The `handrail` command writes rows of its own while the appliance runs.
        this.#head = this.#storedHead();
        for (const each of batch) each.work();
        this.#setHead.run(this.#head.seq, this.#head.hash);
      });
    } catch (error) {
      this.#head = head;
      for (const each of batch) each.settled(false);
      return storeFault(error) ?? error;
    }
    for (const each of batch) each.settled(true);
    return undefined;
  }

  #storedHead(): { seq: number; hash: Buffer } {
    const newest = this.#newest.get();
    return { seq: Number(newest?.seq ?? 0), hash: bytesOf(newest?.hash) ?? origin };
  }

  #write(entry: AuditEntry): AuditRow {
    const row = {
      seq: this.#head.seq + 1,
      at: this.#clock.now(),
      event: entry.event,
      who: entry.who,
      ...(entry.whoId === undefined ? {} : { whoId: entry.whoId }),
      ...(entry.lsid === undefined ? {} : { lsid: entry.lsid }),
      detail: entry.detail ?? {},
    };
    const hash = chain(this.#head.hash, row);
    this.#insert.run(
      row.seq,
      row.at,
      row.event,
      row.who,
      entry.whoId ?? null,
      entry.lsid ?? null,
      canonical(row.detail),
      hash,
    );
    this.#head = { seq: row.seq, hash };
    return { ...row, hash: hash.toString("hex") };
  }
}
