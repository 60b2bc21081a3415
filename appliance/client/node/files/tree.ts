/**
 * Folders with all that is in them: removed and copied in turns. Removing never leaves the folder
 * that was named, even if somebody puts links in the place of folders meanwhile: every folder is
 * opened, without following links, and worked on through what was opened.
 */
import { childPath } from "@handrail/protocol";
import {
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
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import type { Pause, Work } from "../../core/files/rounds.ts";
import { lookAt, measuresOf, openFile, pathOf, turnBytes } from "./disk.ts";
import { FileRefusal } from "./fault.ts";

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** What was done so far. */
export interface Tally {
  count: number;
  sizeBytes: number;
}

/** Removes what is at a path, a link itself. @throws the system's faults */
export function* removeTree(path: Buffer, tally: Tally): Work {
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
 * @throws FileRefusal `not-supported` (a device, a pipe, a socket); the system's faults
 */
export function* copyTree(from: Buffer, to: Buffer, tally: Tally): Work {
  const stats = lookAt(from);
  if (!stats) throw new FileRefusal("not-found", "ENOENT");
  if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(from, { encoding: "buffer" }), to);
  } else if (stats.isDirectory()) {
    mkdirSync(to, 0o700);
    for (const name of readdirSync(from, { encoding: "buffer" })) {
      yield* copyTree(pathOf(childPath(from, name)), pathOf(childPath(to, name)), tally);
    }
    const { mode, modifiedAt } = measuresOf(stats);
    chmodSync(to, mode);
    utimesSync(to, new Date(), modifiedAt / 1000);
  } else yield* copyFile(from, to, tally);
  tally.count++;
  yield undefined;
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
