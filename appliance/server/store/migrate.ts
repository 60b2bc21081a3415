import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";

/** One numbered file of SQL. Never edited once it has been released: `sha256` would differ. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** The folder of the numbered files. */
const schemaDirectory = path.join(import.meta.dirname, "schema");
const fileName = /^([0-9]{4})-([a-z0-9-]+)\.sql$/;

/** The numbered files of a folder, in order. @throws Error when a number is missing or twice. */
export function readMigrations(directory = schemaDirectory): Migration[] {
  const migrations = readdirSync(directory)
    .toSorted()
    .map((file) => {
      const match = fileName.exec(file);
      if (!match) throw new Error(`${file} in the schema folder is not named like 0001-name.sql`);
      const sql = readFileSync(path.join(directory, file), "utf8");
      const sha256 = createHash("sha256").update(sql).digest("hex");
      return { number: Number(match[1]), name: match[2] ?? "", sql, sha256 };
    });
  const misnumbered = migrations.find((each, i) => each.number !== i + 1);
  if (misnumbered) throw new Error(`schema file number ${misnumbered.number} is out of sequence`);
  return migrations;
}

/**
 * Brings a database to the newest schema: each file that it has not seen, once, in order, in a
 * transaction of its own. Returns how many were applied.
 * @throws Error when the database was made by a newer appliance or a released file was edited
 */
export function migrate(
  database: DatabaseSync,
  clock: Pick<Clock, "now">,
  migrations = readMigrations(),
): number {
  database.exec(
    `CREATE TABLE IF NOT EXISTS migration (
       number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL,
       appliedAt INTEGER NOT NULL
     ) STRICT`,
  );
  const applied = database.prepare("SELECT number, sha256 FROM migration ORDER BY number").all();
  if (applied.length > migrations.length) {
    throw new Error(
      `The database has schema ${applied.length}, this appliance knows ${migrations.length}: ` +
        "start the newer version, or restore the backup made before the update.",
    );
  }
  for (const [i, row] of applied.entries()) {
    if (row.sha256 === migrations[i]?.sha256) continue;
    throw new Error(`Schema file ${i + 1} differs from the one that the database was made with.`);
  }
  const missing = migrations.slice(applied.length);
  for (const each of missing) apply(database, each, clock.now());
  return missing.length;
}

function apply(database: DatabaseSync, migration: Migration, appliedAt: number): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec(migration.sql);
    database
      .prepare("INSERT INTO migration (number, name, sha256, appliedAt) VALUES (?, ?, ?, ?)")
      .run(migration.number, migration.name, migration.sha256, appliedAt);
    database.exec("COMMIT");
  } catch (cause) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw new Error(`apply schema ${migration.number} (${migration.name})`, { cause });
  }
}
