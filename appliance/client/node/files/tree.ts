/**
 * Folders with all that is in them: removed and copied in turns. Removing never leaves the folder
 * that was named, even if somebody puts links in the place of folders meanwhile: every folder is
 * opened, without following links, and worked on through what was opened.
 */
import { childPath } from "@handrail/protocol";
import {
  type BigIntStats,
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import type { Pause, Work } from "../../core/files/rounds.ts";
import { lookAt, measuresOf, openFile, pathOf, turnBytes } from "./disk.ts";
import { FileRefusal } from "./fault.ts";
import { stepTo } from "./footing.ts";

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** What was done so far. */
export interface Tally {
  count: number;
  sizeBytes: number;
}

/** Removes what is at a path, a link itself. @throws the system's faults */
export function* removeTree(path: Buffer, tally: Tally): Work {
  stepTo(path);
  const stats = lstatSync(path);
  if (stats.isDirectory()) {
    yield* emptyFolder(path, tally);
    rmdirSync(path);
  } else {
    unlinkSync(path);
    if (stats.isFile()) tally.sizeBytes += stats.size;
  }
  tally.count++;
  yield undefined;
}

function* emptyFolder(path: Buffer, tally: Tally): Generator<Pause, void, void> {
  const descriptor = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const opened = Buffer.from(`/proc/self/fd/${descriptor}`);
    for (const name of readdirSync(opened, { encoding: "buffer" })) {
      yield* removeTree(pathOf(childPath(opened, name)), tally);
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Copies what is at a path to one at which nothing is: links as links, with modes and times. What
 * was made is the caller's to remove when it fails.
 * @throws FileRefusal `not-supported` (a device, a pipe, a socket), `bad-path` (a folder into
 *   itself, whatever way leads there); the system's faults
 */
export function* copyTree(from: Buffer, to: Buffer, tally: Tally): Work {
  yield* copyBelow(from, to, { tally, made: undefined });
}

interface Copying {
  readonly tally: Tally;
  /** The folder that all of it comes into, once it is made. */
  made: BigIntStats | undefined;
}

function* copyBelow(from: Buffer, to: Buffer, copying: Copying): Work {
  const { tally } = copying;
  const stats = lookAt(from);
  if (!stats) throw new FileRefusal("not-found", "ENOENT");
  if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(from, { encoding: "buffer" }), to);
  } else if (stats.isDirectory()) {
    // Links and mounts can lead to one folder by two names: it would never end.
    if (copying.made && isOne(copying.made, stats)) throw new FileRefusal("bad-path");
    mkdirSync(to, 0o700);
    copying.made ??= lookAt(to);
    for (const name of readdirSync(from, { encoding: "buffer" })) {
      yield* copyBelow(pathOf(childPath(from, name)), pathOf(childPath(to, name)), copying);
    }
    const { mode, modifiedAt } = measuresOf(stats);
    chmodSync(to, mode);
    utimesSync(to, new Date(), modifiedAt / 1000);
  } else yield* copyFile(from, to, tally);
  tally.count++;
  yield undefined;
}

/** Whether a folder is this one, or lies in it: of what is at the end of links. */
export function isInside(folder: Buffer, of: BigIntStats): boolean {
  let at = realpathSync.native(folder, { encoding: "buffer" });
  for (;;) {
    const stats = lookAt(at);
    if (stats && isOne(stats, of)) return true;
    if (at.length <= 1) return false;
    at = at.subarray(0, Math.max(1, at.lastIndexOf("/")));
  }
}

function isOne(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

const scratch = Buffer.allocUnsafeSlow(turnBytes);

function* copyFile(from: Buffer, to: Buffer, tally: Tally): Generator<Pause, void, void> {
  using source = openFile(from, { follow: false });
  const target = openSync(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    for (let at = 0, read = -1; read !== 0; at += read) {
      read = readSync(source.descriptor, scratch, 0, turnBytes, at);
      for (let done = 0; done < read;) {
        done += writeSync(target, scratch, done, read - done, at + done);
      }
      tally.sizeBytes += read;
      yield undefined;
    }
    const { mode, modifiedAt } = measuresOf(source.stats);
    fchmodSync(target, mode);
    futimesSync(target, new Date(), modifiedAt / 1000);
  } finally {
    closeSync(target);
  }
}
