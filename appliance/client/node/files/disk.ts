/**
 * The few things that all work on files needs of the disk: what is at a path, opening what is truly
 * a file, and hashing it in turns. Calls are the system's own and wait for the disk: this runs in a
 * thread of its own.
 */
import type { FileKind } from "@handrail/protocol";
import { createHash, type Hash } from "node:crypto";
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  statSync,
} from "node:fs";
import type { Work } from "../../core/files/rounds.ts";
import { FileRefusal } from "./fault.ts";
import { stepTo } from "./footing.ts";

const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
/** What is read or written in one turn, bytes. */
export const turnBytes = 256 * 1024;

/** A path as Node takes it; the same memory. */
export function pathOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** What is at a path itself; undefined: nothing. @throws FileRefusal; the system's faults */
export function lookAt(path: Buffer): BigIntStats | undefined {
  stepTo(path);
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

/** What is at the end of the links; undefined: nothing, or no way there. */
export function lookThrough(path: Buffer): BigIntStats | undefined {
  try {
    stepTo(path);
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // A link may lead anywhere: what it leads to is then not known, and that is the answer.
    return undefined;
  }
}

/** What kind of thing it is. */
export function kindOf(stats: BigIntStats | undefined): FileKind {
  if (!stats) return "none";
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}

/** Mode, size and time as the wire has them. */
export function measuresOf(stats: BigIntStats) {
  return {
    mode: Number(stats.mode & 0o7777n),
    sizeBytes: Number(stats.size),
    modifiedAt: Math.max(0, Number(stats.mtimeMs)),
  };
}

/** Equal as long as the file was not changed: its time in ns, its number and its size. */
export function versionOf({ mtimeNs, ino, size }: BigIntStats): Uint8Array {
  const version = new DataView(new ArrayBuffer(24));
  version.setBigUint64(0, BigInt.asUintN(64, mtimeNs), true);
  version.setBigUint64(8, ino, true);
  version.setBigUint64(16, size, true);
  return new Uint8Array(version.buffer);
}

/** Whether two versions or hashes are the same. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** A file that is open for reading. */
export interface OpenFile extends Disposable {
  readonly descriptor: number;
  readonly stats: BigIntStats;
}

/**
 * Opens a file to read it. Devices, pipes and sockets are never opened: what it is, is looked at
 * before, and again at what was opened, since it may have been exchanged in between.
 * @throws FileRefusal `is-folder`, `not-supported`, `not-answering`; the system's faults
 */
export function openFile(path: Buffer, { follow }: { follow: boolean }): OpenFile {
  stepTo(path);
  const before = follow ? statSync(path, { bigint: true }) : lstatSync(path, { bigint: true });
  mustBeFile(before);
  const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
  const descriptor = openSync(path, flags);
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    mustBeFile(stats);
    return { descriptor, stats, [Symbol.dispose]: () => closeSync(descriptor) };
  } catch (fault) {
    closeSync(descriptor);
    throw fault;
  }
}

/** @throws FileRefusal `is-folder`, `not-supported` */
export function mustBeFile(stats: BigIntStats): void {
  if (stats.isDirectory()) throw new FileRefusal("is-folder");
  if (!stats.isFile()) throw new FileRefusal("not-supported");
}

/** A new SHA-256. */
export function sha256(): Hash {
  return createHash("sha256");
}

// Used between two turns only, so that one is enough for all.
const scratch = Buffer.allocUnsafeSlow(turnBytes);

/** Adds the first `lengthBytes` of a file to a hash, or what there is of them; says how much. */
export function* hashInto(hash: Hash, descriptor: number, lengthBytes: number): Work<number> {
  let at = 0;
  while (at < lengthBytes) {
    const wanted = Math.min(turnBytes, lengthBytes - at);
    const read = readSync(descriptor, scratch, 0, wanted, at);
    if (read === 0) break;
    hash.update(scratch.subarray(0, read));
    at += read;
    yield undefined;
  }
  return at;
}

/** The SHA-256 of a file as it is now. @throws as `openFile`; FileRefusal `changed` */
export function* hashOf(
  path: Buffer,
  follow: boolean,
): Work<{ sha256: Buffer; stats: BigIntStats }> {
  using file = openFile(path, { follow });
  const { descriptor, stats } = file;
  const hash = sha256();
  yield* hashInto(hash, descriptor, Number(stats.size));
  const after = fstatSync(descriptor, { bigint: true });
  if (!isSame(versionOf(after), versionOf(stats))) throw new FileRefusal("changed");
  return { sha256: hash.digest(), stats };
}
