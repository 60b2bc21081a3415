import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { UnixMs } from "@handrail/protocol";
import { backupSuffix } from "./backup-file.ts";

/** A backup that lies on the appliance. */
export interface KeptBackup {
  readonly name: string;
  readonly sizeBytes: number;
  readonly madeAt: UnixMs;
}

/** Stands in the names of backups that were made by the schedule. */
export const scheduledMark = "-scheduled";
const nameShape = new RegExp(`^handrail-[A-Za-z0-9.-]{1,120}\\${backupSuffix}$`);

/** Whether a file is called as we call backups. */
export function isBackupName(name: string): boolean {
  return nameShape.test(name);
}

/** Whether a backup of that name was made by the schedule. */
export function isScheduled(name: string): boolean {
  return name.endsWith(scheduledMark + backupSuffix);
}

/** The folder of the backups on the appliance. */
export class BackupFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The newest first. */
  async list(): Promise<KeptBackup[]> {
    const names = await readdir(this.#folder).catch(nothing);
    const found = await Promise.all(names.filter(isBackupName).map((name) => this.#describe(name)));
    return found.filter((each) => each !== undefined).sort((a, b) => b.madeAt - a.madeAt);
  }

  /** The file of one of them; undefined when there is none. */
  async pathOf(name: string): Promise<string | undefined> {
    return (await this.#describe(name)) && path.join(this.#folder, name);
  }

  /** Whether there was one. */
  async remove(name: string): Promise<boolean> {
    const file = await this.pathOf(name);
    if (file !== undefined) await rm(file, { force: true });
    return file !== undefined;
  }

  /** Removes the oldest that the schedule has made, until that many are left. Gives their names. */
  async keepScheduled(count: number): Promise<string[]> {
    const scheduled = (await this.list()).filter(({ name }) => isScheduled(name));
    const old = scheduled.slice(count).map(({ name }) => name);
    for (const name of old) await this.remove(name);
    return old;
  }

  async #describe(name: string): Promise<KeptBackup | undefined> {
    if (!isBackupName(name)) return undefined;
    const about = await stat(path.join(this.#folder, name)).catch(() => undefined);
    if (!about?.isFile()) return undefined;
    return { name, sizeBytes: about.size, madeAt: Math.floor(about.mtimeMs) };
  }
}

function nothing(error: unknown): string[] {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
  throw error;
}
