import type { SessionView } from "@handrail/protocol";
import type { Language } from "./language.tsx";
import type { Texts } from "./texts.ts";

/**
 * The reader's own region for a language, for it decides how dates are written: whoever reads
 * English in Germany writes the day first.
 */
export function localeOf(language: Language): string {
  const own = navigator.languages.find((tag) => tag.startsWith(`${language}-`));
  if (own !== undefined) return own;
  const { region } = new Intl.Locale(navigator.language);
  return region === undefined ? language : `${language}-${region}`;
}

/** A moment as date and time. */
export function momentText(at: number, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), {
    dateStyle: "medium",
    timeStyle: "short",
  }).format(at);
}

/** A moment with its seconds, for logs; the month is a word, which nobody takes for the day. */
export function preciseText(at: number, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), {
    dateStyle: "medium",
    timeStyle: "medium",
  }).format(at);
}

/** A duration by its two largest units: `3 d 4 h`, `12 min 5 s`. */
export function durationText(durationMs: number, { units }: Texts): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), units.day],
    [Math.floor(seconds / 3600) % 24, units.hour],
    [Math.floor(seconds / 60) % 60, units.minute],
    [seconds % 60, units.second],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return `0 ${units.second}`;
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** A place in a recording: `4:05`, `1:04:05`. */
export function clockText(positionMs: number): string {
  const seconds = Math.max(0, Math.floor(positionMs / 1000));
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes}:${pad(seconds % 60)}`;
  return `${hours}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}

/** A size by the largest fitting unit of a thousand: `12.3 GB`. */
export function sizeText(sizeBytes: number, language: Language, { bytes }: Texts): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1000 && unit < bytes.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 ? 0 : 1;
  const number = new Intl.NumberFormat(localeOf(language), {
    maximumFractionDigits: digits,
  }).format(value);
  return `${number} ${bytes[unit] ?? ""}`;
}

/** A fingerprint as people compare it: pairs of capital digits between colons. */
export function fingerprintText(fingerprint: string): string {
  return (fingerprint.toUpperCase().match(/../g) ?? []).join(":");
}

/** How long a session has lasted; undefined before it was accepted. */
export function sessionDurationMs(session: SessionView): number | undefined {
  const { acceptedAt, endedAt } = session;
  return acceptedAt === undefined ? undefined : (endedAt ?? Date.now()) - acceptedAt;
}

/** Scripts that are written from right to left. */
const rightToLeft =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Somebody's words in a sentence of ours: those of the other direction turn nothing around them.
 * Source: UAX #9, first strong isolate.
 */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}
