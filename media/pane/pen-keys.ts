import { type DrawShape, participantColours, type Place } from "@handrail/protocol";
import type { Screen } from "../screen/screen.ts";
import { element } from "./element.ts";
import type { Texts } from "./texts.ts";

/** How far an arrow key moves the tip, pixels of the customer's screen. */
const stepPixels = 10;
/** With Ctrl, and with Shift. */
const longStepPixels = 100;
const shortStepPixels = 1;
/** Where the tip has come to is said when it rests for so long, ms. */
const restsMs = 500;

const ways: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What a pen that is worked by keyboard needs. */
export interface PenKeysPlace {
  readonly texts: Texts;
  readonly screen: () => Screen;
  /** Says something to a screen reader. */
  readonly say: (text: string) => void;
  /** The place in `participantColours` of this representative. */
  readonly colour: () => number;
  readonly shape: () => DrawShape;
  /** One points there oneself, for colleagues to see. */
  readonly pointed: (at: Place) => void;
  readonly begun: (at: Place) => void;
  readonly moved: (points: readonly Place[]) => void;
  readonly ended: () => void;
}

/**
 * The pen for whoever uses no mouse: while the picture has the focus, arrow keys move its tip and
 * Space sets it down and lifts it, wherever the mouse is.
 */
export class PenKeys {
  /** Lies over the picture, and has the keyboard while it has the focus. */
  readonly element: HTMLElement;
  readonly #place: PenKeysPlace;
  #at: Place | undefined;
  #isDown = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(place: PenKeysPlace) {
    this.#place = place;
    const { keys } = place.texts.pen;
    this.element = element("div", {
      ...{ className: "pen-keys", role: "application", tabIndex: -1, hidden: true },
      ...{ "aria-label": keys.label, "aria-description": keys.how },
    });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("focus", () => this.#show());
    this.element.addEventListener("blur", () => this.#left());
  }

  /** Whether the pen was given to the keyboard: also while that is at the shapes. */
  get isTaken(): boolean {
    return this.element.tabIndex === 0;
  }

  /** Gives the pen to the keyboard. From then on the picture is one stop of the Tab key. */
  take(): void {
    this.element.tabIndex = 0;
    this.element.focus();
  }

  /** Takes it from the keyboard. */
  leave(): void {
    this.element.tabIndex = -1;
    this.#left();
  }

  /** Whether there is a pen to be worked. */
  setOn(isOn: boolean): void {
    this.element.hidden = !isOn;
    if (!isOn) this.leave();
  }

  /** What was being drawn is over. */
  lifted(): void {
    this.#isDown = false;
    this.#show();
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) return;
    const way = ways[event.key];
    const isPress = event.key === " " || event.key === "Enter";
    if (!way && !isPress) return;
    event.preventDefault();
    event.stopPropagation();
    if (way) this.#move(way, event);
    else if (!event.repeat) this.#press();
  }

  #move([dx, dy]: readonly [number, number], { ctrlKey, shiftKey }: KeyboardEvent): void {
    const at = this.#tip();
    const part = this.#place.screen().shownPart;
    if (!at || !part) return;
    const step = ctrlKey ? longStepPixels : shiftKey ? shortStepPixels : stepPixels;
    this.#at = {
      x: clamp(at.x + dx * step, part.x, part.x + part.width - 1),
      y: clamp(at.y + dy * step, part.y, part.y + part.height - 1),
    };
    this.#place.pointed(this.#at);
    if (this.#isDown) this.#place.moved([this.#at]);
    this.#show();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#say(), restsMs);
  }

  #press(): void {
    const at = this.#tip();
    if (!at) return;
    const { texts, shape, begun, say } = this.#place;
    const { keys } = texts.pen;
    if (this.#isDown) return this.#lift();
    this.#place.pointed(at);
    begun(at);
    // A spot is where it is set.
    if (shape() === "spot") {
      this.#place.ended();
      return say(keys.spot(at.x, at.y));
    }
    this.#isDown = true;
    say(keys.down(at.x, at.y));
    this.#show();
  }

  #lift(): void {
    this.#isDown = false;
    clearTimeout(this.#timer);
    this.#place.ended();
    const { say, texts } = this.#place;
    const at = this.#tip();
    if (at) say(texts.pen.keys.up(at.x, at.y));
    this.#show();
  }

  /** Nobody sees any more where the tip is: whatever it draws ends. */
  #left(): void {
    clearTimeout(this.#timer);
    if (this.#isDown) this.#lift();
    this.#place.screen().layer.setTip(undefined);
  }

  #say(): void {
    const at = this.#tip();
    if (at) this.#place.say(this.#place.texts.pen.keys.at(at.x, at.y));
  }

  /** Where the tip is: in the middle of what is shown at first, and when that is somewhere else. */
  #tip(): Place | undefined {
    const part = this.#place.screen().shownPart;
    if (!part) return undefined;
    const { x, y, width, height } = part;
    const at = this.#at;
    const isIn = at && at.x >= x && at.y >= y && at.x < x + width && at.y < y + height;
    if (isIn) return at;
    this.#at = { x: x + Math.floor(width / 2), y: y + Math.floor(height / 2) };
    return this.#at;
  }

  #show(): void {
    const at = this.#tip();
    if (!at || document.activeElement !== this.element) return;
    const colour = participantColours[this.#place.colour()] ?? participantColours[0];
    this.#place.screen().layer.setTip({ at, colour, isDown: this.#isDown });
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
