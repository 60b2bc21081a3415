/**
 * Works on the database's files for an update, as the account that they belong to and while no
 * server runs. Its arguments say what: `copy FROM TO`, `restore FROM TO`, `schema FILE`,
 * `keep-only FOLDER NAME`. It answers `{schema}`: how many schema files the database has seen.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
} from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { complain, print } from "../log.ts";
import { moveInPlace, syncFolder } from "./durable.ts";

process.umask(0o077);
try {
  print(JSON.stringify({ schema: run(process.argv.slice(2)) }));
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function run([verb, from = "", to = ""]: string[]): number {
  switch (verb) {
    case "copy":
      return copy(from, to);
    case "restore":
      return restore(from, to);
    case "schema":
      return schemaOf(from);
    case "keep-only":
      return keepOnly(from, to);
    default:
      throw new Error("unknown verb");
  }
}

/** An appliance that was never started has no database: then there is no copy either. */
function copy(from: string, to: string): number {
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
  rmSync(to, { force: true });
  if (!existsSync(from)) return 0;
  const draft = `${to}.draft`;
  rmSync(draft, { force: true });
  const database = new DatabaseSync(from, { timeout: 5_000 });
  try {
    database.prepare("VACUUM INTO ?").run(draft);
  } finally {
    database.close();
  }
  mustBeWhole(draft);
  putInPlace(draft, to);
  return schemaOf(to);
}

/** By a second copy, so that a cut leaves one database or the other, and the first copy. */
function restore(from: string, to: string): number {
  const draft = `${to}.restored`;
  rmSync(draft, { force: true });
  copyFileSync(from, draft);
  mustBeWhole(draft);
  // What the log beside it holds belongs to the database that goes: gone before, it cannot be
  // applied to the one that comes; a cut in between leaves the older state of what goes anyway.
  for (const suffix of ["-wal", "-shm"]) rmSync(to + suffix, { force: true });
  putInPlace(draft, to);
  return schemaOf(to);
}

function keepOnly(folder: string, name: string): number {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  const others = found.filter((each) => each.startsWith("database-") && each !== name);
  for (const each of others) rmSync(path.join(folder, each), { force: true });
  return 0;
}

function schemaOf(file: string): number {
  if (!existsSync(file)) return 0;
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    const isThere = "SELECT count(*) AS n FROM sqlite_schema WHERE name = 'migration'";
    if (database.prepare(isThere).get()?.n === 0) return 0;
    return Number(database.prepare("SELECT count(*) AS n FROM migration").get()?.n);
  } finally {
    database.close();
  }
}

function mustBeWhole(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const said = database.prepare("PRAGMA quick_check(1)").get();
    if (said?.quick_check !== "ok") throw new Error(`${file} is damaged`);
  } finally {
    database.close();
  }
}

function putInPlace(draft: string, to: string): void {
  const handle = openSync(draft, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  moveInPlace(draft, to);
  syncFolder(path.dirname(to));
}
