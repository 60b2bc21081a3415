import { describe, expect, it } from "vitest";
import { calmFirst, comparisonTitle } from "../../../../extension/system/comparison.ts";

const words = { start: "start of the session", language: "en-GB" };
const at = (hour: number, minute: number, day = 22) =>
  new Date(2026, 10, day, hour, minute).getTime();
const side = (computer: string, takenAt: number, isStart = false) => ({
  ...{ computer, customer: "Zoe", takenAt, isStart },
});

describe("the title of a comparison", () => {
  it("names the computer once, and the times of one day without the day", () => {
    const earlier = side("vm", at(20, 42));
    expect(comparisonTitle(earlier, side("vm", at(20, 50)), words)).toBe("vm: 20:42 ↔ 20:50");
    const start = side("vm", at(20, 42), true);
    const title = comparisonTitle(start, side("vm", at(20, 50)), words);
    expect(title).toBe("vm: start of the session ↔ 20:50");
  });

  it("names both computers, and the days where they differ", () => {
    const title = comparisonTitle(side("vm", at(9, 5, 21)), side("", at(20, 50)), words);
    expect(title).toBe("vm, 21/11/2026, 09:05 ↔ Zoe, 22/11/2026, 20:50");
  });
});

it("compares last what always differs", () => {
  const reading = (category: "memory" | "computer" | "processor" | "services") => ({
    ...{ category, answer: { answer: "failed", id: 1, reason: "unavailable" } as const },
  });
  const all = (["computer", "processor", "memory", "services"] as const).map(reading);
  const order = calmFirst(all).map(({ category }) => category);
  expect(order).toEqual(["computer", "services", "processor", "memory"]);
});
