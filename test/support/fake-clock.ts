/** A clock that stands still until a test moves it; the timers that come due run on the way. */
export class FakeClock {
  #nowMs: number;
  #monotonicMs = 0;
  #nextId = 1;
  readonly #timers = new Map<number, { dueMs: number; work: () => void }>();

  constructor(startsAt = Date.UTC(2030, 0, 1)) {
    this.#nowMs = startsAt;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, work: () => void): Disposable {
    const id = this.#nextId++;
    this.#timers.set(id, { dueMs: this.#monotonicMs + Math.max(0, delayMs), work });
    return { [Symbol.dispose]: () => void this.#timers.delete(id) };
  }

  /** Lets time pass; timers run in the order in which they come due. */
  advance(ms: number): void {
    const endMs = this.#monotonicMs + ms;
    for (let next = this.#nextDue(endMs); next; next = this.#nextDue(endMs)) {
      const [id, timer] = next;
      this.#timers.delete(id);
      this.#moveTo(timer.dueMs);
      timer.work();
    }
    this.#moveTo(endMs);
  }

  /** Sets the wall clock, as an administrator does; no time passes. */
  jumpTo(now: number): void {
    this.#nowMs = now;
  }

  #moveTo(monotonicMs: number): void {
    const step = Math.max(0, monotonicMs - this.#monotonicMs);
    this.#monotonicMs += step;
    this.#nowMs += step;
  }

  #nextDue(untilMs: number): [number, { dueMs: number; work: () => void }] | undefined {
    return [...this.#timers]
      .filter(([, timer]) => timer.dueMs <= untilMs)
      .toSorted(([, a], [, b]) => a.dueMs - b.dueMs)[0];
  }
}
