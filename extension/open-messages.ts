/**
 * Messages of the window that wait for an answer. None can be taken back: when the matter of the last
 * one is settled elsewhere, all are put away; what is still to be read is behind the bell.
 */
export class OpenMessages {
  readonly #putAway: () => void;
  /** What they are about. */
  readonly #open = new Set<unknown>();

  /** `putAway`: hides every message of the window, others' among them. */
  constructor(putAway: () => void) {
    this.#putAway = putAway;
  }

  /** Counts a message until it is answered. */
  async add<T>(about: unknown, message: PromiseLike<T>): Promise<T> {
    this.#open.add(about);
    try {
      return await message;
    } finally {
      this.#open.delete(about);
    }
  }

  /** What a message was about needs no answer any more. */
  settle(about: unknown): void {
    // The others are not to be put away with it.
    if (this.#open.delete(about) && this.#open.size === 0) this.#putAway();
  }
}
