/** One that takes part of the room. */
export interface Lodger {
  /** Whether somebody watches what it is for. */
  readonly isWatched: boolean;
  /** Gives up all that it keeps; it will say so by `ShadowRoom.takes`. */
  giveUp(): void;
}

interface Stay {
  sizeBytes: number;
  /** Counts uses: the higher, the later. */
  usedAt: number;
}

/**
 * The memory that the shadows of all sessions take together. When it is full, the one that is worth
 * least gives up what it keeps: first those that nobody watches, then whichever was of use to nobody
 * for longest.
 */
export class ShadowRoom {
  readonly #limitBytes: number;
  readonly #stays = new Map<Lodger, Stay>();
  #sizeBytes = 0;
  #uses = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** What all take together, bytes. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Says how much a shadow takes now; others, or itself, may be told to give up for it. */
  takes(lodger: Lodger, sizeBytes: number): void {
    const stay = this.#stays.get(lodger);
    this.#sizeBytes += sizeBytes - (stay?.sizeBytes ?? 0);
    if (sizeBytes === 0) this.#stays.delete(lodger);
    else if (stay) stay.sizeBytes = sizeBytes;
    else this.#stays.set(lodger, { sizeBytes, usedAt: ++this.#uses });
    while (this.#sizeBytes > this.#limitBytes) {
      const least = this.#leastUseful();
      if (!least) return;
      least.giveUp();
      // Whatever it makes of that: nobody is told twice.
      this.#leave(least);
    }
  }

  /** A shadow has just been of use to somebody who came. */
  used(lodger: Lodger): void {
    const stay = this.#stays.get(lodger);
    if (stay) stay.usedAt = ++this.#uses;
  }

  #leave(lodger: Lodger): void {
    this.#sizeBytes -= this.#stays.get(lodger)?.sizeBytes ?? 0;
    this.#stays.delete(lodger);
  }

  #leastUseful(): Lodger | undefined {
    const all = [...this.#stays].map(([lodger, { usedAt }]) => ({ lodger, usedAt }));
    const unwatched = all.filter(({ lodger }) => !lodger.isWatched);
    const candidates = unwatched.length > 0 ? unwatched : all;
    return candidates.toSorted((a, b) => a.usedAt - b.usedAt)[0]?.lodger;
  }
}
