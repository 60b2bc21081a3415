import { expect, it } from "vitest";
import { clockTime, spokenMinutes } from "../../../../extension/queue/duration.ts";

it.each([
  [0, "0:00"],
  [42_900, "0:42"],
  [725_000, "12:05"],
  [3_725_000, "1:02:05"],
  [-5_000, "0:00"],
])("%i ms read %s", (ms, text) => {
  expect(clockTime(ms)).toBe(text);
});

it("a spoken time is at least a minute", () => {
  expect(spokenMinutes(2_000)).toBe(1);
  expect(spokenMinutes(150_000)).toBe(3);
});
