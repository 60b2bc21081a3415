import { expect, it } from "vitest";
import { dueAfter, noSchedule } from "../../../../appliance/server/backup/schedule.ts";

const at = (text: string) => new Date(text).getTime();
const nightly = { ...noSchedule, every: "daily" as const, minuteOfDay: 150 };

it("is due on the same day before its time, and on the next day from its time on", () => {
  expect(dueAfter(nightly, at("2026-05-04T01:00:00"))).toBe(at("2026-05-04T02:30:00"));
  expect(dueAfter(nightly, at("2026-05-04T02:30:00"))).toBe(at("2026-05-05T02:30:00"));
  expect(dueAfter(nightly, at("2026-12-31T23:00:00"))).toBe(at("2027-01-01T02:30:00"));
});

it("is due on its day of the week", () => {
  const weekly = { ...nightly, every: "weekly" as const, weekday: 3 };
  // A Monday.
  expect(dueAfter(weekly, at("2026-05-04T12:00:00"))).toBe(at("2026-05-06T02:30:00"));
  expect(dueAfter(weekly, at("2026-05-06T02:30:00"))).toBe(at("2026-05-13T02:30:00"));
});

it("is never due when it is off", () => {
  expect(dueAfter(noSchedule, 0)).toBeUndefined();
});
