import type { Clock } from "../../../extension/clock.ts";
import { FakeClock } from "../../support/fake-clock.ts";

/** The tests' clock in the console's shape. */
export function standingClock(): Clock & { advance(ms: number): Promise<void> } {
  const fake = new FakeClock();
  const after = (delayMs: number, task: () => void) => {
    const timer = fake.after(delayMs, task);
    return { dispose: () => timer[Symbol.dispose]() };
  };
  return {
    now: () => fake.now(),
    steady: () => fake.monotonicMs(),
    after,
    every(periodMs, task) {
      const again = () => {
        timer = after(periodMs, again);
        task();
      };
      let timer = after(periodMs, again);
      return { dispose: () => timer.dispose() };
    },
    async advance(ms) {
      fake.advance(ms);
      // Whoever waited goes on before the test does.
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
  };
}
