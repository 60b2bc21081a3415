import { recordKinds } from "@handrail/protocol";

/** Seek points lie at least so far apart, ms, and twice as far after each `perStep` of them. */
const spacing = { leastMs: 30_000, perStep: 128 } as const;
/** They take at most one part in so many of a recording. */
const leastParts = 3;

/**
 * Says where a recording gets a seek point. There are fewer the longer it lasts, about 128 more each
 * time that it has become three times as long, and they never take more than a third of it: what
 * they save whoever looks for a place must be worth what they cost the disk.
 */
export class SeekSpacing {
  #count = 0;
  #lastAt = -Infinity;
  /** Recorded since the last one. */
  #sinceBytes = 0;

  /** A record was written; `at`: ms since the beginning. */
  wrote(kind: number, at: number, sizeBytes: number): void {
    if (kind !== recordKinds.SEEK) {
      this.#sinceBytes += sizeBytes;
      return;
    }
    this.#count++;
    this.#lastAt = at;
    this.#sinceBytes = 0;
  }

  /** Whether a seek point of that size may be written then. */
  allows(at: number, sizeBytes: number): boolean {
    const leastMs = spacing.leastMs * 2 ** Math.floor(this.#count / spacing.perStep);
    return at - this.#lastAt >= leastMs && this.#sinceBytes >= (leastParts - 1) * sizeBytes;
  }
}
