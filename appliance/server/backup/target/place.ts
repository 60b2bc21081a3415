import type { RemoteBackup } from "@handrail/protocol/upkeep";
import { isBackupName } from "../backup-folder.ts";

/** A file of the appliance that is to be sent. */
export interface LocalFile {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/** Called with how many bytes have arrived. */
export type Told = (doneBytes: number) => void;

/**
 * A target that is connected; disposing leaves it. Every method throws TargetError. Only files with
 * names of ours are seen.
 */
export interface Place extends AsyncDisposable {
  /** The newest first. A list that does not end is refused as `rejected`. */
  list(): Promise<RemoteBackup[]>;
  /** Whole under its name, or not there under it. */
  send(file: LocalFile, told: Told): Promise<void>;
  /** Writes what was listed to a file of the appliance: no byte more than the list has said. */
  fetch(listed: RemoteBackup, to: string, told: Told): Promise<void>;
  remove(name: string): Promise<void>;
  /** Writes a small file and removes it. */
  try(): Promise<void>;
}

/** Whether a file that a server has named is a backup, with a size that can be. */
export function isListed({ name, sizeBytes }: RemoteBackup): boolean {
  return isBackupName(name) && Number.isSafeInteger(sizeBytes) && sizeBytes > 0;
}

/** Backups of a target that are listed: whoever names more has no such folder. */
export const maxListed = 10_000;

/** How long nothing may come or go before the line counts as lost, ms. */
export const silenceMs = 60_000;

/** What the file that a try leaves for a moment is called. */
export const tryName = ".handrail-try";
