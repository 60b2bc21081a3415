import { readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { writeSecretFile } from "./files.ts";

/** A restart may overlap with the end of the run before it: so long it is waited for. */
const waitMs = 3_000;

const holderShape = z.object({ pid: z.int().positive(), host: z.string() });

/**
 * Keeps a data directory for this process, as long as it lives or until disposed: what the system
 * holds for an open file goes with the process, however that ends, so that nothing is left to be
 * cleared away. The file `running` says to people and to the next process who it is.
 * @throws Error naming the directory and the other process, in words for the operator
 */
export function lockDirectory(directory: string): Disposable {
  const lock = holdFile(path.join(directory, "lock"), waitMs);
  const note = path.join(directory, "running");
  if (!lock) {
    throw new Error(
      `the data directory ${directory} is in use by another appliance (${holderOf(note)}): stop ` +
        "that one, or give this one a directory of its own with HANDRAIL_DATA_DIRECTORY.",
    );
  }
  writeSecretFile(note, `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`);
  let isOurs = true;
  return {
    [Symbol.dispose]() {
      if (!isOurs) return;
      isOurs = false;
      rmSync(note, { force: true });
      lock[Symbol.dispose]();
    },
  };
}

/**
 * Holds a file, made if need be, for this process alone until disposed or until the process ends,
 * however it does; undefined when another still holds it after `timeoutMs`.
 */
export function holdFile(file: string, timeoutMs: number): Disposable | undefined {
  // Node has no call for the system's locks on files; SQLite takes them, and waits for them.
  const lock = new DatabaseSync(file, { timeout: timeoutMs });
  try {
    lock.exec("PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw cause;
    return undefined;
  }
  return { [Symbol.dispose]: () => lock.close() };
}

/** Sends a signal to the process that holds a data directory; false when none does. */
export function signalHolder(directory: string, signal: NodeJS.Signals): boolean {
  if (!isHeld(directory)) return false;
  const holder = readHolder(path.join(directory, "running"));
  if (holder?.host !== hostname()) return false;
  process.kill(holder.pid, signal);
  return true;
}

/** Since when a process has held a data directory, Unix ms; undefined when none does. */
export function heldSince(directory: string): number | undefined {
  if (!isHeld(directory)) return undefined;
  const about = statSync(path.join(directory, "running"), { throwIfNoEntry: false });
  return about && Math.floor(about.mtimeMs);
}

function isHeld(directory: string): boolean {
  const free = holdFile(path.join(directory, "lock"), 0);
  free?.[Symbol.dispose]();
  return free === undefined;
}

function isBusy(error: unknown): boolean {
  // SQLITE_BUSY. Source: sqlite.org/rescode.html
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}

function holderOf(note: string): string {
  const holder = readHolder(note);
  // It has not written it yet, or is of an older version.
  if (!holder) return "its process is not known";
  const { pid, host } = holder;
  return host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
}

function readHolder(note: string): z.infer<typeof holderShape> | undefined {
  try {
    return holderShape.parse(JSON.parse(readFileSync(note, "utf8")));
  } catch {
    // Whoever asks says what that means.
    return undefined;
  }
}
