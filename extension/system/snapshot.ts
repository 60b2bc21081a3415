import type { SystemReading, SystemSnapshot } from "@handrail/protocol";

/** What a computer said of one category. */
export type Reading = SystemReading;

/** What was read of one computer at one moment. */
export interface Snapshot extends SystemSnapshot {
  /** Counts up in this console. */
  readonly id: number;
  /** It is the one that the appliance keeps of the session's start. */
  readonly isStart?: boolean;
}

/** Most snapshots that are kept; the oldest go first. */
const maxSnapshots = 20;

/** The snapshots of this console, newest first. In memory only: they end with the window. */
export class Snapshots {
  #all: readonly Snapshot[] = [];
  #lastId = 0;

  get all(): readonly Snapshot[] {
    return this.#all;
  }

  get(id: number): Snapshot | undefined {
    return this.#all.find((each) => each.id === id);
  }

  add(taken: Omit<Snapshot, "id">): Snapshot {
    const snapshot = { ...taken, id: ++this.#lastId };
    this.#all = [snapshot, ...this.#all].slice(0, maxSnapshots);
    return snapshot;
  }

  remove(id: number): void {
    this.#all = this.#all.filter((each) => each.id !== id);
  }

  clear(): void {
    this.#all = [];
  }
}
