import { maxNameBytes } from "@handrail/protocol";
import { type FSWatcher, watch } from "node:fs";
import { type Clock, Timer } from "../../core/clock.ts";
import { lookThrough } from "./disk.ts";
import { codeOf, FileRefusal } from "./fault.ts";

/** Most watches of one console. */
const maxWatches = 128;
/** Changes that come in quick succession are told together, ms. */
const gatherMs = 200;
/** More names than this are told as none: look at all of it. */
const maxNames = 512;

/** Whom watches tell. */
export interface WatchEvents {
  /** These names have changed, come or gone; without names it may be each of them. */
  changed(id: number, names: Uint8Array[]): void;
  /** It cannot be watched any more. */
  ended(id: number, fault: unknown): void;
}

interface Watch {
  readonly watcher: FSWatcher;
  readonly timer: Timer;
  readonly names: Map<string, Buffer>;
  isTooMuch: boolean;
}

/** The folders and files that a console watches. */
export class Watches implements Disposable {
  readonly #clock: Clock;
  readonly #events: WatchEvents;
  readonly #open = new Map<number, Watch>();

  constructor(clock: Clock, events: WatchEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  /** Begins to watch. @throws FileRefusal `busy`; the system's faults */
  begin(id: number, path: Buffer): void {
    if (this.#open.size >= maxWatches || this.#open.has(id)) throw new FileRefusal("busy");
    const watcher = openWatcher(path, (name) => {
      this.#changed(opened, name, () => this.#tell(id, path));
    });
    const names = new Map<string, Buffer>();
    const opened: Watch = { watcher, timer: new Timer(this.#clock), names, isTooMuch: false };
    this.#open.set(id, opened);
    watcher.on("error", (fault) => this.#fail(id, fault));
  }

  /** Ends a watch, if there is one. */
  end(id: number): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.timer.clear();
    open?.watcher.close();
  }

  [Symbol.dispose](): void {
    for (const id of [...this.#open.keys()]) this.end(id);
  }

  #changed(open: Watch, name: Buffer | null, tell: () => void): void {
    if (name && open.names.size < maxNames) open.names.set(name.toString("latin1"), name);
    else open.isTooMuch = true;
    if (!open.timer.isSet) open.timer.set(gatherMs, tell);
  }

  #tell(id: number, path: Buffer): void {
    const open = this.#open.get(id);
    if (!open) return;
    const names = [...open.names.values()].filter(({ length }) => length <= maxNameBytes);
    this.#events.changed(id, open.isTooMuch ? [] : names);
    open.names.clear();
    open.isTooMuch = false;
    // What was watched has gone, and nothing will ever be told of it again.
    if (!lookThrough(path)) this.#fail(id, new FileRefusal("not-found"));
  }

  #fail(id: number, fault: unknown): void {
    if (!this.#open.has(id)) return;
    this.end(id);
    this.#events.ended(id, fault);
  }
}

function openWatcher(path: Buffer, changed: (name: Buffer | null) => void): FSWatcher {
  try {
    const options = { encoding: "buffer", persistent: false } as const;
    return watch(path, options, (_, name) => changed(name));
  } catch (fault) {
    // The system has no more watches to give: no fault of the disk.
    if (codeOf(fault) === "ENOSPC") throw new FileRefusal("busy", "ENOSPC");
    throw fault;
  }
}
