import type { UnixMs } from "@handrail/protocol";
import { z } from "zod";

/** How often a backup is made by itself. */
export const backupRhythms = ["off", "daily", "weekly"] as const;

/** When backups are made by themselves, and how many of them are kept. */
export const scheduleShape = z.strictObject({
  every: z.enum(backupRhythms),
  /** Minutes after midnight, in the appliance's time zone. */
  minuteOfDay: z.int().min(0).max(1439),
  /** 0 is Sunday. Counts only when it is weekly. */
  weekday: z.int().min(0).max(6),
  keep: z.int().min(1).max(365),
  withRecordings: z.boolean(),
});
/** The same, read. */
export type BackupSchedule = z.infer<typeof scheduleShape>;

/** Until somebody says otherwise. */
export const noSchedule: BackupSchedule = {
  every: "off",
  minuteOfDay: 120,
  weekday: 0,
  keep: 7,
  withRecordings: false,
};

/** When the next one is due after that moment; undefined when none is ever. */
export function dueAfter(schedule: BackupSchedule, after: UnixMs): UnixMs | undefined {
  const { every, minuteOfDay, weekday } = schedule;
  if (every === "off") return undefined;
  const due = new Date(after);
  // By the calendar, not by 24 hours: days on which clocks are changed are longer or shorter.
  due.setHours(Math.floor(minuteOfDay / 60), minuteOfDay % 60, 0, 0);
  while (due.getTime() <= after || (every === "weekly" && due.getDay() !== weekday)) {
    due.setDate(due.getDate() + 1);
  }
  return due.getTime();
}
