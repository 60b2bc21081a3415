/** Does several things at once, and stops at the first that fails. */
export class Slots {
  readonly #free: (() => void)[] = [];
  #left: number;
  #failure: { readonly error: unknown } | undefined;
  readonly #running = new Set<Promise<void>>();

  constructor(count: number) {
    this.#left = count;
  }

  /** Begins a task as soon as there is room. @throws what an earlier one has thrown */
  async begin(task: () => Promise<void>): Promise<void> {
    while (this.#left === 0) await new Promise<void>((resolve) => this.#free.push(resolve));
    this.#rethrow();
    this.#left--;
    const running = task()
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => {
        this.#left++;
        this.#running.delete(running);
        this.#free.shift()?.();
      });
    this.#running.add(running);
  }

  /** Resolves when all is done. @throws what one of them has thrown */
  async settle(): Promise<void> {
    await this.idle();
    this.#rethrow();
  }

  /** Resolves when nothing runs any more, whatever became of it. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #rethrow(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
