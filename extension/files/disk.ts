import {
  childPath,
  downloadConsoleMessage,
  downloadCustomerMessage,
  type ErrorCode,
  type FileKind,
  type FileEntry,
  filesConsoleMessage,
  filesCustomerMessage,
  type FilesCustomerMessage,
  filesWriteConsoleMessage,
  filesWriteCustomerMessage,
  HandrailError,
  isName,
  isPath,
  isWithin,
  pathBytes,
  pathText,
  type Channel,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import {
  type DownloadChannel,
  FileChannel,
  type QuestionChannel,
  type WriteChannel,
} from "./file-channel.ts";
import type { RemotePath } from "./remote-path.ts";
import { Watches } from "./watches.ts";

/** Entries of one folder at most: whoever tells more would fill the console's memory. */
const maxEntries = 500_000;

/** The kinds of channel that files use. */
export type FileChannelKind = "files" | "download" | "files-write";

/** What is known of something on the customer's disk. */
export interface Found {
  readonly kind: FileKind;
  /** Of a link: what is at its end. */
  readonly leadsTo: FileKind;
  readonly mode: number;
  readonly sizeBytes: number;
  /** Unix ms; 0: not known. */
  readonly modifiedAt: number;
}
/** Something in a folder. */
export interface Entry extends Found {
  readonly name: string;
}
/** All that can be asked about one thing. */
export type Stat = Extract<FilesCustomerMessage, { type: "stat" }>;
/** What a disk needs of the console. */
export interface DiskPlace {
  /** @throws HandrailError `unavailable` while there is no link */
  readonly open: (kind: FileChannelKind) => Channel;
  readonly clock: Clock;
}

/** A search and who hears of what it finds. */
export interface Search {
  readonly folder: RemotePath;
  /** Part of a name, or all of one with `*` and `?`. */
  readonly pattern: string;
  readonly most: number;
  readonly found: (paths: readonly { path: RemotePath; kind: FileKind }[]) => void;
  readonly signal: AbortSignal;
}

/**
 * The disk of a customer's computer, as far as one looks around on it: what is where, what changes,
 * what is called how. Checks that what it is told belongs to what it asked.
 */
export class Disk {
  readonly #place: DiskPlace;
  readonly #questions: QuestionChannel;
  readonly #watches: Watches;

  constructor(place: DiskPlace) {
    this.#place = place;
    const { clock } = place;
    this.#questions = new FileChannel(
      {
        encode: (ask) => filesConsoleMessage.encode(ask),
        decode: (bytes) => filesCustomerMessage.decode(bytes),
      },
      {
        open: () => place.open("files"),
        clock,
        staysOpen: () => this.#watches.isUsed,
        closed: (code) => this.#watches.lost(code),
      },
    );
    this.#watches = new Watches(this.#questions, clock);
  }

  /** A channel of its own for what files hold. */
  newDownloads(closed?: (code: ErrorCode | undefined) => void): DownloadChannel {
    return new FileChannel(
      {
        encode: (ask) => downloadConsoleMessage.encode(ask),
        decode: (bytes) => downloadCustomerMessage.decode(bytes),
      },
      {
        open: () => this.#place.open("download"),
        clock: this.#place.clock,
        ...(closed && { closed }),
      },
    );
  }

  /** A channel of its own for changes. */
  newWrites(closed?: (code: ErrorCode | undefined) => void): WriteChannel {
    return new FileChannel(
      {
        encode: (ask) => filesWriteConsoleMessage.encode(ask),
        decode: (bytes) => filesWriteCustomerMessage.decode(bytes),
      },
      {
        open: () => this.#place.open("files-write"),
        clock: this.#place.clock,
        ...(closed && { closed }),
      },
    );
  }

  /** The home folder of the person at the computer. @throws HandrailError */
  async home(): Promise<RemotePath> {
    let home: RemotePath = "/";
    const take = (answer: FilesCustomerMessage): boolean => {
      if (answer.type !== "places" || !isPath(answer.home)) throw strange();
      home = pathText(answer.home);
      return true;
    };
    await this.#questions.call({ type: "places" }, { take });
    return home;
  }

  /** @throws FileRefusal `not-found` and the like; HandrailError */
  async stat(path: RemotePath, signal?: AbortSignal): Promise<Stat> {
    let stat: Stat | undefined;
    const take = (answer: FilesCustomerMessage): boolean => {
      if (answer.type !== "stat") throw strange();
      stat = answer;
      return true;
    };
    await this.#questions.call({ type: "stat", path: pathBytes(path) }, { take, signal });
    if (!stat) throw strange();
    return stat;
  }

  /** What is in a folder, in no order. @throws FileRefusal, HandrailError */
  async list(path: RemotePath, signal?: AbortSignal): Promise<Entry[]> {
    const found: Entry[] = [];
    const take = (answer: FilesCustomerMessage): boolean => {
      if (answer.type !== "entries") throw strange();
      if (found.length + answer.entries.length > maxEntries) {
        throw new HandrailError("frame-too-large", "a folder of too much");
      }
      for (const entry of answer.entries) found.push(entryOf(entry));
      return answer.isLast;
    };
    await this.#questions.call({ type: "list", path: pathBytes(path) }, { take, signal });
    return found;
  }

  /** Looks for names; true when there may be more than it found. @throws FileRefusal, HandrailError */
  async search({ folder, pattern, most, found, signal }: Search): Promise<boolean> {
    const path = pathBytes(folder);
    let isCut = false;
    let count = 0;
    const take = (answer: FilesCustomerMessage): boolean => {
      if (answer.type !== "found") throw strange();
      count += answer.found.length;
      if (count > most) throw strange();
      if (!answer.found.every((each) => isPath(each.path) && isWithin(each.path, path))) {
        throw strange();
      }
      found(answer.found.map((each) => ({ path: pathText(each.path), kind: each.leadsTo })));
      isCut ||= answer.isCut;
      return answer.isLast;
    };
    await this.#questions.call({ type: "search", path, pattern, most }, { take, signal });
    return isCut;
  }

  /**
   * Tells when something in a folder, or a file, changes, as paths; outlives lost channels. Where
   * the computer cannot watch, nothing is told.
   */
  watch(path: RemotePath, changed: (paths: readonly RemotePath[]) => void): { dispose(): void } {
    return this.#watches.add(path, changed);
  }

  dispose(): void {
    this.#watches.dispose();
    this.#questions.close();
  }
}

/** The path of a name in a folder, both as text. */
export function pathIn(folder: RemotePath, name: string): RemotePath {
  return pathText(childPath(pathBytes(folder), pathBytes(name)));
}

function entryOf({ name, ...found }: FileEntry): Entry {
  if (!isName(name)) throw strange();
  return { name: pathText(name), ...found };
}

/** The other end said something that does not belong here. */
export function strange(): HandrailError {
  return new HandrailError("protocol-violation", "an answer to another question");
}
