import type { Clock } from "../../appliance/server/clock.ts";

interface Timer {
  readonly dueMs: number;
  readonly work: () => void;
  handle: NodeJS.Timeout | undefined;
}

/** The machine's own time, in which a test can skip ahead and set the wall clock. */
export class ShiftClock implements Clock {
  #skippedMs = 0;
  #setByMs = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return Date.now() + this.#skippedMs + this.#setByMs;
  }

  monotonicMs(): number {
    return performance.now() + this.#skippedMs;
  }

  after(delayMs: number, work: () => void): Disposable {
    const timer: Timer = { dueMs: this.monotonicMs() + delayMs, work, handle: undefined };
    this.#timers.add(timer);
    this.#arm(timer);
    return { [Symbol.dispose]: () => this.#drop(timer) };
  }

  /** So much time has passed; timers that come due run, once each. */
  skip(ms: number): void {
    this.#skippedMs += ms;
    for (const timer of [...this.#timers]) {
      clearTimeout(timer.handle);
      this.#arm(timer);
    }
  }

  /** Somebody sets the wall clock by so much; no time passes. */
  setBy(ms: number): void {
    this.#setByMs += ms;
  }

  #arm(timer: Timer): void {
    const delayMs = Math.max(0, timer.dueMs - this.monotonicMs());
    timer.handle = setTimeout(() => {
      this.#drop(timer);
      timer.work();
    }, delayMs);
    timer.handle.unref();
  }

  #drop(timer: Timer): void {
    clearTimeout(timer.handle);
    this.#timers.delete(timer);
  }
}
