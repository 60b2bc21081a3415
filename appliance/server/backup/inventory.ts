import { mkdir, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { hostOf, type Settings } from "../config.ts";
import { databaseName } from "../store/database.ts";
import { version } from "../version.ts";
import { BackupError } from "./backup-error.ts";
import { type BackupContents, type BackupFile, writeContents } from "./contents.ts";
import { isCopied } from "./places.ts";

/** What a backup is made of. */
export interface InventoryOptions {
  readonly settings: Settings;
  readonly withRecordings: boolean;
  /** Where the copy of the database lies until it is disposed of; a folder of its own. */
  readonly draftFolder: string;
  /** Files that have gone since the backup was begun. */
  readonly missing: readonly string[];
  readonly clock: Pick<Clock, "now">;
}

/** Everything that goes into a backup, at one moment. */
export interface Inventory extends AsyncDisposable {
  readonly contents: BackupContents;
  /** All of it, as `ContentsReader` reads it. @throws BackupError `failed` */
  read(): AsyncGenerator<Buffer, void>;
}

/** A file that was listed has gone before it was read, as a recording that is kept no longer. */
export class GoneError extends Error {
  override readonly name = "GoneError";
  /** In its place, as in the list. */
  readonly path: string;

  constructor(path: string, options: { cause: unknown }) {
    super(`${path} has gone`, options);
    this.path = path;
  }
}

interface Found extends BackupFile {
  readonly from: string;
}

/** Pages of the database that are copied at once: all, for a copy in parts begins anew all the time. */
const allPages = 2 ** 31 - 1;

/**
 * Lists the files, and copies the database as it is at this moment, while the appliance may serve.
 * @throws BackupError `no-space`; what the system throws
 */
export async function takeInventory(options: InventoryOptions): Promise<Inventory> {
  const { settings, draftFolder, clock } = options;
  await using stack = new AsyncDisposableStack();
  await rm(draftFolder, { recursive: true, force: true });
  await mkdir(draftFolder, { recursive: true, mode: 0o700 });
  stack.defer(() => rm(draftFolder, { recursive: true, force: true }));
  const copy = path.join(draftFolder, databaseName);
  const schema = await copyDatabase(path.join(settings.dataDirectory, databaseName), copy);
  const found = [
    await describe("data", databaseName, copy),
    ...(await dataFiles(settings)),
    ...(await settingsFiles(options)),
    ...(options.withRecordings ? await recordings(settings.recordingsDirectory) : []),
  ].filter((each) => each !== undefined);
  const contents: BackupContents = {
    version,
    schema,
    host: settings.publicUrl === undefined ? hostname() : hostOf(settings),
    createdAt: clock.now(),
    hasRecordings: options.withRecordings,
    ...(options.missing.length === 0 ? {} : { missing: [...options.missing] }),
    files: found.map(({ from: _from, ...file }) => file),
  };
  const held = stack.move();
  return {
    contents,
    read: () => readAll(contents, found),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function copyDatabase(from: string, to: string): Promise<number> {
  const { size } = await stat(from);
  const { bavail, bsize } = await statfs(path.dirname(to));
  if (size > bavail * bsize) {
    throw new BackupError("no-space", "The disk has no room for a copy of the database.");
  }
  const database = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  try {
    await backup(database, to, { rate: allPages });
    return Number(database.prepare("SELECT count(*) AS seen FROM migration").get()?.seen);
  } finally {
    database.close();
  }
}

async function dataFiles(settings: Settings): Promise<Found[]> {
  const names = (await readdir(settings.dataDirectory)).filter((name) => isCopied(name, settings));
  const found: Found[] = [];
  for (const name of names.toSorted()) {
    found.push(...(await under("data", settings.dataDirectory, name)));
  }
  return found;
}

/** What the settings name outside of the data: it comes along, but is not put back by itself. */
async function settingsFiles({ settings }: InventoryOptions): Promise<Found[]> {
  const named: readonly (readonly [string, string | undefined])[] = [
    ["server.json", settings.configFile],
    ["certificate.pem", settings.tlsCertificateFile],
    ["private-key.pem", settings.tlsKeyFile],
  ];
  const found: Found[] = [];
  for (const [name, file] of named) {
    const described = file === undefined ? undefined : await describe("settings", name, file);
    if (described) found.push(described);
  }
  return found;
}

async function recordings(folder: string): Promise<Found[]> {
  const names = (await readdir(folder).catch(nothingThere)).filter((name) => name[0] !== ".");
  const found: Found[] = [];
  for (const name of names.toSorted()) found.push(...(await under("recordings", folder, name)));
  return found;
}

/** A file, or all files of a folder. Links and what else there may be are not followed. */
async function under(root: BackupFile["root"], top: string, name: string): Promise<Found[]> {
  const from = path.join(top, name);
  const entries = await readdir(from, { withFileTypes: true, recursive: true }).catch(noFolder);
  if (!entries) return [await describe(root, name, from)].filter((each) => each !== undefined);
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."));
  const described = files.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return describe(root, path.relative(top, file), file);
  });
  return (await Promise.all(described)).filter((each) => each !== undefined);
}

/** Undefined when it has gone in the meantime. */
async function describe(
  root: BackupFile["root"],
  name: string,
  from: string,
): Promise<Found | undefined> {
  const about = await stat(from).catch(nothingThere);
  if (!("size" in about) || !about.isFile()) return undefined;
  return { root, path: name, sizeBytes: about.size, from };
}

async function* readAll(contents: BackupContents, files: readonly Found[]) {
  yield writeContents(contents);
  for (const { from, path: name, sizeBytes } of files) {
    if (sizeBytes === 0) continue;
    await using file = await open(from).catch((cause: unknown) => {
      nothingThere(cause);
      throw new GoneError(name, { cause });
    });
    let read = 0;
    // What is written to meanwhile is longer now: a recording goes on at its end.
    const pieces: AsyncIterable<Buffer> = file.createReadStream({
      end: sizeBytes - 1,
      autoClose: false,
      highWaterMark: 1 << 18,
    });
    for await (const piece of pieces) {
      read += piece.length;
      yield piece;
    }
    if (read !== sizeBytes) {
      throw new BackupError("failed", `${from} became shorter while it was read.`);
    }
  }
}

function nothingThere(error: unknown): never[] {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
  throw error;
}

function noFolder(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOTDIR" || code === "ENOENT") return undefined;
  throw error;
}
