import type { SystemCategory, SystemReading, SystemSnapshot } from "@handrail/protocol";

/** Load, what is in use and what runs differ from one minute to the next. */
const restless: readonly SystemCategory[] = ["processor", "memory", "processes"];

/** The readings in the order in which they are compared: what differs always comes last. */
export function calmFirst(readings: readonly SystemReading[]): readonly SystemReading[] {
  const isRestless = ({ category }: SystemReading) => restless.includes(category);
  return [...readings.filter((each) => !isRestless(each)), ...readings.filter(isRestless)];
}

/** One side of a comparison. */
export interface Side extends Pick<SystemSnapshot, "computer" | "customer" | "takenAt"> {
  readonly isStart?: boolean;
}

/** How a tab of two of them is called. `start`: the words for the start of the session. */
export function comparisonTitle(
  left: Side,
  right: Side,
  { start, language }: { start: string; language: string },
): string {
  const day = new Intl.DateTimeFormat(language, { dateStyle: "short" });
  const isOneDay = day.format(left.takenAt) === day.format(right.takenAt);
  const minute = (takenAt: number) => Math.floor(takenAt / 60_000);
  const timeStyle = minute(left.takenAt) === minute(right.takenAt) ? "medium" : "short";
  const moment = new Intl.DateTimeFormat(
    language,
    isOneDay ? { timeStyle } : { dateStyle: "short", timeStyle },
  );
  const when = ({ isStart, takenAt }: Side) => (isStart ? start : moment.format(takenAt));
  const [one, other] = [left, right].map(({ computer, customer }) => computer || customer);
  return one === other
    ? `${one}: ${when(left)} ↔ ${when(right)}`
    : `${one}, ${when(left)} ↔ ${other}, ${when(right)}`;
}
