import {
  drawMessage,
  type DrawMessage,
  type DrawShape,
  drawShapes,
  maxDrawPoints,
  maxStrokePoints,
  participantColours,
  type Place,
  strokeStaysMs,
} from "@handrail/protocol";
import type { Screen } from "../screen/screen.ts";
import type { PaneEnd, SessionPane } from "./contract.ts";
import { element } from "./element.ts";
import type { IconName } from "./icon.ts";
import type { Stage } from "./stage.ts";
import type { Texts } from "./texts.ts";
import { PenKeys } from "./pen-keys.ts";
import { toolButton } from "./tool-button.ts";

/** Points go out together so often, ms. */
const sendEveryMs = 33;
/** A stroke is shown here until the picture must have it, ms after its end. */
const echoMs = 1000;

const icons = {
  pen: "pen",
  arrow: "arrow",
  rectangle: "rectangle",
  ring: "ring",
  spot: "spot",
} as const satisfies Record<DrawShape, IconName>;

/** What the pen needs of its pane. */
export interface PenPlace {
  readonly end: PaneEnd<SessionPane>;
  readonly screen: () => Screen;
  readonly stage: () => Stage;
  readonly texts: Texts;
  /** The place in `participantColours` of this representative. */
  readonly colour: () => number;
  /** Shows what an attempt is refused for. */
  readonly attempt: (attempt: Promise<unknown>) => void;
  /** One points there oneself, by keyboard. */
  readonly pointed: (at: Place) => void;
  /** The pen was taken or put down. */
  readonly changed: () => void;
}

interface Stroke {
  readonly shape: DrawShape;
  readonly colour: number;
  points: Place[];
  /** Points of it that were sent, and all that it has had. */
  sent: number;
}

/**
 * The pen of the session pane: what is drawn on the picture goes to the customer's screen while it
 * is being drawn. The host opens the way, asking the customer where that is needed.
 */
export class Pen {
  /** The row of shapes, shown while drawing; before it what the keyboard draws with. */
  readonly element = document.createDocumentFragment();
  readonly #palette: HTMLElement;
  readonly #keys: PenKeys;
  readonly #byKeys: HTMLButtonElement;
  readonly #place: PenPlace;
  readonly #shapes = new Map<DrawShape, HTMLButtonElement>();
  #shape: DrawShape = "pen";
  #isOn = false;
  #isStarting = false;
  #stroke: Stroke | undefined;
  #drawnAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #echo: ReturnType<typeof setTimeout> | undefined;

  constructor(place: PenPlace) {
    this.#place = place;
    this.#keys = this.#makeKeys();
    this.#byKeys = toolButton("keyboard", place.texts.pen.byKeys, () => this.#toggleKeys());
    this.#palette = this.#build();
    this.element.append(this.#keys.element, this.#palette);
    document.addEventListener("keydown", (event) => this.#key(event), { capture: true });
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** How one draws now. */
  get hint(): string {
    const { pen } = this.#place.texts;
    return this.#keys.isTaken ? pen.keysHint : pen.hint;
  }

  /** Takes the pen, or puts it down. */
  toggle(): void {
    if (this.#isOn) return this.stop();
    if (!this.#isStarting) this.#place.attempt(this.#start());
  }

  /** Puts the pen down; what was drawn goes by itself. */
  stop(): void {
    if (!this.#isOn) return;
    this.#place.end.notify("pen.stop", null);
    this.ended();
  }

  /** The host has taken the way away. */
  ended(): void {
    if (!this.#isOn) return;
    this.strokeEnded();
    this.#isOn = false;
    this.#show();
  }

  /** What this representative has drawn goes at once. */
  clear(): void {
    if (!this.#isOn) return;
    this.#stroke = undefined;
    this.#drawnAt = -Infinity;
    this.#forgetInk();
    this.#send({ type: "clear" });
    this.#keys.lifted();
    this.#place.stage().say(this.#place.texts.pen.cleared);
  }

  strokeBegun(at: Place): void {
    if (!this.#isOn) return;
    this.#begin({ shape: this.#shape, colour: this.#place.colour() }, at);
  }

  strokeMoved(points: readonly Place[]): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    for (const point of points) {
      const last = stroke.points.at(-1);
      if (last?.x !== point.x || last.y !== point.y) stroke.points.push(point);
    }
    this.#showInk(stroke);
    this.#timer ??= setTimeout(() => this.#flush(), sendEveryMs);
  }

  strokeEnded(): void {
    this.#flush();
    this.#stroke = undefined;
    clearTimeout(this.#echo);
    this.#echo = setTimeout(() => this.#forgetInk(), echoMs);
  }

  async #start(): Promise<void> {
    this.#isStarting = true;
    try {
      const { done } = await this.#place.end.request("pen.start", null);
      if (!done) return;
      this.#isOn = true;
      this.#show();
      this.#shapes.get(this.#shape)?.focus();
    } finally {
      this.#isStarting = false;
    }
  }

  #begin(stroke: Pick<Stroke, "shape" | "colour">, at: Place): void {
    this.#stroke = { ...stroke, points: [at], sent: 1 };
    clearTimeout(this.#echo);
    this.#showInk(this.#stroke);
    this.#send({ type: "begin", ...stroke, ...at });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const stroke = this.#stroke;
    if (!stroke) return;
    const fresh = stroke.points.slice(stroke.sent);
    const last = fresh.at(-1);
    if (!last) return;
    stroke.sent = stroke.points.length;
    // Of all but the free hand only the last point counts.
    const points = stroke.shape === "pen" ? fresh : [last];
    for (let at = 0; at < points.length; at += maxDrawPoints) {
      this.#send({ type: "to", points: points.slice(at, at + maxDrawPoints) });
    }
    if (stroke.points.length > maxStrokePoints - 4 * maxDrawPoints) this.#begin(stroke, last);
  }

  #send(message: DrawMessage): void {
    if (message.type !== "clear") this.#drawnAt = performance.now();
    this.#place.end.notify("pen.message", { bytes: drawMessage.encode(message) });
  }

  #showInk({ shape, colour, points }: Stroke): void {
    const ink = { shape, points, colour: participantColours[colour] ?? participantColours[0] };
    this.#place.screen().layer.setInk([ink]);
  }

  #forgetInk(): void {
    this.#place.screen().layer.setInk([]);
  }

  /** Escape clears; where there is nothing to clear, it puts the pen down. */
  #key(event: KeyboardEvent): void {
    if (!this.#isOn || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (performance.now() - this.#drawnAt < strokeStaysMs) this.clear();
    else this.stop();
  }

  #show(): void {
    const { activeElement } = document;
    const hadFocus = [this.#palette, this.#keys.element].some((e) => e.contains(activeElement));
    this.#palette.hidden = !this.#isOn;
    this.#keys.setOn(this.#isOn);
    this.#byKeys.setAttribute("aria-pressed", String(this.#keys.isTaken));
    this.#place.screen().setDrawing(this.#isOn);
    // Whoever has put the pen down by keyboard goes on where they were.
    if (hadFocus && !this.#isOn) this.#place.screen().focus();
    this.#place.changed();
  }

  #makeKeys(): PenKeys {
    const { texts, screen, stage, colour, pointed } = this.#place;
    return new PenKeys({
      ...{ texts, screen, colour, pointed },
      say: (text) => stage().say(text),
      shape: () => this.#shape,
      begun: (at) => this.strokeBegun(at),
      moved: (points) => this.strokeMoved(points),
      ended: () => this.strokeEnded(),
    });
  }

  #toggleKeys(): void {
    if (this.#keys.isTaken) this.#keys.leave();
    else this.#keys.take();
    this.#show();
  }

  #build(): HTMLElement {
    const { pen } = this.#place.texts;
    for (const shape of drawShapes) {
      const button = toolButton(icons[shape], pen.shapes[shape], () => this.#choose(shape));
      this.#shapes.set(shape, button);
    }
    const clear = toolButton("erase", pen.clear, () => this.clear());
    const done = toolButton("close", pen.done, () => this.stop());
    const row = { role: "toolbar", className: "palette", "aria-label": pen.palette, hidden: true };
    const palette = element("div", row, ...this.#shapes.values(), this.#byKeys, clear, done);
    this.#choose(this.#shape);
    return palette;
  }

  #choose(shape: DrawShape): void {
    this.#shape = shape;
    for (const [each, button] of this.#shapes) {
      button.setAttribute("aria-pressed", String(each === shape));
    }
  }
}
