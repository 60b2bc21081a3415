import type { UnixMs } from "@handrail/protocol";
import type { MaintenanceWindow } from "@handrail/protocol/upkeep";
import { z } from "zod";

const minute = z.int().min(0).max(1439);

/** A window as it is typed: on a day at least, and of some length. */
export const windowShape = z
  .strictObject({
    days: z
      .array(z.int().min(0).max(6))
      .min(1, "choose a day at least")
      .transform((days) => [...new Set(days)].toSorted()),
    fromMinute: minute,
    toMinute: minute,
  })
  .refine(({ fromMinute, toMinute }) => fromMinute !== toMinute, {
    message: "it ends when it begins",
    path: ["toMinute"],
  });

/** Until somebody says otherwise: the night to Sunday. */
export const usualWindow: MaintenanceWindow = { days: [0], fromMinute: 120, toMinute: 240 };

const minuteMs = 60_000;
const minutesOfDay = 1440;
const daysOfWeek = 7;

/** Whether it is open at that moment. It begins with its first minute and ends before its last. */
export function isOpen(window: MaintenanceWindow, at: UnixMs): boolean {
  return occasions(window, at, [-1, 0]).some(({ from, to }) => from <= at && at < to);
}

/** When it is open next: the moment it opens, or, while it is open, when it has opened. */
export function opensAt(window: MaintenanceWindow, at: UnixMs): UnixMs {
  const days = Array.from({ length: daysOfWeek + 2 }, (_, i) => i - 1);
  return occasions(window, at, days).find(({ to }) => at < to)?.from ?? at;
}

/** The window on the days that lie so many days from that moment. */
function occasions(
  { days, fromMinute, toMinute }: MaintenanceWindow,
  at: UnixMs,
  offsets: readonly number[],
): { from: UnixMs; to: UnixMs }[] {
  const isOverMidnight = toMinute < fromMinute;
  const lengthMs = (toMinute - fromMinute + (isOverMidnight ? minutesOfDay : 0)) * minuteMs;
  return offsets.flatMap((offset) => {
    const from = momentOn(at, offset, fromMinute);
    if (!days.includes(new Date(momentOn(at, offset, 12 * 60)).getDay())) return [];
    const to = momentOn(at, offset + (isOverMidnight ? 1 : 0), toMinute);
    // On the night on which clocks go forward a window may have no minute left by the clock.
    return [{ from, to: to > from ? to : from + lengthMs }];
  });
}

/** By the calendar, not by 24 hours: days on which clocks are changed are longer or shorter. */
function momentOn(at: UnixMs, offset: number, minuteOfDay: number): UnixMs {
  const day = new Date(at);
  return new Date(
    day.getFullYear(),
    day.getMonth(),
    day.getDate() + offset,
    Math.floor(minuteOfDay / 60),
    minuteOfDay % 60,
  ).getTime();
}
