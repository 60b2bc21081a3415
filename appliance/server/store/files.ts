import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";

/** Makes the data directory, for the appliance alone. */
export function makePrivateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/** Writes a file that the appliance alone may read; after a crash it is there whole or not at all. */
export function writeSecretFile(file: string, content: string): void {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.draft`);
  const handle = openSync(draft, "w", 0o600);
  try {
    // All of it: one write may take a part and say nothing when the disk is nearly full.
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
}

/** The names of what is in a folder; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(unlessGone)) ?? [];
}

/** Takes it that something is not there, or has gone meanwhile. @throws every other fault */
export function unlessGone(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
