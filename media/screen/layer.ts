import type { DrawShape } from "@handrail/protocol";
import { type Placement, toPage } from "./viewport.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A colleague's pointer on the picture. */
export interface ShownPointer {
  readonly id: string;
  readonly name: string;
  /** As `#rrggbb`. */
  readonly colour: string;
  readonly at: Point;
}

/** A stroke as its own representative sees it until the picture shows it. */
export interface ShownStroke {
  readonly shape: DrawShape;
  /** As `#rrggbb`. */
  readonly colour: string;
  readonly points: readonly Point[];
}

/** The tip of a pen that the keyboard moves. */
export interface ShownTip {
  readonly at: Point;
  /** As `#rrggbb`. */
  readonly colour: string;
  readonly isDown: boolean;
}

const space = "http://www.w3.org/2000/svg";
/** A cross with a gap in its middle, 24 × 24, around its middle. */
const cross = "M12 0v8M12 16v8M0 12h8M16 12h8";
/** An arrow that points at its upper left corner, 16 × 16. */
const arrow = "M1 1l12 5-5 2-2 5z";

/**
 * What lies over the picture and is not part of it: where colleagues point, each with a name, and
 * the stroke and the pen of whoever draws here. Takes no clicks.
 */
export class Layer {
  readonly element = document.createElement("div");
  readonly #ink = document.createElementNS(space, "svg");
  readonly #marks = new Map<string, HTMLElement>();
  readonly #tip = newTip();
  #pointers: readonly ShownPointer[] = [];
  #shownTip: ShownTip | undefined;
  #placement: Placement | undefined;

  constructor() {
    this.element.className = "screen-layer";
    this.element.setAttribute("aria-hidden", "true");
    this.#ink.classList.add("screen-ink");
    this.element.append(this.#ink, this.#tip);
  }

  /** The picture lies there from now on. */
  place(placement: Placement): void {
    this.#placement = placement;
    const { x, y, width, height } = placement.part;
    // Half a pixel on: coordinates mean the middle of a pixel.
    this.#ink.setAttribute("viewBox", `${x - 0.5} ${y - 0.5} ${width} ${height}`);
    this.#showPointers();
    this.#showTip();
  }

  /** Shows the tip of a pen, and brings it into sight; undefined: there is none. */
  setTip(tip: ShownTip | undefined): void {
    this.#shownTip = tip;
    this.#showTip();
    if (tip) this.#tip.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Shows these pointers and no others. */
  setPointers(pointers: readonly ShownPointer[]): void {
    this.#pointers = pointers;
    this.#showPointers();
  }

  /** Shows these strokes and no others. */
  setInk(strokes: readonly ShownStroke[]): void {
    this.#ink.replaceChildren(...strokes.map(drawn));
  }

  #showTip(): void {
    const [tip, placement] = [this.#shownTip, this.#placement];
    this.#tip.hidden = !tip || !placement;
    if (!tip || !placement) return;
    const { x, y } = toPage(placement, { x: tip.at.x + 0.5, y: tip.at.y + 0.5 });
    this.#tip.style.left = `${x}px`;
    this.#tip.style.top = `${y}px`;
    this.#tip.style.setProperty("--colour", tip.colour);
    this.#tip.dataset.down = String(tip.isDown);
  }

  #showPointers(): void {
    const placement = this.#placement;
    const ids = new Set(this.#pointers.map(({ id }) => id));
    for (const [id, mark] of this.#marks) {
      if (ids.has(id)) continue;
      this.#marks.delete(id);
      mark.remove();
    }
    if (!placement) return;
    for (const pointer of this.#pointers) this.#show(pointer, placement);
  }

  #show({ id, name, colour, at }: ShownPointer, placement: Placement): void {
    const mark = this.#marks.get(id) ?? newMark();
    if (!this.#marks.has(id)) {
      this.#marks.set(id, mark);
      this.element.append(mark);
    }
    const { x, y } = toPage(placement, at);
    mark.style.transform = `translate(${x}px, ${y}px)`;
    mark.style.setProperty("--colour", colour);
    const isSeen = x >= 0 && y >= 0 && x <= placement.shown.width && y <= placement.shown.height;
    mark.hidden = !isSeen;
    // At the right edge the name goes to the left of the arrow.
    mark.dataset.side = x > placement.shown.width - 160 ? "left" : "right";
    const label = mark.lastElementChild;
    if (label && label.textContent !== name) label.textContent = name;
  }
}

function newTip(): HTMLElement {
  const tip = document.createElement("div");
  tip.className = "screen-tip";
  tip.hidden = true;
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  // A light line under the coloured one: seen on any picture.
  svg.append(shapeOf("path", { d: cross }), shapeOf("path", { d: cross }));
  tip.append(svg);
  return tip;
}

function newMark(): HTMLElement {
  const mark = document.createElement("div");
  mark.className = "screen-colleague";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", arrow);
  svg.append(path);
  const label = document.createElement("span");
  label.className = "screen-colleague-name";
  mark.append(svg, label);
  return mark;
}

function drawn({ shape, colour, points }: ShownStroke): SVGElement {
  const made = outline(shape, points);
  made.setAttribute("stroke", colour);
  return made;
}

function outline(shape: DrawShape, points: readonly Point[]): SVGElement {
  const first = points[0] ?? { x: 0, y: 0 };
  const last = points.at(-1) ?? first;
  const left = Math.min(first.x, last.x);
  const top = Math.min(first.y, last.y);
  const [width, height] = [Math.abs(last.x - first.x), Math.abs(last.y - first.y)];
  switch (shape) {
    case "pen":
      return shapeOf("polyline", {
        points: (points.length > 1 ? points : [first, first])
          .map(({ x, y }) => `${x},${y}`)
          .join(" "),
      });
    case "arrow":
      return shapeOf("polyline", { points: `${first.x},${first.y} ${last.x},${last.y}` });
    case "rectangle":
      return shapeOf("rect", { x: left, y: top, width, height });
    case "ring":
      return shapeOf("ellipse", {
        ...{ cx: left + width / 2, cy: top + height / 2, rx: width / 2, ry: height / 2 },
      });
    case "spot":
      return shapeOf("circle", { cx: last.x, cy: last.y, r: 25 });
  }
}

function shapeOf(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(space, name);
  if (!(made instanceof SVGElement)) throw new Error(`${name} is no shape`);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
