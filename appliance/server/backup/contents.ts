import { z } from "zod";
import { versionShape } from "../update/release-version.ts";
import { BackupError } from "./backup-error.ts";

/** Where a file of a backup belongs. `settings` lie outside of the data, and are only laid down. */
export const backupRoots = ["data", "recordings", "settings"] as const;
/** One of these places. */
export type BackupRoot = (typeof backupRoots)[number];

/** A path inside its place: it leads nowhere else, and to nothing of the restoring itself. */
const pathShape = z
  .string()
  .max(1000)
  .refine((path) => path.split("/").every((part) => /^[^.\0][^\0]*$/.test(part)));

const contentsShape = z.object({
  /** The appliance's version, and how many schema files its database had seen. */
  version: versionShape,
  schema: z.int().positive(),
  host: z.string().max(300),
  /** Unix ms. */
  createdAt: z.int(),
  hasRecordings: z.boolean(),
  /** Files that went while the backup was made, and are not in it. */
  missing: z.array(z.string().max(1000)).max(1000).optional(),
  /** In the order in which their contents follow. */
  files: z.array(
    z.object({ root: z.enum(backupRoots), path: pathShape, sizeBytes: z.int().nonnegative() }),
  ),
});

/** What is in a backup. It stands before everything else in it, with its length (32 bits). */
export type BackupContents = z.infer<typeof contentsShape>;
/** One of its files. */
export type BackupFile = BackupContents["files"][number];

/** Longest list, bytes: more than a hundred thousand files. All of it is in memory when it is read. */
export const maxListBytes = 16 * 1024 * 1024;

/** The contents, as they are written. @throws BackupError `too-many-files` */
export function writeContents(contents: BackupContents): Buffer {
  const json = Buffer.from(JSON.stringify(contents));
  if (json.length > maxListBytes) throw tooMany();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json]);
}

/** Bytes of all files of a place. */
export function bytesOf({ files }: BackupContents, ...roots: BackupRoot[]): number {
  const counted = files.filter(({ root }) => roots.includes(root));
  return counted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Reads a backup that has been decrypted: what is in it, then its files one after the other. */
export class ContentsReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** @throws BackupError `damaged`, `too-many-files`, and what the pieces throw */
  async contents(): Promise<BackupContents> {
    const length = (await this.#exactly(4)).readUInt32BE();
    if (length > maxListBytes) throw tooMany();
    const json = (await this.#exactly(length)).toString();
    try {
      return contentsShape.parse(JSON.parse(json));
    } catch (cause) {
      throw strange(cause);
    }
  }

  /** The next bytes, piece by piece. @throws as `contents` */
  async *take(sizeBytes: number): AsyncGenerator<Buffer, void> {
    for (let left = sizeBytes; left > 0;) {
      while (this.#rest.length === 0) {
        const next = await this.#pieces.next();
        if (next.done === true) throw strange();
        this.#rest = next.value;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** There must be nothing more. @throws as `contents` */
  async end(): Promise<void> {
    const next = this.#rest.length > 0 ? { done: false } : await this.#pieces.next();
    if (next.done !== true) throw strange();
  }

  async #exactly(sizeBytes: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    for await (const piece of this.take(sizeBytes)) taken.push(piece);
    return Buffer.concat(taken);
  }
}

function tooMany(): BackupError {
  return new BackupError(
    "too-many-files",
    `The list of the backup's files is longer than ${maxListBytes >> 20} MB. ` +
      "Where it is to be made: leave the recordings out, and copy their folder by itself.",
  );
}

function strange(cause?: unknown): BackupError {
  return new BackupError("damaged", "What is in the backup cannot be read.", { cause });
}
