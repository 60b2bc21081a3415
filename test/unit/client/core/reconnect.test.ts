import { describe, expect, it } from "vitest";
import { retryDelayMs } from "../../../../appliance/client/core/reconnect.ts";

describe("the next attempt", () => {
  it("comes quickly at first", () => {
    expect([0, 1, 2].map((attempt) => retryDelayMs(attempt, 0, 0.5))).toEqual([250, 500, 1000]);
  });

  it("comes about every second in the first minute", () => {
    for (let attempt = 3; attempt < 40; attempt++) {
      for (const random of [0, 0.5, 0.999]) {
        const delayMs = retryDelayMs(attempt, 59_000, random);
        expect(delayMs).toBeGreaterThanOrEqual(500);
        expect(delayMs).toBeLessThan(1500);
      }
    }
  });

  it("becomes rarer, but never rarer than every 15 seconds", () => {
    expect(retryDelayMs(60, 130_000, 0)).toBe(2000);
    expect(retryDelayMs(400, 3_600_000, 0.9)).toBe(15_000);
  });
});
