import { createHash } from "node:crypto";
import { mkdir, open, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { AuditDetail } from "../store/audit-row.ts";
import { moveInPlace } from "../update/durable.ts";
import { toBackupError } from "./backup-error.ts";
import type { BackupKey } from "./backup-key.ts";
import { GoneError, type InventoryOptions, takeInventory } from "./inventory.ts";
import { seal } from "./sealed-file.ts";

/** How the names of backups end. */
export const backupSuffix = ".hrbackup";

/** Files that may go while a backup is made, before it fails: with each it begins anew. */
const maxMissing = 20;
/** Begins the name of the folder in which a process makes a backup. */
const draftPrefix = ".draft-";

/** A backup that lies somewhere, whole. */
export interface MadeBackup {
  readonly name: string;
  readonly sizeBytes: number;
  /** Of the file, hex. */
  readonly sha256: string;
  /** Files that went while they were being packed; they are named in its list. */
  readonly missing: readonly string[];
}

/** What the audit log has of it. */
export function madeDetail({ name, sizeBytes, sha256, missing }: MadeBackup): AuditDetail {
  const detail = { name, sizeBytes, sha256 };
  return missing.length === 0 ? detail : { ...detail, missing: missing.length };
}

/** How a backup is made. */
export interface MakeOptions extends Omit<InventoryOptions, "draftFolder" | "missing"> {
  readonly key: BackupKey;
  /** Folder for the backup; made if need be. */
  readonly folder: string;
  /** Stands in the name: who has made it. */
  readonly mark?: string;
  /** Gives it up. */
  readonly signal?: AbortSignal;
}

/**
 * Makes a backup: whole under its name, or none. Memory is bounded, however much there is.
 * @throws BackupError `no-space`, `failed`
 */
export async function makeBackup(options: MakeOptions): Promise<MadeBackup> {
  const { folder } = options;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await clearDrafts(folder);
    // The list comes first in a backup: where a file of it has gone, it is made with another list.
    const missing: string[] = [];
    for (;;) {
      const made = await makeWithout(missing, options);
      if (!(made instanceof GoneError)) return made;
      if (missing.length === maxMissing) throw made;
      missing.push(made.path);
    }
  } catch (error) {
    throw toBackupError(error);
  }
}

/** The error tells of a file that has gone meanwhile. */
async function makeWithout(
  missing: readonly string[],
  options: MakeOptions,
): Promise<MadeBackup | GoneError> {
  const { folder, key, mark = "", signal } = options;
  const draftFolder = path.join(folder, `${draftPrefix}${process.pid}`);
  await using inventory = await takeInventory({ ...options, draftFolder, missing });
  const { host, createdAt } = inventory.contents;
  const name = `handrail-${safe(host)}-${timeOf(createdAt)}${mark}${backupSuffix}`;
  const draft = path.join(draftFolder, name);
  try {
    const written = await write(draft, seal(inventory.read(), key), signal);
    moveInPlace(draft, path.join(folder, name));
    return { name, ...written, missing };
  } catch (error) {
    if (error instanceof GoneError) return error;
    throw error;
  }
}

/** Removes what programs have left that were killed while they made a backup. */
async function clearDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(draftPrefix)) continue;
    const pid = Number(name.slice(draftPrefix.length));
    if (pid === process.pid || !isAlive(pid)) {
      await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Of another account: it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function write(draft: string, pieces: AsyncIterable<Buffer>, signal?: AbortSignal) {
  await using file = await open(draft, "wx", 0o600);
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    hash.update(piece);
    sizeBytes += piece.length;
    await file.writeFile(piece);
  }
  await file.sync();
  return { sizeBytes, sha256: hash.digest("hex") };
}

function safe(host: string): string {
  return host.replace(/[^A-Za-z0-9.-]/g, "-").slice(0, 64);
}

/** 2026-11-22-173005, in UTC. */
function timeOf(at: number): string {
  const [day = "", time = ""] = new Date(at).toISOString().split("T");
  return `${day}-${time.slice(0, 8).replaceAll(":", "")}`;
}
