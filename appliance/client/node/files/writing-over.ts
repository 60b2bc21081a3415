import { keepMode } from "@handrail/protocol";
import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { turnBytes, versionOf } from "./disk.ts";
import { FileRefusal } from "./fault.ts";
import { stillWorking } from "./footing.ts";

const { O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
const scratch = Buffer.allocUnsafeSlow(turnBytes);

/** How the file is to be afterwards, and where it is. */
interface Target {
  readonly path: Buffer;
  readonly wishes: { readonly mode: number; readonly modifiedAt: number };
}

/**
 * Writes what a part holds over a file that has other names, and takes the part away: the file stays
 * the same one, under all its names, with its rights and attributes. In one go, so that nothing ends
 * it half way; what is to be added is written first, so that a full disk changes nothing. When it
 * fails all the same, or the computer does, the part still holds all of it. Gives the new version.
 * @throws FileRefusal `changed`; the system's faults
 */
export function writeOver(
  part: { readonly descriptor: number; readonly path: Buffer },
  before: BigIntStats,
  { path, wishes }: Target,
): Uint8Array {
  const descriptor = openSync(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    if (dev !== before.dev || ino !== before.ino) throw new FileRefusal("changed");
    const oldBytes = Number(before.size);
    const newBytes = fstatSync(part.descriptor).size;
    append(part.descriptor, descriptor, { from: oldBytes, to: newBytes });
    copy(part.descriptor, descriptor, { from: 0, to: Math.min(oldBytes, newBytes) });
    if (newBytes < oldBytes) ftruncateSync(descriptor, newBytes);
    if (wishes.mode !== keepMode) fchmodSync(descriptor, wishes.mode & 0o7777);
    if (wishes.modifiedAt > 0) futimesSync(descriptor, new Date(), wishes.modifiedAt / 1000);
    fsyncSync(descriptor);
    unlinkSync(part.path);
    return versionOf(fstatSync(descriptor, { bigint: true }));
  } finally {
    closeSync(descriptor);
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function append(source: number, target: number, range: Range): void {
  try {
    copy(source, target, range);
  } catch (fault) {
    ftruncateSync(target, range.from);
    throw fault;
  }
}

function copy(source: number, target: number, { from, to }: Range): void {
  for (let at = from; at < to;) {
    const read = readSync(source, scratch, 0, Math.min(turnBytes, to - at), at);
    if (read === 0) throw new FileRefusal("changed");
    for (let done = 0; done < read;) {
      done += writeSync(target, scratch, done, read - done, at + done);
    }
    at += read;
    stillWorking();
  }
}
