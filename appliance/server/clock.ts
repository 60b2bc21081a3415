import type { UnixMs } from "@handrail/protocol";

/**
 * Time, as everything but `clock.ts` sees it; tests bring their own.
 * `now` may jump when the machine's clock is set; `monotonicMs` never goes back.
 */
export interface Clock {
  /** Wall-clock time in Unix ms, for what is stored and shown. */
  now(): UnixMs;
  /** Milliseconds since an arbitrary moment, for how long something takes. */
  monotonicMs(): number;
  /**
   * Runs `work` once after `delayMs`; disposing before then prevents it. A pending timer does not
   * keep the program alive. Delays beyond 24.8 days are cut to that.
   */
  after(delayMs: number, work: () => void): Disposable;
}

/** The longest delay that a timer of Node takes; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, Math.min(Math.max(delayMs, 0), maxDelayMs));
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
