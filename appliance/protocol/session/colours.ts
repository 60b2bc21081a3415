import type { RepresentativeId } from "../terms.ts";

/**
 * The colours in which those who take part point and draw, as `#rrggbb`. White text on each has a
 * contrast of at least 4.5 (WCAG 2.2, 1.4.3); a light edge lifts them off dark ground. Nobody is
 * told from others by colour alone: the name stands beside it.
 */
export const participantColours = [
  "#c5221f",
  "#1a56db",
  "#0d7a3e",
  "#8e24aa",
  "#a14a00",
  "#00697a",
] as const;

/** The place in `participantColours` of somebody who takes part: by the order of joining. */
export function colourOf(
  participants: readonly { readonly id: RepresentativeId }[],
  id: RepresentativeId,
): number {
  const place = participants.findIndex((each) => each.id === id);
  return Math.max(0, place) % participantColours.length;
}
