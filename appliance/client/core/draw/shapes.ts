import type { DrawShape } from "@handrail/protocol";
import type { Point } from "../surface/backlog.ts";
import type { Line } from "./rows.ts";

/** Lines that a ring is made of: smooth enough for a whole screen. */
const ringSides = 72;
/** Length of an arrow's head, and size of a spot, in widths of the line. */
const headWidths = 5;
const spotWidths = 5;
/** How far an arrow's head opens to either side, radians. */
const headAngle = Math.PI / 7;

/** How far a spot reaches from its middle, for a line of that width, pixels. */
export function spotReach(width: number): number {
  return spotWidths * width;
}

/** The lines that make up a shape; `points` are never none. `width`: of the line, pixels. */
export function linesOf(shape: DrawShape, points: readonly Point[], width: number): Line[] {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return [];
  switch (shape) {
    case "pen":
      return through(points);
    case "arrow":
      return arrow(first, last, width);
    case "rectangle":
      return through([first, { x: last.x, y: first.y }, last, { x: first.x, y: last.y }, first]);
    case "ring":
      return ring(middleOf(first, last), {
        x: Math.abs(last.x - first.x) / 2,
        y: Math.abs(last.y - first.y) / 2,
      });
    case "spot": {
      const radius = spotReach(width);
      return [[last, last], ...ring(last, { x: radius, y: radius })];
    }
  }
}

/** A line from each point to the next; a single point is a dot. */
export function through(points: readonly Point[]): Line[] {
  const [first] = points;
  if (points.length === 1 && first) return [[first, first]];
  return points.slice(1).map((point, before): Line => [points[before] ?? point, point]);
}

function arrow(from: Point, to: Point, width: number): Line[] {
  const back = Math.atan2(from.y - to.y, from.x - to.x);
  const length = headWidths * width;
  const side = (angle: number): Line => [
    to,
    { x: to.x + length * Math.cos(back + angle), y: to.y + length * Math.sin(back + angle) },
  ];
  return [[from, to], side(headAngle), side(-headAngle)];
}

function ring(middle: Point, radius: Point): Line[] {
  const points = Array.from({ length: ringSides + 1 }, (_, i): Point => {
    const angle = (i / ringSides) * 2 * Math.PI;
    return {
      x: middle.x + radius.x * Math.cos(angle),
      y: middle.y + radius.y * Math.sin(angle),
    };
  });
  return through(points);
}

function middleOf(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
