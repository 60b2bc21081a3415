import type { SystemValue } from "./system.ts";

/** Words for values that are none of their own. */
export interface ValueWords {
  readonly yes: string;
  readonly no: string;
  /** The units of bytes, from bytes on: `B`, `KiB` …; French has its own. */
  readonly byteUnits: readonly string[];
  /** For numbers and times, such as `fr`. */
  readonly language: string;
}

/** A value as people read it: its unit is the end of its field's name. */
export function valueText(field: string, value: SystemValue, words: ValueWords): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (field.endsWith("Bytes")) return bytesText(value, words);
  if (field.endsWith("Percent")) return `${numberText(value, words)} %`;
  if (field.endsWith("At")) return timeText(value, words.language);
  if (field.endsWith("Mhz")) return `${numberText(value, words)} MHz`;
  if (field.endsWith("MbitPerSecond")) return `${numberText(value, words)} Mbit/s`;
  // A name and no quantity: no groups of digits.
  return field.endsWith("Id") ? String(value) : numberText(value, words);
}

/** A time as people read it, in the console's own time zone. */
export function timeText(at: number, language: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  return date.toLocaleString(language, { dateStyle: "medium", timeStyle: "medium" });
}

const barSteps = 10;

/** A bar of ten steps for a share of a hundred; undefined for values that are no share. */
export function bar(field: string, value: SystemValue): string | undefined {
  if (typeof value !== "number" || !field.endsWith("Percent")) return undefined;
  const full = Math.round(Math.min(Math.max(value / 100, 0), 1) * barSteps);
  return "█".repeat(full) + "░".repeat(barSteps - full);
}

function bytesText(value: number, words: ValueWords): string {
  let amount = value;
  let unit = 0;
  while (amount >= 1024 && unit < words.byteUnits.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${numberText(amount, words)} ${words.byteUnits[unit] ?? ""}`;
}

function numberText(value: number, { language }: ValueWords): string {
  return value.toLocaleString(language, { maximumFractionDigits: value < 100 ? 1 : 0 });
}
