import { type DrawMessage, type DrawShape, strokeStaysMs } from "@handrail/protocol";
import type { Point } from "../surface/backlog.ts";
import { type Clock, Timer } from "../clock.ts";
import type { Line } from "./rows.ts";
import { linesOf, spotReach, through } from "./shapes.ts";

/** Most strokes of one representative at a time; the oldest goes for one more. */
const maxStrokes = 40;
/** Most pixels that freehand lines of one representative are long; the oldest go for more. */
const maxShownPixels = 200_000;

interface Stroke {
  readonly shape: DrawShape;
  points: Point[];
  /** Of a freehand line, with the width of its points. */
  lengthPixels: number;
  /** When its latest point came, ms of the clock. */
  lastAt: number;
}

/** Where a sketch is seen. */
export interface Canvas {
  /** Shows these lines besides those that are shown. */
  add(lines: readonly Line[]): void;
  /** Shows these lines and no others; none: nothing at all. */
  replace(lines: readonly Line[]): void;
  /** Says who draws, beside this point, in that place of `participantColours`. */
  sign(at: Point, colour: number): void;
  /** Width of a line, pixels. */
  readonly lineWidth: number;
}

/**
 * What one representative has drawn and is still to be seen. Each stroke goes by itself, some
 * seconds after its last point, whatever has become of whoever drew it.
 */
export class Sketch implements Disposable {
  readonly #canvas: Canvas;
  readonly #clock: Clock;
  readonly #timer: Timer;
  #strokes: Stroke[] = [];

  constructor(canvas: Canvas, clock: Clock) {
    this.#canvas = canvas;
    this.#clock = clock;
    this.#timer = new Timer(clock);
  }

  /** Takes what was drawn, in the order of a channel. */
  take(message: DrawMessage): void {
    switch (message.type) {
      case "begin":
        this.#begin(message);
        break;
      case "to":
        this.#extend(message.points);
        break;
      case "clear":
        return this.clear();
    }
    this.#expireLater();
  }

  /** Everything goes at once. */
  clear(): void {
    this.#timer.clear();
    if (this.#strokes.length === 0) return;
    this.#strokes = [];
    this.#canvas.replace([]);
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  #begin({ shape, colour, x, y }: DrawMessage & { type: "begin" }): void {
    this.#strokes.push({ shape, points: [{ x, y }], lengthPixels: 0, lastAt: this.#clock.now() });
    const isTooMuch = this.#strokes.length > maxStrokes;
    if (isTooMuch) this.#strokes.shift();
    // Beside a spot, not over it.
    const aside = shape === "spot" ? spotReach(this.#canvas.lineWidth) : 0;
    this.#canvas.sign({ x: x + aside, y: y - aside }, colour);
    if (isTooMuch) this.#redraw();
    else this.#canvas.add(linesOf(shape, [{ x, y }], this.#canvas.lineWidth));
  }

  #extend(points: readonly Point[]): void {
    const stroke = this.#strokes.at(-1);
    // It may have gone while the line was slow: what belongs to it is not shown without it.
    if (!stroke) return;
    const before = stroke.points.at(-1);
    stroke.lastAt = this.#clock.now();
    if (stroke.shape !== "pen" || !before) {
      // What lies between the first point and the last is of no shape but a line.
      stroke.points = [...stroke.points.slice(0, 1), ...points.slice(-1)];
      return this.#redraw();
    }
    const more = through([before, ...points]);
    stroke.points.push(...points);
    stroke.lengthPixels += lengthOf(more) + more.length * this.#canvas.lineWidth;
    if (this.#shorten()) this.#redraw();
    else this.#canvas.add(more);
  }

  /** Forgets what is more than may be shown; whether that was anything. */
  #shorten(): boolean {
    let shown = this.#strokes.reduce((sum, { lengthPixels }) => sum + lengthPixels, 0);
    if (shown <= maxShownPixels) return false;
    while (shown > maxShownPixels && this.#strokes.length > 1) {
      shown -= this.#strokes.shift()?.lengthPixels ?? 0;
    }
    const last = this.#strokes.at(-1);
    if (last && shown > maxShownPixels) {
      last.points = last.points.slice(-1);
      last.lengthPixels = 0;
    }
    return true;
  }

  #redraw(): void {
    const { lineWidth } = this.#canvas;
    this.#canvas.replace(
      this.#strokes.flatMap(({ shape, points }) => linesOf(shape, points, lineWidth)),
    );
  }

  #expireLater(): void {
    const oldest = Math.min(...this.#strokes.map(({ lastAt }) => lastAt));
    if (oldest === Infinity) return;
    this.#timer.set(Math.max(0, oldest + strokeStaysMs - this.#clock.now()), () => this.#expire());
  }

  #expire(): void {
    const since = this.#clock.now() - strokeStaysMs;
    const staying = this.#strokes.filter(({ lastAt }) => lastAt > since);
    if (staying.length < this.#strokes.length) {
      this.#strokes = staying;
      this.#redraw();
    }
    this.#expireLater();
  }
}

function lengthOf(lines: readonly Line[]): number {
  return lines.reduce((sum, [from, to]) => sum + Math.hypot(to.x - from.x, to.y - from.y), 0);
}
