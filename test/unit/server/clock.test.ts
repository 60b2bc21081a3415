import { describe, expect, it } from "vitest";
import { systemClock } from "../../../appliance/server/clock.ts";

describe("the system's clock", () => {
  it("runs work once after the delay", async () => {
    const startMs = systemClock.monotonicMs();
    await new Promise<void>((resolve) => {
      const alive = setInterval(() => {}, 1000);
      systemClock.after(30, () => {
        clearInterval(alive);
        resolve();
      });
    });
    expect(systemClock.monotonicMs() - startMs).toBeGreaterThanOrEqual(25);
  });

  it("does not run what was disposed, nor at once what is far away", async () => {
    const ran: string[] = [];
    systemClock.after(1, () => ran.push("disposed"))[Symbol.dispose]();
    const far = systemClock.after(2 ** 40, () => ran.push("far"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    far[Symbol.dispose]();
    expect(ran).toEqual([]);
  });

  it("knows the time of day", () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });
});
