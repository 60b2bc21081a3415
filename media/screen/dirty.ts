import type { SurfaceRect } from "@handrail/protocol";

/** A canvas takes longer over a hundred small rectangles than over the few that contain them. */
const maxRectsPainted = 48;
/** Two rectangles become one where that paints at most this much more than both. */
const worthwhile = 1.2;

/**
 * The rectangles to paint so that all of `rects` are: neighbours joined, contained ones left out,
 * and never more than 48.
 */
export function joinDirty(rects: readonly SurfaceRect[]): SurfaceRect[] {
  if (rects.length < 2) return [...rects];
  const sorted = [...rects].sort((a, b) => a.y - b.y || a.x - b.x);
  let joined = joinNeighbours(sorted, worthwhile);
  for (let slack = 2; joined.length > maxRectsPainted; slack *= 2) {
    joined = joinNeighbours(joined, slack);
  }
  return joined;
}

function joinNeighbours(rects: readonly SurfaceRect[], slack: number): SurfaceRect[] {
  const out: SurfaceRect[] = [];
  for (const rect of rects) {
    const at = recentIndex(out, (other) => isWorthJoining(other, rect, slack));
    const other = out[at];
    if (other) out[at] = around(other, rect);
    else out.push(rect);
  }
  return out;
}

/** Looks back at a few only: rectangles are sorted, and thousands must not be compared in pairs. */
function recentIndex(rects: readonly SurfaceRect[], fits: (rect: SurfaceRect) => boolean): number {
  for (let i = rects.length - 1; i >= Math.max(0, rects.length - 8); i--) {
    const rect = rects[i];
    if (rect && fits(rect)) return i;
  }
  return -1;
}

function isWorthJoining(a: SurfaceRect, b: SurfaceRect, slack: number): boolean {
  return area(around(a, b)) <= slack * (area(a) + area(b));
}

function around(a: SurfaceRect, b: SurfaceRect): SurfaceRect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}

function area(rect: SurfaceRect): number {
  return rect.width * rect.height;
}
