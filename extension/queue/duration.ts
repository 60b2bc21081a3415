/** A span of time as a clock shows it, the same in all languages: `0:42`, `12:05`, `1:02:05`. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  if (hours > 0) parts.unshift(hours);
  return parts.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** Whole minutes, at least 1, for texts. */
export function spokenMinutes(ms: number): number {
  return Math.max(1, Math.round(ms / 60_000));
}
