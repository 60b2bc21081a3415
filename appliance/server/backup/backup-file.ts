import { createHash } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import { moveInPlace } from "../update/durable.ts";
import { toBackupError } from "./backup-error.ts";
import type { BackupKey } from "./backup-key.ts";
import { type InventoryOptions, takeInventory } from "./inventory.ts";
import { seal } from "./sealed-file.ts";

/** How the names of backups end. */
export const backupSuffix = ".hrbackup";

/** A backup that lies somewhere, whole. */
export interface MadeBackup {
  readonly name: string;
  readonly sizeBytes: number;
  /** Of the file, hex. */
  readonly sha256: string;
}

/** How a backup is made. */
export interface MakeOptions extends Omit<InventoryOptions, "draftFolder"> {
  readonly key: BackupKey;
  /** Folder for the backup; made if need be. */
  readonly folder: string;
  /** Stands in the name: who has made it. */
  readonly mark?: string;
}

/**
 * Makes a backup: whole under its name, or none. Memory is bounded, however much there is.
 * @throws BackupError `no-space`, `failed`
 */
export async function makeBackup(options: MakeOptions): Promise<MadeBackup> {
  const { folder, key, mark = "" } = options;
  let draft: string | undefined;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draftFolder = path.join(folder, `.draft-${process.pid}`);
    await using inventory = await takeInventory({ ...options, draftFolder });
    const { host, createdAt } = inventory.contents;
    const name = `handrail-${safe(host)}-${timeOf(createdAt)}${mark}${backupSuffix}`;
    draft = path.join(folder, `.${name}.draft`);
    const written = await write(draft, seal(inventory.read(), key));
    moveInPlace(draft, path.join(folder, name));
    return { name, ...written };
  } catch (error) {
    if (draft !== undefined) await rm(draft, { force: true });
    throw toBackupError(error);
  }
}

async function write(draft: string, pieces: AsyncIterable<Buffer>) {
  await rm(draft, { force: true });
  await using file = await open(draft, "wx", 0o600);
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const piece of pieces) {
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
