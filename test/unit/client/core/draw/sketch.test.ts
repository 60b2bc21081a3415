import { type DrawMessage, type DrawShape, strokeStaysMs } from "@handrail/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { type Line, spansOf } from "../../../../../appliance/client/core/draw/rows.ts";
import { type Canvas, Sketch } from "../../../../../appliance/client/core/draw/sketch.ts";
import { linesOf } from "../../../../../appliance/client/core/draw/shapes.ts";
import { FakeClock } from "../../../../support/fake-clock.ts";
import { clockOf } from "../edges.ts";

/** Keeps what is shown. */
class CanvasRecord implements Canvas {
  readonly lineWidth = 5;
  lines: readonly Line[] = [];
  signed: { x: number; y: number } | undefined;

  add(lines: readonly Line[]): void {
    this.lines = [...this.lines, ...lines];
  }
  replace(lines: readonly Line[]): void {
    this.lines = lines;
  }
  sign(at: { x: number; y: number }): void {
    this.signed = at;
  }
}

let clock: FakeClock;
let canvas: CanvasRecord;
let sketch: Sketch;
beforeEach(() => {
  clock = new FakeClock();
  canvas = new CanvasRecord();
  sketch = new Sketch(canvas, clockOf(clock));
});

const begin = (shape: DrawShape, x = 10, y = 10): DrawMessage => ({
  ...{ type: "begin", shape, colour: 0, x, y },
});
const to = (x: number, y: number): DrawMessage => ({ type: "to", points: [{ x, y }] });

describe("a sketch", () => {
  it("shows a line as it is drawn, signed where it begins", () => {
    sketch.take(begin("pen"));
    sketch.take(to(20, 10));
    sketch.take(to(20, 30));
    expect(canvas.lines).toEqual(
      linesOf("pen", [{ x: 10, y: 10 }], 5).concat(
        linesOf(
          "pen",
          [
            { x: 10, y: 10 },
            { x: 20, y: 10 },
            { x: 20, y: 30 },
          ],
          5,
        ),
      ),
    );
    expect(canvas.signed).toEqual({ x: 10, y: 10 });
  });

  it("shows other shapes as they are in the end", () => {
    sketch.take(begin("rectangle"));
    sketch.take(to(90, 90));
    sketch.take(to(50, 40));
    expect(canvas.lines).toEqual(
      linesOf(
        "rectangle",
        [
          { x: 10, y: 10 },
          { x: 50, y: 40 },
        ],
        5,
      ),
    );
  });

  it("loses each stroke some seconds after its last point, the others staying", () => {
    sketch.take(begin("spot", 100, 100));
    clock.advance(strokeStaysMs - 1000);
    sketch.take(begin("pen"));
    clock.advance(2000);
    expect(canvas.lines).toEqual(linesOf("pen", [{ x: 10, y: 10 }], 5));
    sketch.take(to(20, 20));
    clock.advance(strokeStaysMs - 1);
    expect(canvas.lines).not.toEqual([]);
    clock.advance(1);
    expect(canvas.lines).toEqual([]);
  });

  it("is gone at once when it is cleared, and what comes too late for it is not shown", () => {
    sketch.take(begin("ring"));
    sketch.take({ type: "clear" });
    expect(canvas.lines).toEqual([]);
    sketch.take(to(50, 50));
    expect(canvas.lines).toEqual([]);
  });

  it("gives up its oldest strokes for more", () => {
    for (let i = 0; i < 1000; i++) sketch.take(begin("pen", i, 0));
    expect(canvas.lines.length).toBeLessThanOrEqual(40);
    expect(canvas.lines.at(-1)).toEqual([
      { x: 999, y: 0 },
      { x: 999, y: 0 },
    ]);
  });
});

describe("a sketch of more than may be shown", () => {
  const lengthOf = () =>
    canvas.lines.reduce((sum, [from, { x, y }]) => sum + Math.hypot(x - from.x, y - from.y), 0);
  const scribble: DrawMessage = {
    type: "to",
    points: Array.from({ length: 60 }, (_, i) => ({ x: i, y: (i % 2) * 1000 })),
  };

  it.each([
    ["one line", 60],
    ["many lines", 1],
  ])("stays so long, of %s", (_what, messages) => {
    for (let i = 0; i < 62; i++) {
      if (i % messages === 0) sketch.take(begin("pen"));
      sketch.take(scribble);
      expect(lengthOf()).toBeLessThanOrEqual(200_000);
    }
    expect(lengthOf()).toBeGreaterThan(0);
    sketch.take(to(77, 0));
    expect(canvas.lines.at(-1)?.[1]).toEqual({ x: 77, y: 0 });
  });
});

describe("the pixels of a line", () => {
  const screen = { width: 100, height: 80 };
  const pixels = (line: Line, radius: number) => {
    const shown = new Set<string>();
    for (const { x, y, width } of spansOf(line, radius, screen)) {
      for (let at = x; at < x + width; at++) shown.add(`${at},${y}`);
    }
    return shown;
  };

  it.each([
    [
      [
        { x: 20, y: 20 },
        { x: 20, y: 20 },
      ],
      5,
    ],
    [
      [
        { x: 10, y: 40 },
        { x: 90, y: 40 },
      ],
      2.5,
    ],
    [
      [
        { x: 50, y: 5 },
        { x: 50, y: 75 },
      ],
      2.5,
    ],
    [
      [
        { x: 12, y: 7 },
        { x: 71, y: 63 },
      ],
      3.5,
    ],
    [
      [
        { x: 80, y: 10 },
        { x: 30, y: 22 },
      ],
      4,
    ],
    [
      [
        { x: -20, y: -20 },
        { x: 300, y: 200 },
      ],
      6,
    ],
  ] as const)("are those near it, and no others: %j, %d", (line, radius) => {
    const shown = pixels(line, radius);
    for (let y = 0; y < screen.height; y++) {
      for (let x = 0; x < screen.width; x++) {
        const distance = distanceTo(line, { x, y });
        // Right on the border either will do.
        if (Math.abs(distance - radius) < 1e-6) continue;
        expect(shown.has(`${x},${y}`), `${x},${y}`).toBe(distance < radius);
      }
    }
  });
});

function distanceTo([a, b]: Line, point: { x: number; y: number }): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / square;
  const part = Math.max(0, Math.min(1, along));
  return Math.hypot(point.x - a.x - part * dx, point.y - a.y - part * dy);
}
