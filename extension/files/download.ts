import {
  type DownloadCustomerMessage,
  maxSmallFileBytes,
  pathBytes,
  pathText,
  type SmallFile,
} from "@handrail/protocol";
import { createHash } from "node:crypto";
import { Ahead } from "./ahead.ts";
import { strange } from "./disk.ts";
import { fetchFile } from "./download-file.ts";
import type { DownloadChannel } from "./file-channel.ts";
import { FileRefusal } from "./file-refusal.ts";
import { LocalFolder, staysInside } from "./local-folder.ts";
import { type RemoteMoved, walkRemote } from "./remote-walk.ts";
import { parentOf } from "./remote-path.ts";
import { Slots } from "./slots.ts";
import { each, endsTransfer, numberedName, type Run } from "./transfer-run.ts";

/** Small files that are asked for together: how many, and bytes. */
const batchFiles = 256;
const batchBytes = 1024 * 1024;
/** Requests under way. */
const atOnce = 8;

/** A small file and where it is to go. */
interface Placed {
  readonly moved: RemoteMoved;
  readonly names: readonly string[];
  readonly replaces: boolean;
}

/**
 * Fetches files and folders of the customer's computer into a folder of this one. Resolves when all
 * is there that could be had; what could not is in the progress.
 * @throws HandrailError, FileRefusal `disk-full`: what is there stays, and a later run goes on
 */
export async function download(run: Run): Promise<void> {
  const channel = run.disk.newDownloads();
  const stop = () => channel.close();
  run.signal.addEventListener("abort", stop);
  try {
    await new Download(run, channel).all();
  } finally {
    run.signal.removeEventListener("abort", stop);
    channel.close();
    await run.done.flush();
  }
}

class Download {
  readonly #run: Run;
  readonly #channel: DownloadChannel;
  readonly #folder: LocalFolder;
  readonly #slots = new Slots(atOnce);
  readonly #folders: RemoteMoved[] = [];
  readonly #links: RemoteMoved[] = [];
  /** Files that are no longer small. */
  readonly #grown: Placed[] = [];
  #batch: Placed[] = [];
  #batchBytes = 0;

  constructor(run: Run, channel: DownloadChannel) {
    this.#run = run;
    this.#channel = channel;
    this.#folder = new LocalFolder(run.plan.target);
  }

  async all(): Promise<void> {
    const { disk, plan, progress, signal } = this.#run;
    const problem = progress.problem.bind(progress);
    const source = walkRemote({ disk, sources: plan.sources, problem, signal });
    try {
      for await (const moved of new Ahead(source, progress)) {
        signal.throwIfAborted();
        await each(this.#run, moved.names, () => this.#take(moved));
      }
      await this.#flush();
      await this.#slots.settle();
      for (const placed of this.#grown) await this.#large(placed);
      await this.#slots.settle();
    } catch (error) {
      await this.#slots.idle();
      // What closing the channel makes of requests is not why it was closed.
      signal.throwIfAborted();
      throw error;
    }
    for (const link of this.#links) await each(this.#run, link.names, () => this.#link(link));
    for (const folder of this.#folders.reverse()) await this.#finish(folder);
  }

  async #take(moved: RemoteMoved): Promise<void> {
    const { progress, done } = this.#run;
    if (moved.kind === "folder") return this.#makeFolder(moved);
    if (moved.kind === "other") {
      progress.leftOut++;
      return progress.dropped(moved);
    }
    if (done.has(moved.names)) return progress.arrived(moved.sizeBytes);
    if (moved.kind === "link") return void this.#links.push(moved);
    const place = await this.#placeOf(moved);
    if (!place) return;
    if (moved.sizeBytes > maxSmallFileBytes || moved.isFollowed) return this.#large(place);
    const isOther = this.#batch[0] && parentOf(this.#batch[0].moved.path) !== parentOf(moved.path);
    if (isOther) await this.#flush();
    this.#batch.push(place);
    this.#batchBytes += moved.sizeBytes;
    if (this.#batch.length >= batchFiles || this.#batchBytes >= batchBytes) await this.#flush();
  }

  async #makeFolder(moved: RemoteMoved): Promise<void> {
    await this.#folder.makeFolder(moved.names);
    const { done } = this.#run;
    // Told with an empty name behind it: the folder's looks are still to be given.
    if (this.#folder.isNew(moved.names)) done.add([...moved.names, ""]);
    if (done.has([...moved.names, ""])) this.#folders.push(moved);
  }

  /** Where it goes; undefined if it is to be skipped. */
  async #placeOf(moved: RemoteMoved): Promise<Placed | undefined> {
    const { names } = moved;
    if (this.#folder.isNew(names.slice(0, -1))) return { moved, names, replaces: true };
    const found = await this.#folder.find(names);
    if (!found) return { moved, names, replaces: false };
    const { size, mtimeMs } = found;
    const existing = { sizeBytes: size, modifiedAt: mtimeMs, isFolder: found.isDirectory() };
    switch (await this.#run.decide({ moved, existing })) {
      case "replace":
        if (existing.isFolder) throw new FileRefusal("is-folder", "");
        return { moved, names, replaces: true };
      case "keep-both":
        return { moved, names: await this.#freeName(names), replaces: false };
      case "skip":
        this.#run.progress.skipped++;
        this.#run.progress.dropped(moved);
        return undefined;
    }
  }

  async #freeName(names: readonly string[]): Promise<string[]> {
    for (let number = 2; ; number++) {
      const free = [...names.slice(0, -1), numberedName(names.at(-1) ?? "", number)];
      if (!(await this.#folder.find(free))) return free;
    }
  }

  async #large({ moved, names, replaces }: Placed): Promise<void> {
    await this.#slots.begin(() =>
      each(this.#run, moved.names, async () => {
        const place = { folder: this.#folder, names, replaces };
        await fetchFile(this.#run, { channel: this.#channel, moved, place });
        this.#run.done.add(moved.names);
      }),
    );
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    const [first] = batch;
    if (first) await this.#slots.begin(() => this.#fetch(batch, parentOf(first.moved.path)));
  }

  async #fetch(batch: readonly Placed[], folder: string): Promise<void> {
    const names = batch.map(({ moved }) => pathBytes(moved.path).subarray(-nameLength(moved)));
    const waiting = Promise.withResolvers<void>();
    waiting.promise.catch(() => undefined);
    let next = 0;
    let writing = Promise.resolve();
    const answer = (message: DownloadCustomerMessage, consume: () => void) => {
      if (message.type !== "got" || message.first !== next) throw strange();
      if (next + message.files.length > batch.length) throw strange();
      const some = message.files.map((file, at) => this.#got(batch[message.first + at], file));
      next += message.files.length;
      const all = Promise.all(some).then(consume);
      writing = Promise.all([writing, all]).then(() => undefined);
      writing.catch(waiting.reject);
      if (next === batch.length) writing.then(waiting.resolve, waiting.reject);
    };
    const request = await this.#channel.ask(
      { type: "get", folder: pathBytes(folder), names },
      { answer, failed: waiting.reject },
    );
    try {
      await waiting.promise;
    } catch (error) {
      await writing.catch(() => undefined);
      if (endsTransfer(error)) throw error;
      // The folder as a whole: gone, or not to be read.
      for (const { moved } of batch.slice(next)) this.#run.progress.problem(moved.names, error);
    } finally {
      request.done();
    }
  }

  async #got(placed: Placed | undefined, file: SmallFile): Promise<void> {
    if (!placed) throw strange();
    const { moved } = placed;
    if (file.outcome === "too-large") return void this.#grown.push(placed);
    await each(this.#run, moved.names, async () => {
      if (file.outcome !== "ok") throw new FileRefusal(file.outcome, "");
      const digest = createHash("sha256").update(file.content).digest();
      if (!digest.equals(file.sha256)) throw new FileRefusal("changed", "SHA-256");
      await this.#write(placed, file);
      this.#run.progress.current = moved.path;
      this.#run.progress.arrived(moved.sizeBytes);
      this.#run.done.add(moved.names);
    });
  }

  async #write({ names, replaces }: Placed, file: SmallFile): Promise<void> {
    const mark = this.#run.plan.id;
    const part = await this.#folder.openPart(names, mark);
    try {
      await part.truncate();
      await part.write(file.content);
      await part.close();
      await this.#folder.finishPart(names, mark, { looks: file, replaces });
    } catch (error) {
      await part.close();
      await this.#folder.removePart(names, mark);
      throw error;
    }
  }

  /** Made after everything else, so that nothing is ever written through one. */
  async #link(moved: RemoteMoved): Promise<void> {
    const { disk, progress, signal, done } = this.#run;
    const { target } = await disk.stat(moved.path, signal);
    const text = pathText(target);
    if (!staysInside(moved.names.slice(1), text)) {
      progress.leftOut++;
      return progress.dropped(moved);
    }
    const place = await this.#placeOf(moved);
    if (!place) return;
    const { names, replaces } = place;
    await this.#folder.makeLink(names, text, { modifiedAt: moved.modifiedAt, replaces });
    progress.arrived();
    done.add(moved.names);
  }

  async #finish(folder: RemoteMoved): Promise<void> {
    await each(this.#run, folder.names, () => this.#folder.finishFolder(folder.names, folder));
  }
}

function nameLength({ path }: RemoteMoved): number {
  return pathBytes(path).length - pathBytes(path).lastIndexOf(0x2f) - 1;
}
