import type { Point } from "../surface/backlog.ts";

/** One row of pixels; `width` > 0. */
export interface Span {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The range of x that something covers in one row. */
interface Reach {
  from: number;
  to: number;
}

/** A straight line between two points, which may be the same. */
export type Line = readonly [from: Point, to: Point];

/**
 * The pixels within `radius` of a line, row by row from the top, clipped to a screen of that size.
 * What is drawn has no soft edge: a screen without a compositor knows only pixels that are there.
 */
export function spansOf(
  [a, b]: Line,
  radius: number,
  screen: { readonly width: number; readonly height: number },
): Span[] {
  const sides = sidesOf(a, b, radius);
  const first = Math.max(0, Math.ceil(Math.min(a.y, b.y) - radius));
  const last = Math.min(screen.height - 1, Math.floor(Math.max(a.y, b.y) + radius));
  const spans: Span[] = [];
  for (let y = first; y <= last; y++) {
    const reach: Reach = { from: Infinity, to: -Infinity };
    for (const end of [a, b]) addDisc(reach, end, { radius, y });
    for (const side of sides) addSide(reach, side, y);
    const from = Math.max(0, Math.ceil(reach.from));
    const to = Math.min(screen.width - 1, Math.floor(reach.to));
    if (from <= to) spans.push({ x: from, y, width: to - from + 1 });
  }
  return spans;
}

/** The long sides of the strip between the two round ends. */
function sidesOf(a: Point, b: Point, radius: number): Line[] {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length === 0) return [];
  const across = { x: ((a.y - b.y) / length) * radius, y: ((b.x - a.x) / length) * radius };
  const moved = (point: Point, by: 1 | -1): Point => ({
    x: point.x + by * across.x,
    y: point.y + by * across.y,
  });
  return [
    [moved(a, 1), moved(b, 1)],
    [moved(a, -1), moved(b, -1)],
  ];
}

function addDisc(reach: Reach, { x, y: cy }: Point, disc: { radius: number; y: number }): void {
  const square = disc.radius ** 2 - (disc.y - cy) ** 2;
  if (square < 0) return;
  const half = Math.sqrt(square);
  reach.from = Math.min(reach.from, x - half);
  reach.to = Math.max(reach.to, x + half);
}

function addSide(reach: Reach, [p, q]: Line, y: number): void {
  if (p.y === q.y || y < Math.min(p.y, q.y) || y > Math.max(p.y, q.y)) return;
  const x = p.x + ((y - p.y) / (q.y - p.y)) * (q.x - p.x);
  reach.from = Math.min(reach.from, x);
  reach.to = Math.max(reach.to, x);
}
