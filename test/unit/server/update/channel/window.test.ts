import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  isOpen,
  opensAt,
  windowShape,
} from "../../../../../appliance/server/update/channel/window.ts";

const at = (text: string) => new Date(text).getTime();
/** A Monday. */
const monday = "2026-05-04";

let zone: string | undefined;
beforeEach(() => {
  zone = process.env.TZ;
  process.env.TZ = "Europe/Paris";
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe("a maintenance window", () => {
  const early = { days: [1, 3], fromMinute: 120, toMinute: 240 };

  it("is open from its first minute until before its last, on its days", () => {
    expect(isOpen(early, at(`${monday}T01:59:59.999`))).toBe(false);
    expect(isOpen(early, at(`${monday}T02:00`))).toBe(true);
    expect(isOpen(early, at(`${monday}T03:59:59.999`))).toBe(true);
    expect(isOpen(early, at(`${monday}T04:00`))).toBe(false);
    expect(isOpen(early, at("2026-05-05T03:00"))).toBe(false);
    expect(isOpen(early, at("2026-05-06T03:00"))).toBe(true);
  });

  it("says when it opens next, and, while it is open, when it opened", () => {
    expect(opensAt(early, at(`${monday}T01:00`))).toBe(at(`${monday}T02:00`));
    expect(opensAt(early, at(`${monday}T03:00`))).toBe(at(`${monday}T02:00`));
    expect(opensAt(early, at(`${monday}T04:00`))).toBe(at("2026-05-06T02:00"));
    const weekly = { ...early, days: [1] };
    expect(opensAt(weekly, at(`${monday}T04:00`))).toBe(at("2026-05-11T02:00"));
  });

  it("goes on over midnight, also over the end of a week and of a year", () => {
    const late = { days: [1], fromMinute: 1380, toMinute: 60 };
    expect(isOpen(late, at(`${monday}T00:30`))).toBe(false);
    expect(isOpen(late, at(`${monday}T23:00`))).toBe(true);
    expect(isOpen(late, at("2026-05-05T00:59"))).toBe(true);
    expect(isOpen(late, at("2026-05-05T01:00"))).toBe(false);
    expect(opensAt(late, at("2026-05-05T00:30"))).toBe(at(`${monday}T23:00`));
    const saturday = { ...late, days: [6] };
    expect(isOpen(saturday, at("2026-05-10T00:30"))).toBe(true);
    const thursday = { ...late, days: [4] };
    expect(isOpen(thursday, at("2027-01-01T00:30"))).toBe(true);
  });

  it("is there in the night in which an hour is left out, and in that with one twice", () => {
    const sunday = { days: [0], fromMinute: 130, toMinute: 170 };
    // 02:00 becomes 03:00: what is set between the two has its length after it.
    expect(isOpen(sunday, at("2026-03-29T01:59:59"))).toBe(false);
    expect(isOpen(sunday, at("2026-03-29T03:15"))).toBe(true);
    expect(isOpen(sunday, at("2026-03-29T03:50"))).toBe(false);
    const untilThree = { ...sunday, fromMinute: 150, toMinute: 180 };
    expect(isOpen(untilThree, at("2026-03-29T03:45"))).toBe(true);
    expect(isOpen(untilThree, at("2026-03-29T04:00"))).toBe(false);
    // 03:00 becomes 02:00: it is open in the first of the two hours.
    expect(isOpen(sunday, Date.UTC(2026, 9, 25, 0, 30))).toBe(true);
    expect(isOpen(sunday, Date.UTC(2026, 9, 25, 1, 30))).toBe(false);
    const untilFour = { days: [0], fromMinute: 60, toMinute: 240 };
    expect(isOpen(untilFour, Date.UTC(2026, 9, 25, 2, 59))).toBe(true);
    expect(isOpen(untilFour, Date.UTC(2026, 9, 25, 3, 0))).toBe(false);
  });

  it("has days and a length", () => {
    const taken = (window: object) => windowShape.safeParse({ ...early, ...window }).success;
    expect(taken({})).toBe(true);
    expect(taken({ days: [] })).toBe(false);
    expect(taken({ days: [7] })).toBe(false);
    expect(taken({ toMinute: 120 })).toBe(false);
    expect(taken({ toMinute: 1440 })).toBe(false);
    expect(windowShape.parse({ ...early, days: [3, 1, 3] }).days).toEqual([1, 3]);
  });
});
