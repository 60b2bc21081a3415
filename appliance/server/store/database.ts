import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { HandrailError } from "@handrail/protocol";
import { Kysely, type SqliteDatabase, SqliteDialect } from "kysely";
import { type Clock, systemClock } from "../clock.ts";
import { migrate } from "./migrate.ts";

/**
 * The appliance's database: one SQLite file, one connection. `db` builds single statements for
 * administration (`db.$extendTables<MyTables>()` names the tables that a file of the store owns);
 * `raw` is for prepared statements on hot paths. Whatever needs several statements is one
 * synchronous `transaction`: a transaction that waits in between would swallow the writes of others
 * on the same connection, so `db.transaction()` is refused.
 */
export interface Store extends Disposable {
  readonly db: Kysely<object>;
  readonly raw: DatabaseSync;
  /** Runs all of `work` or none of it. Synchronous; not nested. @throws what `work` throws */
  transaction<T>(work: () => T): T;
}

/** The database's file in the data directory. */
export const databaseName = "handrail.sqlite";

/**
 * Opens the database file (":memory:" for none) and brings it to the newest schema.
 * What has been committed survives a kill and a power cut (WAL, synchronous=FULL).
 */
export function openStore(file: string, clock: Pick<Clock, "now"> = systemClock): Store {
  const raw = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 5_000 });
  try {
    raw.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    migrate(raw, clock);
  } catch (error) {
    raw.close();
    throw error;
  }
  return {
    raw,
    db: new Kysely<object>({ dialect: new SqliteDialect({ database: forKysely(raw) }) }),
    transaction: (work) => transact(raw, work),
    [Symbol.dispose]() {
      if (raw.isOpen) raw.close();
    },
  };
}

/** SQLite's result codes. Source: sqlite.org/rescode.html */
const sqliteFull = 13;
const sqliteIoError = 10;
const sqliteConstraintUnique = 2067;
const sqliteConstraintPrimaryKey = 1555;

/** Whether a statement failed because a row with that unique value exists already. */
export function isDuplicate(error: unknown): boolean {
  const code = resultCode(error);
  return code === sqliteConstraintUnique || code === sqliteConstraintPrimaryKey;
}

/**
 * An error of the database as one of the catalogue: `disk-full` when nothing more can be written,
 * otherwise the error as it came.
 */
export function storeFault(error: unknown): unknown {
  const code = resultCode(error);
  // The low byte is the primary code; a failed write counts as full, for the remedy is the same.
  if (code === undefined || ![sqliteFull, sqliteIoError].includes(code & 0xff)) return error;
  return new HandrailError("disk-full", "the database cannot be written", { cause: error });
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode : undefined;
}

function transact<T>(raw: DatabaseSync, work: () => T): T {
  raw.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    raw.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite rolls back by itself when the disk is full.
    if (raw.isTransaction) raw.exec("ROLLBACK");
    throw storeFault(error);
  }
}

/** The few calls that Kysely makes of a database, over Node's. */
function forKysely(raw: DatabaseSync): SqliteDatabase {
  return {
    // The store outlives every Kysely made from it, and closes the file itself.
    close: () => undefined,
    prepare(sql) {
      if (/^(begin|savepoint)\b/i.test(sql)) {
        throw new Error("transactions are synchronous: use store.transaction");
      }
      const statement = raw.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => guarded(() => statement.all(...toSql(parameters))),
        run: (parameters) => guarded(() => statement.run(...toSql(parameters))),
        iterate: (parameters) => statement.iterate(...toSql(parameters)),
      };
    },
  };
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeFault(error);
  }
}

function toSql(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (value === null || typeof value === "string" || typeof value === "number") return value;
    if (typeof value === "bigint" || value instanceof Uint8Array) return value;
    if (typeof value === "boolean") return value ? 1 : 0;
    throw new Error(`a ${typeof value} cannot be stored`);
  });
}
