import {
  childPath,
  type FileEntry,
  type FilesConsoleMessage,
  filesConsoleMessage,
  type FilesCustomerMessage,
  filesCustomerMessage,
  isPath,
  pathText,
} from "@handrail/protocol";
import { accessSync, constants, readlinkSync, statfsSync } from "node:fs";
import { homedir } from "node:os";
import { factText } from "../../core/files/batch-report.ts";
import { ListingReport } from "../../core/files/listing-report.ts";
import type { Lane } from "../../core/files/lane.ts";
import type { Work } from "../../core/files/rounds.ts";
import type { Desk } from "./desk.ts";
import { hashOf, kindOf, lookAt, lookThrough, measuresOf, pathOf, versionOf } from "./disk.ts";
import { FileRefusal } from "./fault.ts";
import { openFolder } from "./folder.ts";
import { hungAt, stepTo } from "./footing.ts";
import { Requests } from "./requests.ts";
import { search } from "./search.ts";
import { Watches } from "./watches.ts";

/** Entries in one message: with long names it stays below a quarter of what the channel takes. */
const pageEntries = 256;

/** Answers what one console asks about the disk, on one `files` channel. */
export class Questions implements Disposable {
  readonly #lane: Lane;
  readonly #desk: Desk;
  readonly #requests: Requests;
  readonly #watches: Watches;
  readonly #listings: ListingReport;

  constructor(lane: Lane, desk: Desk) {
    this.#lane = lane;
    this.#desk = desk;
    this.#requests = new Requests(lane, desk.rounds, (failed) =>
      filesCustomerMessage.encode(failed),
    );
    this.#listings = new ListingReport(desk.clock, (facts) =>
      desk.pace.reportNow(lane, "files.listed", facts),
    );
    this.#watches = new Watches(desk.clock, {
      changed: (id, names) => this.#say({ type: "changed", id, names }),
      ended: (id, fault) => this.#requests.fail(id, fault),
    });
  }

  /** Takes a message. @throws HandrailError `protocol-violation`, `frame-too-large`, `conflict` */
  take(bytes: Uint8Array): void {
    this.#lane.consume(bytes.length);
    const message = filesConsoleMessage.decode(bytes);
    if (message.type === "cancel") {
      this.#requests.cancel(message.id);
      this.#watches.end(message.id);
    } else this.#requests.begin(message.id, this.#answer(message));
  }

  [Symbol.dispose](): void {
    this.#requests[Symbol.dispose]();
    this.#watches[Symbol.dispose]();
    this.#listings[Symbol.dispose]();
  }

  *#answer(message: Exclude<FilesConsoleMessage, { type: "cancel" }>): Work {
    const { id } = message;
    if (message.type === "places") return this.#say(places(id));
    if (!isPath(message.path)) throw new FileRefusal("bad-path");
    const path = pathOf(message.path);
    stepTo(path);
    switch (message.type) {
      case "stat":
        return this.#say(stat(id, path));
      case "list":
        return yield* this.#list(id, path);
      case "hash":
        return yield* this.#hash(id, path);
      case "search":
        return yield* this.#search(message);
      case "watch":
        this.#watches.begin(id, path);
        return this.#say({ type: "watching", id });
      case "space":
        return this.#say(space(id, path));
    }
  }

  *#list(id: number, path: Buffer): Work {
    yield* this.#desk.pace.ready();
    using folder = openFolder(path);
    this.#listings.add(path);
    let entries: FileEntry[] = [];
    for (const name of folder.names) {
      const entry = entryOf(path, name);
      if (entry) entries.push(entry);
      if (entries.length < pageEntries) continue;
      this.#say({ type: "entries", id, entries, isLast: false });
      entries = [];
      yield undefined;
    }
    this.#say({ type: "entries", id, entries, isLast: true });
  }

  *#hash(id: number, path: Buffer): Work {
    const { sha256, stats } = yield* hashOf(path, true);
    const { sizeBytes } = measuresOf(stats);
    const facts = { path: factText(pathText(path)), sizeBytes, sha256: sha256.toString("hex") };
    // Whoever knows the hash knows whether it is a file that they have.
    yield* this.#desk.pace.report(this.#lane, "file.hashed", facts);
    this.#say({ type: "hashed", id, sizeBytes, version: versionOf(stats), sha256 });
  }

  *#search(asked: { id: number; path: Uint8Array; pattern: string; most: number }): Work {
    const { id, pattern, most } = asked;
    const path = pathOf(asked.path);
    const facts = { folder: factText(pathText(path)), pattern };
    yield* this.#desk.pace.report(this.#lane, "files.searched", facts);
    for (const page of search(path, pattern, most)) {
      if (page) this.#say({ type: "found", id, ...page });
      yield undefined;
    }
  }

  #say(message: FilesCustomerMessage): void {
    this.#lane.send(filesCustomerMessage.encode(message));
  }
}

function places(id: number): FilesCustomerMessage {
  const home = Buffer.from(homedir());
  const isElevated = process.geteuid?.() === 0;
  return { type: "places", id, home: isPath(home) ? home : Buffer.from("/"), isElevated };
}

function stat(id: number, path: Buffer): FilesCustomerMessage {
  const own = lookAt(path);
  if (!own) throw new FileRefusal("not-found", "ENOENT");
  const isLink = own.isSymbolicLink();
  const end = isLink ? lookThrough(path) : own;
  const seen = end ?? own;
  return {
    ...{ type: "stat", id, kind: kindOf(own), leadsTo: kindOf(end), ...measuresOf(seen) },
    target: isLink ? readlinkSync(path, { encoding: "buffer" }) : Buffer.alloc(0),
    version: versionOf(seen),
    ...{ owner: Number(seen.uid), group: Number(seen.gid), mayWrite: mayWrite(path) },
  };
}

function mayWrite(path: Buffer): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    // For whatever reason: it cannot be written to, which is the answer.
    return false;
  }
}

function space(id: number, path: Buffer): FilesCustomerMessage {
  const { blocks, bavail, bsize } = statfsSync(path);
  return { type: "space", id, totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}

const nothingKnown = { mode: 0, sizeBytes: 0, modifiedAt: 0 } as const;
/** So that it can be opened, and says what is wrong. */
const hungDisk = { kind: "folder", leadsTo: "folder" } as const;
/** To ask what is at its end would take for ever. */
const hungLink = { kind: "link", leadsTo: "none" } as const;

/** Something in a folder; undefined: gone since it was listed. */
function entryOf(folder: Buffer, name: Buffer): FileEntry | undefined {
  const path = pathOf(childPath(folder, name));
  const hung = hungAt(path);
  if (hung) return { name, ...nothingKnown, ...(hung.isMount ? hungDisk : hungLink) };
  const own = lookAt(path);
  if (!own) return undefined;
  const end = own.isSymbolicLink() ? lookThrough(path) : own;
  return { name, kind: kindOf(own), leadsTo: kindOf(end), ...measuresOf(end ?? own) };
}
