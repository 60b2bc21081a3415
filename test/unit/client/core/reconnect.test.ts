import { describe, expect, it } from "vitest";
import { nextAttempt } from "../../../../appliance/client/core/reconnect.ts";

describe("the next attempt", () => {
  it("comes quickly at first", () => {
    const delays = [0, 1, 2].map((attempt) => nextAttempt(attempt, 0, 0.5).delayMs);
    expect(delays).toEqual([250, 500, 1000]);
  });

  it("comes every one to two seconds in the first minute", () => {
    for (let attempt = 3; attempt < 40; attempt++) {
      for (const random of [0, 0.5, 0.999]) {
        const { delayMs } = nextAttempt(attempt, 59_000, random);
        expect(delayMs).toBeGreaterThanOrEqual(1000);
        expect(delayMs).toBeLessThan(2000);
      }
    }
  });

  it("becomes rarer, but never rarer than every 15 seconds", () => {
    expect(nextAttempt(60, 130_000, 0).delayMs).toBe(4000);
    expect(nextAttempt(400, 3_600_000, 0.9).delayMs).toBe(15_000);
  });

  it("has mostly little time to connect, so that a line that is back is found soon", () => {
    const times = [0, 1, 2, 3, 4, 5].map((each) => nextAttempt(each, 0, 0).connectWithinMs);
    expect(times.filter((ms) => ms <= 1500)).toHaveLength(4);
    expect(Math.max(...times)).toBe(10_000);
  });
});
