import type { UnixMs } from "@handrail/protocol";
import type { PaneLanguage } from "./contract.ts";

/** A time of day; with the date when it is not today's. */
export function timeText(at: UnixMs, language: PaneLanguage, withSeconds = false): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, {
    ...(isToday ? {} : { dateStyle: "short" }),
    timeStyle: withSeconds ? "medium" : "short",
  }).format(date);
}

/** A duration as `4:05` or `1:04:05`. */
export function durationText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes}:${pad(seconds % 60)}`;
  return `${hours}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}
