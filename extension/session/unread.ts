import type { Lsid, RepresentativeId } from "@handrail/protocol";
import { Signal } from "../signal.ts";
import type { Journal } from "./journal.ts";

/** What has to be known to tell whether a message has been seen. */
export interface UnreadPlace {
  readonly journal: Pick<Journal, "added">;
  readonly self: () => RepresentativeId | undefined;
  /** Whether the conversation of the session is in front of the representative now. */
  readonly isSeen: (lsid: Lsid) => boolean;
}

/** How many messages of each session came while nobody looked at its conversation. */
export class Unread {
  /** The count of a session is another now. */
  readonly changed = new Signal<Lsid>();
  readonly #place: UnreadPlace;
  readonly #counts = new Map<Lsid, number>();

  constructor(place: UnreadPlace) {
    this.#place = place;
    place.journal.added.on(({ lsid, entry }) => {
      if (entry.kind !== "chat" || entry.message.from.id === place.self()) return;
      if (place.isSeen(lsid)) return;
      this.#counts.set(lsid, this.of(lsid) + 1);
      this.changed.fire(lsid);
    });
  }

  of(lsid: Lsid): number {
    return this.#counts.get(lsid) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** What is in front may have changed: what is seen now is unread no more. */
  look(): void {
    for (const lsid of [...this.#counts.keys()]) if (this.#place.isSeen(lsid)) this.forget(lsid);
  }

  /** The session is out of sight. */
  forget(lsid: Lsid): void {
    if (this.#counts.delete(lsid)) this.changed.fire(lsid);
  }
}
