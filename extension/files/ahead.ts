import type { Moved } from "./local-walk.ts";
import type { Progress } from "./progress.ts";

/** So far ahead of what is moved it is known what comes: for the total, within bounded memory. */
const aheadItems = 20_000;

/** Reads ahead what is to be moved, and tells the progress how much it is as soon as it is known. */
export class Ahead<M extends Moved> {
  readonly #source: AsyncGenerator<M>;
  readonly #progress: Progress;
  #waiting: M[] = [];
  #isRead = false;
  #isLeft = false;
  #failure: { readonly error: unknown } | undefined;
  #came = Promise.withResolvers<void>();
  #taken = Promise.withResolvers<void>();

  constructor(source: AsyncGenerator<M>, progress: Progress) {
    this.#source = source;
    this.#progress = progress;
  }

  /** All of it. @throws what reading it throws */
  async *[Symbol.asyncIterator](): AsyncGenerator<M> {
    const reading = this.#read();
    try {
      while (!this.#isRead || this.#waiting.length > 0) {
        // Taken as a whole, so that a long list is not moved along for each of them.
        const some = this.#waiting;
        this.#waiting = [];
        this.#taken.resolve();
        yield* some;
        if (this.#waiting.length > 0 || this.#isRead) continue;
        this.#came = Promise.withResolvers();
        await this.#came.promise;
      }
      if (this.#failure) throw this.#failure.error;
    } finally {
      this.#isLeft = true;
      this.#taken.resolve();
      await reading;
    }
  }

  async #read(): Promise<void> {
    try {
      for await (const moved of this.#source) {
        if (this.#isLeft) return;
        this.#progress.expect(moved);
        this.#waiting.push(moved);
        this.#came.resolve();
        if (this.#waiting.length >= aheadItems) await this.#room();
      }
      this.#progress.isCounted = true;
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#isRead = true;
      this.#came.resolve();
    }
  }

  async #room(): Promise<void> {
    this.#taken = Promise.withResolvers();
    if (!this.#isLeft) await this.#taken.promise;
  }
}
