import { pathText } from "@handrail/protocol";
import { type Clock, Timer } from "../clock.ts";
import { factText } from "./batch-report.ts";
import type { Facts } from "./lane.ts";

/** With so many characters of names a row is full. */
const maxNamesLength = 3000;
/** Folders that are looked into are told together, ms. */
const gatherMs = 60_000;

/**
 * The folders that one console looks into, as few rows of the audit log: a row for each would bury
 * what was done. It has how many, and which (`/etc//var/log`: a slash ends a name, and each begins
 * with one); one that is looked into again, as an editor does all the time, counts and is not named
 * twice in a row.
 */
export class ListingReport implements Disposable {
  readonly #tell: (facts: Facts) => void;
  readonly #timer: Timer;
  readonly #names = new Set<string>();
  #namesLength = 0;
  #count = 0;

  constructor(clock: Clock, tell: (facts: Facts) => void) {
    this.#tell = tell;
    this.#timer = new Timer(clock);
  }

  /** A folder is listed. */
  add(folder: Uint8Array): void {
    const name = pathText(folder);
    this.#count++;
    if (!this.#names.has(name)) {
      this.#names.add(name);
      this.#namesLength += name.length + 1;
    }
    if (this.#namesLength >= maxNamesLength) this.#report();
    else if (!this.#timer.isSet) this.#timer.set(gatherMs, () => this.#report());
  }

  /** Nothing more comes: what was not told yet is. */
  [Symbol.dispose](): void {
    this.#report();
  }

  #report(): void {
    this.#timer.clear();
    if (this.#count === 0) return;
    this.#tell({ count: this.#count, folders: factText([...this.#names].join("/")) });
    this.#names.clear();
    this.#namesLength = 0;
    this.#count = 0;
  }
}
