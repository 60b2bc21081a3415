import {
  type FilesWriteCustomerMessage,
  maxSmallFileBytes,
  pathBytes,
  type PutResult,
  type SmallUpload,
} from "@handrail/protocol";
import { createHash } from "node:crypto";
import { Ahead } from "./ahead.ts";
import { strange } from "./disk.ts";
import { change, makeFolder, modeOf, readSmall } from "./disk-change.ts";
import type { WriteChannel } from "./file-channel.ts";
import { FileRefusal, localRefusal } from "./file-refusal.ts";
import { type LocalMoved, walkLocal } from "./local-walk.ts";
import { below, nameOf, parentOf, type RemotePath } from "./remote-path.ts";
import { Slots } from "./slots.ts";
import {
  type Conflict,
  each,
  endsTransfer,
  numberedName,
  Paused,
  type Run,
} from "./transfer-run.ts";
import { sendFile } from "./upload-file.ts";

/** Small files that go together: how many, and bytes; a message is at most 512 KB. */
const batchFiles = 256;
const batchBytes = 384 * 1024;
/** What a file costs in a message besides its content, bytes. */
const overheadBytes = 512;
/** Requests under way. */
const atOnce = 12;

/** Something and where it is to go. `replaces`: the person has said so. */
interface Placed {
  readonly moved: LocalMoved;
  readonly path: RemotePath;
  readonly replaces: boolean;
}

/**
 * Brings files and folders of this computer into a folder of the customer's. Resolves when all is
 * there that could be brought; what could not is in the progress.
 * @throws HandrailError, FileRefusal `disk-full`: what is there stays, and a later run goes on
 */
export async function upload(run: Run): Promise<void> {
  const channel = run.disk.newWrites();
  try {
    await new Upload(run, channel).all();
  } finally {
    // In good order after a cancel: the other end is told to forget what has begun.
    if (run.signal.aborted && !(run.signal.reason instanceof Paused)) channel.finish();
    else channel.close();
    await Promise.all([run.done.flush(), run.unfinished.flush()]);
  }
}

class Upload {
  readonly #run: Run;
  readonly #channel: WriteChannel;
  readonly #slots = new Slots(atOnce);
  /** Folders of the other computer, and when they are there. */
  readonly #made = new Map<RemotePath, Promise<void>>();
  readonly #folders: LocalMoved[] = [];
  readonly #links: LocalMoved[] = [];
  #batch: Placed[] = [];
  #batchBytes = 0;

  constructor(run: Run, channel: WriteChannel) {
    this.#run = run;
    this.#channel = channel;
  }

  async all(): Promise<void> {
    const { plan, progress, signal } = this.#run;
    const problem = (names: readonly string[], error: unknown) =>
      progress.problem(names, localRefusal(error));
    const stop = () => this.#channel.close();
    try {
      for await (const moved of new Ahead(walkLocal(plan.sources, problem), progress)) {
        signal.throwIfAborted();
        await this.#take(moved);
      }
      await this.#flush();
      await this.#slots.settle();
      for (const link of this.#links) await this.#begin(link, () => this.#link(link));
      await this.#slots.settle();
      for (const folder of this.#folders.reverse()) {
        await this.#begin(folder, () => this.#finish(folder));
      }
      await this.#slots.settle();
    } catch (error) {
      if (!signal.aborted) stop();
      await this.#slots.idle();
      signal.throwIfAborted();
      throw error;
    }
  }

  #begin(moved: LocalMoved, task: () => Promise<void>): Promise<void> {
    this.#run.signal.throwIfAborted();
    return this.#slots.begin(() => each(this.#run, moved.names, task));
  }

  async #take(moved: LocalMoved): Promise<void> {
    const { progress, done } = this.#run;
    if (moved.kind === "folder") return this.#makeFolder(moved);
    if (moved.kind === "other") {
      progress.leftOut++;
      return progress.dropped(moved);
    }
    if (done.has(moved.names)) return progress.arrived(moved.sizeBytes);
    if (moved.kind === "link") return void this.#links.push(moved);
    const placed = { moved, path: this.#pathOf(moved), replaces: false };
    if (moved.sizeBytes > maxSmallFileBytes) {
      return this.#begin(moved, () => this.#large(placed));
    }
    const isOther = this.#batch[0] && parentOf(this.#batch[0].path) !== parentOf(placed.path);
    const bytes = moved.sizeBytes + overheadBytes;
    const isFull = this.#batch.length >= batchFiles || this.#batchBytes + bytes > batchBytes;
    if (isOther || isFull) await this.#flush();
    this.#batch.push(placed);
    this.#batchBytes += bytes;
  }

  #pathOf({ names }: LocalMoved): RemotePath {
    return below(this.#run.plan.target, ...names);
  }

  async #makeFolder(moved: LocalMoved): Promise<void> {
    const path = this.#pathOf(moved);
    const parent = this.#ready(path);
    const made = Promise.withResolvers<void>();
    made.promise.catch(() => undefined);
    this.#made.set(path, made.promise);
    await this.#begin(moved, async () => {
      try {
        await parent;
        const { done, signal } = this.#run;
        // Open to its owner while it is filled; the end gives it its own mode.
        const isNew = await makeFolder(this.#channel, path, { mode: 0o700, signal });
        if (!isNew && (await this.#run.disk.stat(path, signal)).leadsTo !== "folder") {
          throw new FileRefusal("exists", "");
        }
        if (isNew) done.add([...moved.names, ""]);
        if (done.has([...moved.names, ""])) this.#folders.push(moved);
        made.resolve();
      } catch (error) {
        made.reject(error);
        throw error;
      }
    });
  }

  /** Resolves when the folder of a path is there. */
  #ready(path: RemotePath): Promise<void> {
    return this.#made.get(parentOf(path)) ?? Promise.resolve();
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    const [first] = batch;
    if (first) await this.#slots.begin(() => this.#put(batch, parentOf(first.path)));
  }

  /** Puts small files into one folder. */
  async #put(batch: readonly Placed[], folder: RemotePath): Promise<void> {
    const { progress } = this.#run;
    try {
      await this.#ready(below(folder, "x"));
    } catch (error) {
      if (endsTransfer(error)) throw error;
      for (const { moved } of batch) progress.problem(moved.names, error);
      return;
    }
    const read = await Promise.all(batch.map((placed) => this.#read(placed)));
    const files = read.filter((each) => each !== undefined);
    if (files.length === 0) return;
    const results = await this.#results(folder, files);
    for (const [at, file] of files.entries()) {
      await each(this.#run, file.placed.moved.names, () => this.#isPut(file, results[at]));
    }
  }

  async #read(placed: Placed): Promise<Read | undefined> {
    const { moved, replaces } = placed;
    let file: Read | undefined;
    await each(this.#run, moved.names, async () => {
      const content = await readSmall(moved);
      file = {
        placed,
        upload: {
          name: pathBytes(nameOf(placed.path)),
          mode: modeOf(moved),
          modifiedAt: moved.modifiedAt,
          condition: replaces ? "any" : "absent",
          version: new Uint8Array(),
          content,
        },
      };
    });
    return file;
  }

  async #results(folder: RemotePath, files: readonly Read[]): Promise<PutResult[]> {
    const results: PutResult[] = [];
    const take = (answer: FilesWriteCustomerMessage): boolean => {
      if (answer.type !== "put" || answer.first !== results.length) throw strange();
      results.push(...answer.results);
      if (results.length > files.length) throw strange();
      return results.length === files.length;
    };
    const uploads = files.map(({ upload }) => upload);
    await this.#channel.call(
      { type: "put", folder: pathBytes(folder), isDurable: false, files: uploads },
      { take, signal: this.#run.signal },
    );
    return results;
  }

  async #isPut({ placed, upload }: Read, result: PutResult | undefined): Promise<void> {
    const { moved } = placed;
    if (!result) throw strange();
    if (result.outcome === "exists" && !placed.replaces) {
      const other = await this.#elsewhere(placed);
      // One at a time: whoever is asked answers one question after the other.
      if (other) await this.#put([other], parentOf(other.path));
      return;
    }
    if (result.outcome !== "ok") throw new FileRefusal(result.outcome, "");
    const digest = createHash("sha256").update(upload.content).digest();
    if (!digest.equals(result.sha256)) throw new FileRefusal("changed", "SHA-256");
    this.#run.progress.current = placed.path;
    this.#run.progress.arrived(moved.sizeBytes);
    this.#run.done.add(moved.names);
  }

  async #large(placed: Placed): Promise<void> {
    const { run, moved, path } = { run: this.#run, ...placed };
    await this.#ready(path);
    try {
      const { replaces } = placed;
      await sendFile(run, { channel: this.#channel, moved, path, replaces, mode: modeOf(moved) });
    } catch (error) {
      const isTaken = error instanceof FileRefusal && error.reason === "exists" && !error.isHere;
      if (!isTaken || placed.replaces) throw error;
      const other = await this.#elsewhere(placed);
      return other && this.#large(other);
    }
    run.done.add(moved.names);
  }

  async #link(moved: LocalMoved, path = this.#pathOf(moved)): Promise<void> {
    await this.#ready(path);
    const link = { path: pathBytes(path), target: pathBytes(moved.target ?? "") };
    const { signal } = this.#run;
    try {
      await change(this.#channel, { type: "link", ...link }, signal);
    } catch (error) {
      const isTaken = error instanceof FileRefusal && error.reason === "exists";
      if (!isTaken) throw error;
      const other = await this.#elsewhere({ moved, path, replaces: false });
      if (!other) return;
      if (!other.replaces) return this.#link(moved, other.path);
      const remove = { type: "remove", path: link.path, isRecursive: false } as const;
      await change(this.#channel, remove, signal);
      await change(this.#channel, { type: "link", ...link }, signal);
    }
    this.#run.progress.arrived();
    this.#run.done.add(moved.names);
  }

  /** What the person wants where something is in the way; undefined: nothing. */
  async #elsewhere({ moved, path }: Placed): Promise<Placed | undefined> {
    const { disk, progress, signal } = this.#run;
    const { sizeBytes, modifiedAt, kind } = await disk.stat(path, signal);
    const existing: Conflict["existing"] = { sizeBytes, modifiedAt, isFolder: kind === "folder" };
    switch (await this.#run.decide({ moved, existing })) {
      case "replace":
        if (existing.isFolder) throw new FileRefusal("is-folder", "");
        return { moved, path, replaces: true };
      case "keep-both":
        return { moved, path: await this.#freePath(path), replaces: false };
      case "skip":
        progress.skipped++;
        progress.dropped(moved);
        return undefined;
    }
  }

  async #freePath(path: RemotePath): Promise<RemotePath> {
    for (let number = 2; ; number++) {
      const free = below(parentOf(path), numberedName(nameOf(path), number));
      const isFree = await this.#run.disk.stat(free, this.#run.signal).then(
        () => false,
        (error: unknown) => {
          if (error instanceof FileRefusal && error.reason === "not-found") return true;
          throw error;
        },
      );
      if (isFree) return free;
    }
  }

  async #finish(moved: LocalMoved): Promise<void> {
    const path = pathBytes(this.#pathOf(moved));
    const looks = { mode: modeOf(moved), modifiedAt: moved.modifiedAt };
    await change(this.#channel, { type: "change", path, ...looks }, this.#run.signal);
  }
}

/** A small file that was read. */
interface Read {
  readonly placed: Placed;
  readonly upload: SmallUpload;
}
