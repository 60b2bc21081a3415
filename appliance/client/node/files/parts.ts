import { constants, fstatSync, openSync, unlinkSync } from "node:fs";
import { childPath } from "@handrail/protocol";
import type { Clock } from "../../core/clock.ts";
import { lookAt, pathOf } from "./disk.ts";
import { openFolder } from "./folder.ts";
import { codeOf } from "./fault.ts";
import { standAt } from "./footing.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
const prefix = ".handrail-part-";
const partName = /^\.handrail-part-[0-9a-f]{32}$/;
/** A part that nobody has written to for so long was left behind, ms. */
const leftBehindMs = 24 * 3600 * 1000;
/** Folders of which it is known that nothing was left behind in them. */
const maxSwept = 1024;

/**
 * The unfinished files of this client: they lie beside the place that they are meant for, under
 * names that say so, readable by nobody else, and go when the right to write is taken away.
 */
export class Parts {
  readonly #clock: Clock;
  /** By path; `leave` makes whoever is writing to it let go. */
  readonly #mine = new Map<string, { leave: (() => void) | undefined }>();
  readonly #swept = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Path of the part with a token (in hex) in a folder. */
  pathIn(folder: Buffer, token: string): Buffer {
    return pathOf(childPath(folder, Buffer.from(prefix + token)));
  }

  /**
   * Opens a part to go on with it, or makes one. Only a file of one's own, under that one name, is
   * gone on with; anything else of the name is taken away first. Who comes later has the part: a
   * console that begins anew is back before the appliance has given up the channel it had. `leave`
   * is called when this happens to the present caller.
   * @throws the system's faults
   */
  open(path: Buffer, leave: () => void): number {
    standAt(path);
    this.#mine.get(keyOf(path))?.leave?.();
    const descriptor = this.#reopened(path) ?? this.create(path);
    this.#mine.set(keyOf(path), { leave });
    return descriptor;
  }

  /** Makes a part that is not there. @throws the system's faults */
  create(path: Buffer): number {
    standAt(path);
    const descriptor = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    this.#mine.set(keyOf(path), { leave: undefined });
    return descriptor;
  }

  /** Nobody writes to it now; it may be gone on with. */
  rest(path: Buffer): void {
    this.#mine.set(keyOf(path), { leave: undefined });
  }

  /** It is in its place: there is no part any more. */
  placed(path: Buffer): void {
    this.#mine.delete(keyOf(path));
  }

  /** Takes a part away. */
  remove(path: Buffer): void {
    this.#mine.delete(keyOf(path));
    unlinkIfThere(path);
  }

  /** Takes all away that this client has left. */
  removeAll(): void {
    for (const key of [...this.#mine.keys()]) this.remove(Buffer.from(key, "latin1"));
  }

  /** Takes away what an earlier client has left in a folder, long ago. */
  sweep(folder: Buffer): void {
    const key = keyOf(folder);
    standAt(folder);
    if (this.#swept.has(key) || this.#swept.size >= maxSwept) return;
    this.#swept.add(key);
    using open = openFolder(folder);
    for (const name of open.names) {
      if (!partName.test(name.toString("latin1"))) continue;
      const path = pathOf(childPath(folder, name));
      const stats = lookAt(path);
      const isMine = stats?.isFile() === true && Number(stats.uid) === process.geteuid?.();
      if (!isMine || this.#mine.has(keyOf(path))) continue;
      if (Number(stats.mtimeMs) < this.#clock.unixNow() - leftBehindMs) unlinkIfThere(path);
    }
  }

  #reopened(path: Buffer): number | undefined {
    const there = lookAt(path);
    if (!there) return undefined;
    const isOurs =
      there.isFile() && there.nlink === 1n && Number(there.uid) === process.geteuid?.();
    if (!isOurs) {
      unlinkSync(path);
      return undefined;
    }
    const descriptor = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    return fstatSync(descriptor, { bigint: true }).ino === there.ino ? descriptor : undefined;
  }
}

function keyOf(path: Buffer): string {
  return path.toString("latin1");
}

/** @throws the system's faults, but not that there is nothing */
function unlinkIfThere(path: Buffer): void {
  standAt(path);
  try {
    unlinkSync(path);
  } catch (fault) {
    if (codeOf(fault) !== "ENOENT") throw fault;
  }
}
