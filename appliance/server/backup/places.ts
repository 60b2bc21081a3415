import path from "node:path";
import type { Settings } from "../config.ts";
import { databaseName } from "../store/database.ts";

/** Where the data of an appliance lie, and what of it is no part of a backup. */

/** A folder in each place, in which a restore is prepared and what it replaces is kept. */
export const restoreFolder = ".restore";

/** Where a backup lies that comes over the set-up page. */
export function uploadFile({ dataDirectory }: Pick<DataPlaces, "dataDirectory">): string {
  return path.join(dataDirectory, restoreFolder, "upload");
}

/** What belongs to this very machine or run of the program, and stays where it is. */
const ownNames: ReadonlySet<string> = new Set([
  ...["lock", "lock-journal", "running", "update"],
  // Of the file system, where the data are the root of one: root's alone.
  "lost+found",
]);
/** Not worth keeping, or replaced in a backup by a copy that is in itself consistent. */
const passingNames: ReadonlySet<string> = new Set([
  // Packed anew when it is asked for.
  "client",
  "set-up-code",
  ...["", "-wal", "-shm"].map((suffix) => databaseName + suffix),
]);

/** The folders that are backed up and restored. */
export type DataPlaces = Pick<
  Settings,
  "dataDirectory" | "recordingsDirectory" | "backupsDirectory"
>;

/** Whether something in the data directory stays where it is when the data are replaced. */
export function isKept(name: string, { dataDirectory, ...others }: DataPlaces): boolean {
  const inside = [others.recordingsDirectory, others.backupsDirectory];
  const nested = inside.map((folder) => path.relative(dataDirectory, folder).split(path.sep, 1)[0]);
  return name === restoreFolder || ownNames.has(name) || nested.includes(name);
}

/**
 * Whether something for the data directory is taken from a backup: what no backup of ours holds has
 * been put there by somebody, such as a client that customers would be sent.
 */
export function isTaken(name: string, places: DataPlaces): boolean {
  return name === databaseName || isCopied(name, places);
}

/** Whether something in the data directory is copied into a backup as it is. */
export function isCopied(name: string, places: DataPlaces): boolean {
  return !name.startsWith(".") && !passingNames.has(name) && !isKept(name, places);
}
