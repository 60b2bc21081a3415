import { type SessionEvent, surfaceTags } from "@handrail/protocol";
import type { Recording } from "./recording.ts";

/** A part of a recording; times in ms since it began, `until` exclusive. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** After these nobody sees the screen before the customer's computer sends a new picture. */
const ends: ReadonlySet<string> = new Set([
  "session.transferred",
  "session.orphaned",
  "screen.unavailable",
]);

/**
 * When the customer did not show the screen, after having done so: the last picture is still there
 * then, and is not what was on the screen.
 */
export function withheldSpans({
  events,
  surfaces,
}: Pick<Recording, "events" | "surfaces">): readonly Span[] {
  const pictures = surfaces.filter(({ tag }) => tag === surfaceTags.epoch).map(({ at }) => at);
  const returns = events.filter(({ what }) => what.event === "screen.available");
  const shownAgain = [...pictures, ...returns.map(({ at }) => at)].sort((a, b) => a - b);
  return events
    .filter(({ what }) => hides(what))
    .map(({ at }) => ({ from: at, until: shownAgain.find((again) => again >= at) ?? Infinity }));
}

/**
 * When nobody watched the screen, after somebody had: a computer sends no picture then, and the last
 * one stands still.
 */
export function unwatchedSpans({
  events,
  surfaces,
}: Pick<Recording, "events" | "surfaces">): readonly Span[] {
  const watching = new Set<string>();
  const spans: Span[] = [];
  for (const { at, what } of events) {
    if (what.event === "screen.watched") watching.add(what.who);
    if (what.event !== "screen.left" || !watching.delete(what.who) || watching.size > 0) continue;
    spans.push({ from: at, until: surfaces.find((picture) => picture.at > at)?.at ?? Infinity });
  }
  return spans;
}

function hides({ event, detail }: SessionEvent): boolean {
  return ends.has(event) || (event === "permission.revoked" && detail.permission === "view");
}
