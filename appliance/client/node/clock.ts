import type { Clock } from "../core/clock.ts";

/** The computer's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  unixNow: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
