import { keepMode, type WriteCondition } from "@handrail/protocol";
import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsync,
  futimesSync,
  linkSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  unlinkSync,
} from "node:fs";
import { promisify } from "node:util";
import { settled, type Work } from "../../core/files/rounds.ts";
import { hashOf, isSame, lookAt, mustBeFile, openFile, versionOf } from "./disk.ts";
import { copyAttributes } from "./extended-attributes.ts";
import { codeOf, FileRefusal } from "./fault.ts";
import { writeOver } from "./writing-over.ts";

const toDisk = promisify(fsync);

/** Where a file is to be written: no link, whatever the console named. */
export interface Place {
  readonly path: Buffer;
  readonly folder: Buffer;
  /** What is there now. */
  readonly before: BigIntStats | undefined;
}

/** How a file is to be put in its place; `version` counts with that condition only. */
export interface Wishes {
  readonly mode: number;
  readonly modifiedAt: number;
  readonly condition: WriteCondition;
  readonly version: Uint8Array;
  readonly isDurable: boolean;
}

/** SHA-256 and size of what was replaced; undefined: nothing was there. */
export type Replaced = { readonly sha256: Buffer; readonly sizeBytes: number } | undefined;

/**
 * Where writing to a path writes to: through a link to what it leads to.
 * @throws FileRefusal `is-folder`, `not-supported`, `no-right`; the system's faults
 */
export function placeAt(wanted: Buffer): Place {
  let place = wanted;
  let before = lookAt(wanted);
  if (before?.isSymbolicLink()) {
    place = realpathSync.native(wanted, { encoding: "buffer" });
    before = lookAt(place);
  }
  if (before) {
    mustBeFile(before);
    // A file can be exchanged by whoever may write to its folder: the file's own rights count, too.
    accessSync(place, constants.W_OK);
  }
  const end = place.lastIndexOf("/");
  return { path: place, folder: place.subarray(0, Math.max(1, end)), before };
}

/** @throws FileRefusal `exists`, `changed` */
export function mustHold({ before }: Place, { condition, version }: Wishes): void {
  if (condition === "absent" && before) throw new FileRefusal("exists");
  if (condition !== "version") return;
  if (!before || !isSame(versionOf(before), version)) throw new FileRefusal("changed");
}

/**
 * Puts a part in its place, with all that the file is to have: nobody ever sees it otherwise, unless
 * the file has other names, which are to show the same: then it is written over, from a part that is
 * whole. What is replaced is hashed first, and must stay as it is until then. `placed` is called at the moment
 * from which on it is there, whatever comes after. Gives the version of what is there.
 * @throws FileRefusal `exists`, `changed`; the system's faults
 */
export function* putInPlace(
  part: { readonly descriptor: number; readonly path: Buffer },
  place: Place,
  wishes: Wishes,
  placed: (replaced: Replaced) => void,
): Work<Uint8Array> {
  const before = lookAt(place.path);
  mustHold({ ...place, before }, wishes);
  const old = before ? yield* hashOf(place.path, false) : undefined;
  const hasOtherNames = before !== undefined && isOfOtherNames(before);
  if (!hasOtherNames) dress(part.descriptor, { ...place, before }, wishes);
  // Of what is written over, the part is all that there is of it until that is done.
  if (wishes.isDurable || hasOtherNames) yield* settled(toDisk(part.descriptor));
  const now = lookAt(place.path);
  const isAsBefore = before && now ? isSame(versionOf(now), versionOf(before)) : now === before;
  if (!isAsBefore) throw new FileRefusal(wishes.condition === "absent" ? "exists" : "changed");
  const was = old && { sha256: old.sha256, sizeBytes: Number(old.stats.size) };
  if (hasOtherNames) {
    const version = writeOver(part, before, { path: place.path, wishes });
    placed(was);
    return version;
  }
  const version = versionOf(fstatSync(part.descriptor, { bigint: true }));
  if (before) renameSync(part.path, place.path);
  else moveToNothing(part.path, place.path);
  placed(was);
  if (wishes.isDurable) yield* settled(folderToDisk(place.folder));
  return version;
}

/**
 * Owner, attributes, mode and time, in this order: another owner takes bits of the mode away, and an
 * access control list has some of the mode in it.
 */
function dress(descriptor: number, place: Place, wishes: Wishes): void {
  const own = fstatSync(descriptor, { bigint: true });
  const { before } = place;
  if (before && (before.uid !== own.uid || before.gid !== own.gid)) {
    fchownSync(descriptor, Number(before.uid), Number(before.gid));
  }
  if (before) keepAttributes(place.path, descriptor);
  const kept = before ? Number(before.mode & 0o7777n) : newMode();
  fchmodSync(descriptor, wishes.mode === keepMode ? kept : wishes.mode & 0o7777);
  if (wishes.modifiedAt > 0) futimesSync(descriptor, new Date(), wishes.modifiedAt / 1000);
}

/**
 * Whether other names of the file are to show what is saved. Only of one's own: with an
 * administrator's rights, somebody could have laid a name here for a file that is not meant.
 */
function isOfOtherNames({ nlink, uid }: BigIntStats): boolean {
  return nlink > 1n && Number(uid) === process.geteuid?.();
}

function keepAttributes(path: Buffer, descriptor: number): void {
  using file = openFile(path, { follow: false });
  copyAttributes(file.descriptor, descriptor);
}

/** Never over something that has come in between, where the disk can do that. */
function moveToNothing(from: Buffer, to: Buffer): void {
  try {
    linkSync(from, to);
  } catch (fault) {
    if (codeOf(fault) === "EEXIST") throw fault;
    if (lookAt(to)) throw new FileRefusal("exists");
    return renameSync(from, to);
  }
  unlinkSync(from);
}

async function folderToDisk(folder: Buffer): Promise<void> {
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await toDisk(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

let umask: number | undefined;

/** Mode of a new file, as this computer gives it; asked for in the one way that changes nothing. */
function newMode(): number {
  if (umask === undefined) {
    const status = readFileSync("/proc/self/status", "utf8");
    umask = Number.parseInt(/^Umask:\s*([0-7]+)$/m.exec(status)?.[1] ?? "077", 8);
  }
  return 0o666 & ~umask;
}
