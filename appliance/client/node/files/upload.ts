import { type FilesWriteConsoleMessage, pathText } from "@handrail/protocol";
import type { Hash } from "node:crypto";
import { closeSync, fstatSync, ftruncateSync, statfsSync, writeSync } from "node:fs";
import { factText } from "../../core/files/batch-report.ts";
import type { Facts } from "../../core/files/lane.ts";
import type { Work } from "../../core/files/rounds.ts";
import { hashInto, isSame, pathOf, sha256 } from "./disk.ts";
import { FileRefusal, refusalOf } from "./fault.ts";
import { stepTo } from "./footing.ts";
import type { Parts } from "./parts.ts";
import { mustHold, type Place, placeAt, putInPlace, type Wishes } from "./placing.ts";

type Begin = Extract<FilesWriteConsoleMessage, { type: "begin" }>;

/**
 * A file that a console sends in pieces: written to a part beside its place as it comes, and put in
 * its place once it is whole.
 */
export class Upload implements Disposable {
  readonly #begin: Begin;
  readonly #parts: Parts;
  readonly #wishes: Wishes;
  readonly #hash: Hash = sha256();
  #place: Place | undefined;
  #part: { readonly descriptor: number; readonly path: Buffer } | undefined;
  #at = 0;
  #isReady = false;

  constructor(begin: Begin, parts: Parts) {
    this.#begin = begin;
    this.#parts = parts;
    this.#wishes = { ...begin, isDurable: true };
  }

  /** Whether data may come. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /**
   * Makes or finds the part; says how much of it is there. `taken`: another upload goes on with it.
   * @throws FileRefusal; the system's faults
   */
  *open(taken: () => void): Work<number> {
    const { path, token, sizeBytes } = this.#begin;
    const place = placeAt(pathOf(path));
    mustHold(place, this.#wishes);
    this.#parts.sweep(place.folder);
    const partPath = this.#parts.pathIn(place.folder, Buffer.from(token).toString("hex"));
    const descriptor = this.#parts.open(partPath, taken);
    this.#place = place;
    this.#part = { descriptor, path: partPath };
    const { size } = fstatSync(descriptor);
    // A part of something else, under a token that was used before.
    if (size > sizeBytes) ftruncateSync(descriptor, 0);
    const held = size > sizeBytes ? 0 : size;
    this.#at = held;
    mustFit(place.folder, sizeBytes - held);
    this.#at = yield* hashInto(this.#hash, descriptor, held);
    this.#isReady = true;
    return this.#at;
  }

  /** Writes what has come. @throws FileRefusal `too-large`; the system's faults */
  write(bytes: Uint8Array): void {
    const part = this.#part;
    if (!part) throw new FileRefusal("changed");
    stepTo(part.path);
    if (this.#at + bytes.length > this.#begin.sizeBytes) throw new FileRefusal("too-large");
    for (let done = 0; done < bytes.length;) {
      const written = writeSync(part.descriptor, bytes, done, bytes.length - done, this.#at);
      this.#hash.update(bytes.subarray(done, done + written));
      done += written;
      this.#at += written;
    }
  }

  /**
   * Puts it in its place; `saved` is told what is to be written down of it. Gives its version.
   * @throws FileRefusal `changed`, as `putInPlace`; the system's faults
   */
  *finish(told: Uint8Array, saved: (facts: Facts) => void): Work<Uint8Array> {
    this.#isReady = false;
    const place = this.#place;
    const part = this.#part;
    if (!place || !part) throw new FileRefusal("changed");
    const whole = this.#hash.digest();
    const { sizeBytes } = this.#begin;
    if (this.#at !== sizeBytes || !isSame(whole, told)) throw new FileRefusal("changed");
    return yield* putInPlace(part, place, this.#wishes, (replaced) => {
      this.#close((path) => this.#parts.placed(path));
      saved(savedFacts(this.#begin.path, { sizeBytes, sha256: whole }, replaced));
    });
  }

  /** What becomes of the part when something went wrong: it can go on once there is room again. */
  failed(fault: unknown): void {
    const { error } = refusalOf(fault);
    if (error === "disk-full" && this.#at > 0) this[Symbol.dispose]();
    else this.abandon();
  }

  /** The console has lost its channel: the part stays. */
  [Symbol.dispose](): void {
    this.#close((path) => this.#parts.rest(path));
  }

  /** Nothing of it stays. */
  abandon(): void {
    this.#close((path) => this.#parts.remove(path));
  }

  #close(settle: (path: Buffer) => void): void {
    const part = this.#part;
    this.#part = undefined;
    this.#isReady = false;
    if (!part) return;
    closeSync(part.descriptor);
    settle(part.path);
  }
}

/** What is written down of a file that was saved. */
export function savedFacts(
  path: Uint8Array,
  after: { sizeBytes: number; sha256: Uint8Array },
  before: { sizeBytes: number; sha256: Uint8Array } | undefined,
): Facts {
  return {
    path: factText(pathText(path)),
    sizeBytes: after.sizeBytes,
    sha256: Buffer.from(after.sha256).toString("hex"),
    ...(before && {
      sizeBefore: before.sizeBytes,
      sha256Before: Buffer.from(before.sha256).toString("hex"),
    }),
  };
}

/** Better to say it before an hour of sending than after. @throws FileRefusal `disk-full` */
function mustFit(folder: Buffer, missingBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (missingBytes > bavail * bsize) throw new FileRefusal("disk-full", "ENOSPC");
}
