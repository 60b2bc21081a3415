import { type DownloadCustomerMessage, HandrailError, pathBytes } from "@handrail/protocol";
import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { type Stat, strange } from "./disk.ts";
import type { DownloadChannel } from "./file-channel.ts";
import { FileRefusal, localRefusal } from "./file-refusal.ts";
import type { LocalFolder } from "./local-folder.ts";
import type { RemoteMoved } from "./remote-walk.ts";
import { Paused, type Run } from "./transfer-run.ts";

/** What a file that the system makes up as it is read may hold at most, bytes. */
const maxMadeUpBytes = 16 * 1024 * 1024;
/** So often a file is begun anew that changes while it is fetched. */
const attempts = 3;
/** Read at a time of what is there already, bytes. */
const chunkBytes = 256 * 1024;

/** One file to be fetched. */
export interface Fetching {
  readonly channel: DownloadChannel;
  readonly moved: RemoteMoved;
  readonly place: {
    readonly folder: LocalFolder;
    readonly names: readonly string[];
    readonly replaces: boolean;
  };
}

/**
 * Fetches one file, from the byte that an earlier run got to; it stands under its name only when it
 * is whole and has the SHA-256 that it has there.
 * @throws FileRefusal, HandrailError
 */
export async function fetchFile(run: Run, fetching: Fetching): Promise<void> {
  const { moved, place } = fetching;
  for (let attempt = 1; ; attempt++) {
    const stat = await run.disk.stat(moved.path, run.signal);
    // An earlier part of the same file, and of the same state of it, has the same mark.
    const mark = `${run.plan.id} ${Buffer.from(stat.version).toString("hex")}`;
    await run.done.part(place.folder.partOf(place.names, mark));
    const part = await place.folder.openPart(place.names, mark);
    const file = new FetchedFile(run, fetching, { stat, part });
    try {
      await file.fetch();
      await part.close();
      const looks = { mode: stat.mode, modifiedAt: stat.modifiedAt };
      await place.folder.finishPart(place.names, mark, { looks, replaces: place.replaces });
      return run.progress.arrived();
    } catch (cause) {
      await part.close();
      const error = localRefusal(cause);
      if (!isKept(run, error)) await place.folder.removePart(place.names, mark);
      const hasChanged = error instanceof FileRefusal && error.reason === "changed";
      if (hasChanged && attempt < attempts) {
        run.progress.doneBytes -= file.countedBytes;
        continue;
      }
      if (error instanceof FileRefusal) run.progress.dropped(moved, file.countedBytes);
      throw error;
    }
  }
}

/** A lost line and a full disk leave what is there, to go on from; the rest begins anew. */
function isKept(run: Run, error: unknown): boolean {
  if (run.signal.aborted) return run.signal.reason instanceof Paused;
  if (error instanceof FileRefusal) return error.reason === "disk-full";
  return error instanceof HandrailError && error.code !== "protocol-violation";
}

class FetchedFile {
  /** What the progress has been told of this file. */
  countedBytes = 0;
  readonly #run: Run;
  readonly #fetching: Fetching;
  readonly #stat: Stat;
  readonly #part: FileHandle;
  readonly #hash: Hash = createHash("sha256");
  /** How much of it is on this disk, and how much has come in all. */
  #offset = 0;
  #received = 0;
  /** What this file may hold in all. */
  #maxBytes = 0;
  #began: (DownloadCustomerMessage & { type: "began" }) | undefined;
  /** What came and is not on this disk yet, and what gives credit for it. */
  readonly #arrived: { bytes: Uint8Array; consume: () => void }[] = [];

  constructor(run: Run, fetching: Fetching, { stat, part }: { stat: Stat; part: FileHandle }) {
    this.#run = run;
    this.#fetching = fetching;
    this.#stat = stat;
    this.#part = part;
  }

  async fetch(): Promise<void> {
    await this.#takeUp();
    const over = Promise.withResolvers<Buffer>();
    over.promise.catch(() => undefined);
    let writing = Promise.resolve();
    const answer = (message: DownloadCustomerMessage, consume: () => void) => {
      switch (message.type) {
        case "began":
          this.#begins(message);
          return consume();
        case "data":
          this.#mayTake(message.bytes);
          this.#arrived.push({ bytes: message.bytes, consume });
          if (this.#arrived.length > 1) return;
          writing = writing.then(() => this.#write());
          return void writing.catch(over.reject);
        case "ended":
          consume();
          return void writing.then(() => over.resolve(Buffer.from(message.sha256)), over.reject);
        default:
          throw strange();
      }
    };
    const { moved, channel } = this.#fetching;
    const { version } = this.#stat;
    const path = pathBytes(moved.path);
    const request = await channel.ask(
      { type: "read", path, offset: this.#offset, version },
      { answer, failed: over.reject },
    );
    try {
      this.#check(await over.promise);
    } catch (error) {
      request.cancel();
      await writing.catch(() => undefined);
      throw error;
    } finally {
      request.done();
    }
  }

  /** Goes on after what is there, which is read once more for the hash. */
  async #takeUp(): Promise<void> {
    const { size } = await this.#part.stat();
    if (size > this.#stat.sizeBytes) await this.#part.truncate();
    else {
      const chunk = Buffer.alloc(chunkBytes);
      while (this.#offset < size) {
        this.#run.signal.throwIfAborted();
        const { bytesRead } = await this.#part.read(chunk, 0, chunkBytes, this.#offset);
        if (bytesRead === 0) break;
        this.#hash.update(chunk.subarray(0, bytesRead));
        this.#offset += bytesRead;
      }
    }
    this.#received = this.#offset;
    this.#count(this.#offset);
  }

  #begins(began: DownloadCustomerMessage & { type: "began" }): void {
    if (this.#began) throw strange();
    this.#began = began;
    this.#maxBytes = began.sizeBytes === 0 ? maxMadeUpBytes : began.sizeBytes;
    this.#run.progress.current = this.#fetching.moved.path;
  }

  #mayTake(bytes: Uint8Array): void {
    this.#received += bytes.length;
    if (!this.#began) throw strange();
    if (this.#received > this.#maxBytes) {
      throw new HandrailError("protocol-violation", "more than was announced");
    }
  }

  /** Writes all that has arrived, at once: a call for each piece costs more than the piece. */
  async #write(): Promise<void> {
    const arrived = this.#arrived.splice(0);
    for (const { bytes } of arrived) this.#hash.update(bytes);
    let pieces: readonly Uint8Array[] = arrived.map(({ bytes }) => bytes);
    while (pieces.length > 0) {
      const { bytesWritten } = await this.#part.writev(pieces, this.#offset);
      this.#offset += bytesWritten;
      this.#count(bytesWritten);
      pieces = withoutFirst(pieces, bytesWritten);
    }
    for (const { consume } of arrived) consume();
  }

  #check(sha256: Buffer): void {
    const isWhole = this.#began?.sizeBytes === 0 || this.#offset === this.#began?.sizeBytes;
    if (isWhole && this.#hash.digest().equals(sha256)) return;
    throw new FileRefusal("changed", "SHA-256");
  }

  #count(bytes: number): void {
    this.countedBytes += bytes;
    this.#run.progress.doneBytes += bytes;
  }
}

/** What is left when the first bytes are gone. */
function withoutFirst(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  const rest = [...pieces];
  for (let first = rest[0]; first && bytes >= first.length; first = rest[0]) {
    bytes -= first.length;
    rest.shift();
  }
  return rest.map((piece, i) => (i === 0 ? piece.subarray(bytes) : piece));
}
