import type { ColleaguePointer, Place, RepresentativeId } from "@handrail/protocol";
import type { Session } from "./session.ts";

/** Those who take part are told at most so often, ms; of each pointer the latest place counts. */
export const pointersEveryMs = 50;

/**
 * Where those who take part in one session point on the picture, for each other's panes. Whoever
 * may see the screen may point at it, an observer too: nothing of it reaches the customer's
 * computer. Nothing is kept and nothing written down.
 */
export class Pointers {
  readonly #session: Session;
  readonly #moved = new Map<RepresentativeId, Place | null>();
  /** Those whose pointer the others have been shown. */
  readonly #shown = new Set<RepresentativeId>();
  #toldAtMs = -Infinity;
  #timer: Disposable | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Somebody points there, or nowhere any more. Ignored for who does not see the screen. */
  moved(id: RepresentativeId, at: Place | null): void {
    const maySee = this.#session.refusal("view", id) === undefined;
    if (!maySee || (at === null && !this.#isKnown(id))) return;
    this.#moved.set(id, at);
    this.#tellSoon();
  }

  /** Who does not see the screen any more, or has left, points nowhere. */
  enforce(): void {
    for (const id of new Set([...this.#shown, ...this.#moved.keys()])) {
      if (this.#session.refusal("view", id) !== undefined) this.#moved.set(id, null);
    }
    if (this.#moved.size > 0) this.#tellSoon();
  }

  #isKnown(id: RepresentativeId): boolean {
    return this.#shown.has(id) || this.#moved.has(id);
  }

  #tellSoon(): void {
    if (this.#timer) return;
    const { clock } = this.#session.site;
    const waitMs = this.#toldAtMs + pointersEveryMs - clock.monotonicMs();
    if (waitMs <= 0) return this.#tell();
    this.#timer = clock.after(waitMs, () => this.#tell());
  }

  #tell(): void {
    this.#timer = undefined;
    const { site, lsid, participants } = this.#session;
    this.#toldAtMs = site.clock.monotonicMs();
    const moved = Array.from(this.#moved, ([id, at]): ColleaguePointer => ({ id, at }));
    this.#moved.clear();
    for (const { id, at } of moved) {
      if (at) this.#shown.add(id);
      else this.#shown.delete(id);
    }
    for (const to of participants) {
      const pointers = moved.filter(({ id }) => id !== to);
      // For a line that is away there is nothing worth keeping.
      if (pointers.length === 0 || !site.isReachable(to)) continue;
      site.tell([to], "pointers.moved", { lsid, pointers });
    }
  }
}
