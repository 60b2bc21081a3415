import type { FileHandle } from "node:fs/promises";
import { readMigrations } from "../store/migrate.ts";
import { compareVersions } from "../update/release-version.ts";
import { version } from "../version.ts";
import { BackupError, toBackupError } from "./backup-error.ts";
import type { BackupKey } from "./backup-key.ts";
import { type BackupContents, ContentsReader } from "./contents.ts";
import { keyByPassphrase, type SealedHead, unseal } from "./sealed-file.ts";

/** A backup every byte of which has been found to be authentic, and which this version can restore. */
export interface CheckedBackup {
  readonly contents: BackupContents;
  /** Reads it from its beginning, and authenticates it again: it may lie where others can write. */
  reader(): ContentsReader;
}

/**
 * Reads all of a backup; nothing is written. The file has to stay open while the answer is used.
 * @throws BackupError `not-a-backup`, `newer`, `wrong-passphrase`, `damaged`, `too-many-files`, `failed`
 */
export async function checkBackup(file: FileHandle, passphrase: string): Promise<CheckedBackup> {
  try {
    const keyOf = keyByPassphrase(passphrase);
    const contents = await readThrough(file, keyOf);
    mustBeKnown(contents);
    return { contents, reader: () => new ContentsReader(unseal(file, keyOf)) };
  } catch (error) {
    throw toBackupError(error);
  }
}

async function readThrough(
  handle: FileHandle,
  keyOf: (head: SealedHead) => Promise<BackupKey>,
): Promise<BackupContents> {
  if (!(await handle.stat()).isFile()) {
    throw new BackupError("not-a-backup", "The file is no backup of Handrail.");
  }
  const reader = new ContentsReader(unseal(handle, keyOf));
  const contents = await reader.contents();
  for (const { sizeBytes } of contents.files) {
    const pieces = reader.take(sizeBytes);
    while ((await pieces.next()).done !== true);
  }
  await reader.end();
  return contents;
}

function mustBeKnown(contents: BackupContents): void {
  const isNewer =
    compareVersions(contents.version, version) > 0 || contents.schema > readMigrations().length;
  if (!isNewer) return;
  throw new BackupError(
    "newer",
    `The backup was made by version ${contents.version}, and this is ${version}: update first.`,
  );
}
