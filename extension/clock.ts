/** Time as the console sees it; tests bring their own. */
export interface Clock {
  /** Unix ms. */
  now(): number;
  /** A steady clock in ms, for durations. */
  steady(): number;
  /** Runs `task` once after `delayMs`; disposing before that cancels it. */
  after(delayMs: number, task: () => void): { dispose(): void };
  /** Runs `task` every `periodMs` until disposed. */
  every(periodMs: number, task: () => void): { dispose(): void };
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    return { dispose: () => clearInterval(timer) };
  },
};

/** Waits `delayMs`. Rejects with the signal's reason when it is aborted first. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      timer.dispose();
      reject(cancelled(signal));
    };
    const timer = clock.after(delayMs, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

function cancelled(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("cancelled");
}
