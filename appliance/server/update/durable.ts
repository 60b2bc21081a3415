import { execFile } from "node:child_process";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

/** Changes that are on the disk when the call is over, whatever happens to the power afterwards. */

/** Puts `content` in the place of a file: the old is there, or the new, whole. */
export function replaceFile(file: string, content: string): void {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.draft`);
  writeFileSync(draft, content, { flush: true, mode: 0o644 });
  moveInPlace(draft, file);
}

/** Renames, over what is there, within one file system. */
export function moveInPlace(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(path.dirname(to));
}

/** Takes a file away, if it is there. */
export function removeFile(file: string): void {
  rmSync(file, { force: true });
  syncFolder(path.dirname(file));
}

/** Makes names in a folder durable. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes everything durable that lies on the file system of this folder. See sync(1). */
export async function syncFileSystem(folder: string): Promise<void> {
  await promisify(execFile)("sync", ["--file-system", folder]);
}
