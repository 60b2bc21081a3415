import type { Language } from "../language.tsx";
import { scheduleWords } from "./backup-texts.ts";

/** When backups are made, as a row of the audit log has it; as it stands where it cannot be read. */
export function scheduleText(json: string, language: Language): string {
  const words = scheduleWords[language];
  const schedule = readJson(json);
  const rhythm = schedule.every;
  if (rhythm !== "daily" && rhythm !== "weekly") return rhythm === "off" ? words.off : json;
  const time = timeOfDay(Number(schedule.minuteOfDay));
  const day = weekdayName(Number(schedule.weekday), language);
  const parts = [
    rhythm === "daily" ? words.daily(time) : words.weekly(day, time),
    schedule.withRecordings === true ? words.recordings : words.noRecordings,
    words.keep(Number(schedule.keep)),
  ];
  return parts.join(", ");
}

/** Minutes after midnight as `02:30`. */
export function timeOfDay(minutes: number): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** The name of a day of the week; 0 is Sunday. */
export function weekdayName(weekday: number, language: Language): string {
  // The fourth of January 1970 was a Sunday.
  const day = new Date(Date.UTC(1970, 0, 4 + weekday));
  return new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(day);
}

/** The properties of an object in a row of the audit log; none where there is no object. */
export function readJson(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    // The row has no schedule in it.
    return {};
  }
}
