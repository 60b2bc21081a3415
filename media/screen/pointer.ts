import type { InputMessage } from "@handrail/protocol";
import type { ModifierState } from "./keyboard.ts";
import { WheelCounter } from "./wheel.ts";

/** Positions are sent at most this often; the last one always is. */
const moveEveryMs = 8;

/** Bits of `MouseEvent.buttons` to the buttons of the wire. */
const buttonBits = [
  { bit: 1, button: 1 },
  { bit: 4, button: 2 },
  { bit: 2, button: 3 },
  { bit: 8, button: 8 },
  { bit: 16, button: 9 },
] as const;

/** A finger that stays put this long means the right button. */
const longPressMs = 550;
const fingerSlackPixels = 10;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What the pointer needs to know of its surroundings. */
export interface PointerOptions {
  /** The surface pixel under a point of the window; undefined while there is no picture. */
  readonly toSurface: (client: Point) => Point | undefined;
  readonly send: (message: InputMessage) => void;
  /** Whether input goes to the customer's computer now. */
  readonly isActive: () => boolean;
  /** Called with each event before anything is sent, to bring modifiers in line. */
  readonly modifiers: (state: ModifierState) => void;
  /** A button went down while nothing is sent, or before the keyboard was taken. */
  readonly pressed: () => void;
}

/**
 * The mouse over the screen. A pressed button keeps the pointer, also outside the pane, until all
 * buttons are up. Positions go out at once when the last one is old enough.
 */
export class Pointer {
  readonly #element: HTMLElement;
  readonly #options: PointerOptions;
  readonly #wheel = new WheelCounter();
  readonly #abort = new AbortController();
  #buttons = 0;
  #at: Point = { x: 0, y: 0 };
  #sent: Point | undefined;
  #sentAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #finger: { from: Point; timer: ReturnType<typeof setTimeout>; isDown: boolean } | undefined;

  constructor(element: HTMLElement, options: PointerOptions) {
    this.#element = element;
    this.#options = options;
    this.#listen();
  }

  /** When and where a position was last sent. */
  get lastSent(): { at: number; point: Point } | undefined {
    return this.#sent && { at: this.#sentAt, point: this.#sent };
  }

  /** Lets go of buttons without telling: the caller releases everything. */
  reset(): void {
    this.#buttons = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  dispose(): void {
    this.reset();
    clearTimeout(this.#finger?.timer);
    this.#abort.abort();
  }

  #listen(): void {
    const { signal } = this.#abort;
    const on = <N extends keyof HTMLElementEventMap>(
      name: N,
      take: (event: HTMLElementEventMap[N]) => void,
    ) => this.#element.addEventListener(name, take, { signal, passive: false });
    on("pointerdown", (event) => this.#press(event));
    on("pointermove", (event) => this.#change(event));
    on("pointerup", (event) => this.#change(event));
    on("pointercancel", (event) => this.#cancel(event));
    // Unlike pointermove this one does not wait for the next displayed frame.
    this.#element.addEventListener(
      "pointerrawupdate",
      (event) => {
        if (event instanceof PointerEvent) this.#change(event);
      },
      { signal },
    );
    on("wheel", (event) => this.#turn(event));
    const swallow = (event: Event) => {
      if (this.#options.isActive()) event.preventDefault();
    };
    // The middle button would scroll, the back button leave, the right one open a menu.
    for (const name of ["mousedown", "mouseup", "auxclick", "dragstart"] as const) {
      on(name, swallow);
    }
    on("contextmenu", (event) => event.preventDefault());
  }

  #press(event: PointerEvent): void {
    this.#options.pressed();
    if (!this.#options.isActive()) return;
    if (event.pointerType === "touch") return this.#touch(event);
    this.#element.setPointerCapture(event.pointerId);
    this.#change(event);
  }

  #change(event: PointerEvent): void {
    if (!this.#options.isActive()) return;
    if (event.pointerType === "touch") return this.#drag(event);
    const at = this.#options.toSurface({ x: event.clientX, y: event.clientY });
    if (!at) return;
    this.#at = at;
    if (event.buttons === this.#buttons) return this.#moveSoon();
    event.preventDefault();
    this.#options.modifiers(modifiersOf(event));
    this.#changeButtons(event.buttons);
  }

  #changeButtons(buttons: number): void {
    for (const { bit, button } of buttonBits) {
      if ((buttons & bit) === (this.#buttons & bit)) continue;
      this.#options.send({ type: "button", button, down: (buttons & bit) !== 0, ...this.#at });
    }
    this.#buttons = buttons;
    this.#noteSent();
  }

  #moveSoon(): void {
    if (this.#timer !== undefined) return;
    const waitMs = this.#sentAt + moveEveryMs - performance.now();
    if (waitMs <= 0) return this.#move();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#move();
    }, waitMs);
  }

  #move(): void {
    if (!this.#options.isActive()) return;
    if (this.#sent?.x === this.#at.x && this.#sent.y === this.#at.y) return;
    this.#options.send({ type: "move", ...this.#at });
    this.#noteSent();
  }

  #noteSent(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sent = this.#at;
    this.#sentAt = performance.now();
  }

  #turn(event: WheelEvent): void {
    if (!this.#options.isActive()) return;
    event.preventDefault();
    const at = this.#options.toSurface({ x: event.clientX, y: event.clientY });
    const { dx, dy } = this.#wheel.take(event);
    if (!at || (dx === 0 && dy === 0)) return;
    this.#at = at;
    this.#options.modifiers(modifiersOf(event));
    this.#options.send({ type: "wheel", dx, dy, ...at });
    this.#noteSent();
  }

  #cancel(event: PointerEvent): void {
    if (event.pointerType === "touch") this.#finger = undefined;
    this.#changeButtons(0);
  }

  /** One finger: a tap is a click, a drag is a drag with the left button, a long press the right. */
  #touch(event: PointerEvent): void {
    event.preventDefault();
    const from = { x: event.clientX, y: event.clientY };
    const at = this.#options.toSurface(from);
    if (!at) return;
    this.#at = at;
    this.#move();
    clearTimeout(this.#finger?.timer);
    const timer = setTimeout(() => {
      this.#finger = undefined;
      this.#changeButtons(2);
      this.#changeButtons(0);
    }, longPressMs);
    this.#finger = { from, timer, isDown: false };
    this.#element.setPointerCapture(event.pointerId);
  }

  #drag(event: PointerEvent): void {
    const finger = this.#finger;
    const point = { x: event.clientX, y: event.clientY };
    const at = this.#options.toSurface(point);
    if (!finger || !at) return;
    const isAway = Math.hypot(point.x - finger.from.x, point.y - finger.from.y) > fingerSlackPixels;
    if (event.type === "pointerup") return this.#lift(finger);
    if (!isAway && !finger.isDown) return;
    clearTimeout(finger.timer);
    if (!finger.isDown) this.#changeButtons(1);
    finger.isDown = true;
    this.#at = at;
    this.#moveSoon();
  }

  #lift(finger: { timer: ReturnType<typeof setTimeout>; isDown: boolean }): void {
    clearTimeout(finger.timer);
    this.#finger = undefined;
    if (!finger.isDown) this.#changeButtons(1);
    this.#changeButtons(0);
  }
}

/** The modifiers that an event of the mouse or keyboard says are held. */
export function modifiersOf(event: MouseEvent | KeyboardEvent): ModifierState {
  const { shiftKey, ctrlKey, altKey, metaKey } = event;
  return { shiftKey, ctrlKey, altKey, metaKey, altGraph: event.getModifierState("AltGraph") };
}
