/** Time, as the place gives it. */
export interface Clock {
  /** A steady clock, ms. */
  now(): number;
  /** The time of day, Unix ms. */
  unixNow(): number;
  /** Calls `run` once after `delayMs`, unless disposed before. */
  after(delayMs: number, run: () => void): Disposable;
}

/** A place for one timer: setting it again, or clearing it, takes the earlier one away. */
export class Timer implements Disposable {
  readonly #clock: Clock;
  #pending: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isSet(): boolean {
    return this.#pending !== undefined;
  }

  set(delayMs: number, run: () => void): void {
    this.clear();
    this.#pending = this.#clock.after(delayMs, () => {
      this.#pending = undefined;
      run();
    });
  }

  clear(): void {
    this.#pending?.[Symbol.dispose]();
    this.#pending = undefined;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
