import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { storageKinds, type StorageUse } from "@handrail/protocol/upkeep";
import { BackupFolder } from "../backup/backup-folder.ts";
import type { Settings } from "../config.ts";
import { databaseName } from "../store/database.ts";
import { unlessGone } from "../store/files.ts";
import type { RecordingStore } from "../store/recordings.ts";

/** Where what takes room lies. */
export interface StorageOptions {
  readonly settings: Pick<
    Settings,
    "dataDirectory" | "recordingsDirectory" | "backupsDirectory" | "releasesDirectory"
  >;
  readonly recordings: Pick<RecordingStore, "files">;
  /** Folder of the machine's log. */
  readonly logDirectory?: string;
}

interface Found {
  readonly sizeBytes: number;
  readonly changedAt: number;
}

/** What takes room, in the order of `storageKinds`; what there is none of is left out. */
export async function readStorage({
  settings,
  recordings,
  logDirectory = "/var/log/journal",
}: StorageOptions): Promise<StorageUse[]> {
  const uses = new Map<StorageUse["kind"], StorageUse>();
  const count = (kind: StorageUse["kind"], found: Found) =>
    void uses.set(kind, grown(uses.get(kind) ?? { kind, files: 0, sizeBytes: 0 }, found));
  for await (const file of recordings.files()) count(file.kind, file);
  const backups = await new BackupFolder(settings.backupsDirectory).list();
  for (const { sizeBytes, madeAt } of backups) count("backups", { sizeBytes, changedAt: madeAt });
  const own = settings.dataDirectory;
  const counted = [settings.recordingsDirectory, settings.backupsDirectory];
  for await (const [name, found] of filesIn(own, counted)) {
    count(name.startsWith(path.join(own, databaseName)) ? "database" : "other", found);
  }
  for await (const [, found] of filesIn(settings.releasesDirectory, [own])) {
    count("releases", found);
  }
  for await (const [, found] of filesIn(logDirectory, [])) count("logs", found);
  return storageKinds.map((kind) => uses.get(kind)).filter((use) => use !== undefined);
}

function grown(use: StorageUse, { sizeBytes, changedAt }: Found): StorageUse {
  return {
    kind: use.kind,
    files: use.files + 1,
    sizeBytes: use.sizeBytes + sizeBytes,
    oldestAt: Math.min(use.oldestAt ?? changedAt, changedAt),
    newestAt: Math.max(use.newestAt ?? changedAt, changedAt),
  };
}

/** Every file below a folder but those below `without`; links are not followed. */
async function* filesIn(
  folder: string,
  without: readonly string[],
): AsyncGenerator<readonly [string, Found]> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(noEntries)) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory() && !without.includes(name)) yield* filesIn(name, without);
    const about = entry.isFile() ? await stat(name).catch(unlessGone) : undefined;
    if (about) yield [name, { sizeBytes: about.size, changedAt: Math.floor(about.mtimeMs) }];
  }
}

/** What is not there, or not for the appliance to see, is not counted. */
function noEntries(error: unknown): never[] {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "EACCES") return [];
  throw error;
}
