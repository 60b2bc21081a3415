interface Point {
  readonly x: number;
  readonly y: number;
}

/** What the mouse over the picture means besides working the customer's computer. */
export interface HandListener {
  /** It points at that pixel of the surface; undefined: it has left the picture. */
  hovered(at: Point | undefined): void;
  /** A stroke begins there, while `isDrawing`. */
  strokeBegun(at: Point): void;
  /** It goes on through these, at least one. */
  strokeMoved(points: readonly Point[]): void;
  strokeEnded(): void;
}

/**
 * The mouse or a finger as a pointer for others, and as a pen. While it is a pen nothing of it
 * reaches whoever else listens to the same element.
 */
export class Hand {
  /** Whether a pressed button draws. */
  isDrawing = false;
  readonly #element: HTMLElement;
  readonly #toSurface: (client: Point) => Point | undefined;
  readonly #listener: HandListener;
  readonly #abort = new AbortController();
  /** The pointer that draws the stroke under way. */
  #stroke: number | undefined;

  constructor(
    element: HTMLElement,
    toSurface: (client: Point) => Point | undefined,
    listener: HandListener,
  ) {
    this.#element = element;
    this.#toSurface = toSurface;
    this.#listener = listener;
    // Before those who listen without `capture`, so that they can be passed over.
    const options = { signal: this.#abort.signal, capture: true };
    element.addEventListener("pointerdown", (event) => this.#down(event), options);
    element.addEventListener("pointermove", (event) => this.#move(event), options);
    for (const name of ["pointerup", "pointercancel"] as const) {
      element.addEventListener(name, (event) => this.#up(event), options);
    }
    element.addEventListener("pointerleave", () => listener.hovered(undefined), {
      signal: this.#abort.signal,
    });
  }

  dispose(): void {
    this.#abort.abort();
  }

  #down(event: PointerEvent): void {
    if (!this.isDrawing) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    const at = this.#at(event);
    if (!at || event.button !== 0 || this.#stroke !== undefined) return;
    this.#stroke = event.pointerId;
    this.#element.setPointerCapture(event.pointerId);
    this.#listener.strokeBegun(at);
  }

  #move(event: PointerEvent): void {
    const at = this.#at(event);
    if (at) this.#listener.hovered(at);
    if (event.pointerId !== this.#stroke) return;
    event.stopImmediatePropagation();
    // What came since the last displayed frame: a quick hand draws no corners.
    const events = event.getCoalescedEvents();
    const points = (events.length > 0 ? events : [event]).map((each) => this.#at(each));
    const known = points.filter((point) => point !== undefined);
    if (known.length > 0) this.#listener.strokeMoved(known);
  }

  #up(event: PointerEvent): void {
    if (event.pointerId !== this.#stroke) return;
    event.stopImmediatePropagation();
    this.#stroke = undefined;
    this.#listener.strokeEnded();
  }

  #at({ clientX: x, clientY: y }: PointerEvent): Point | undefined {
    return this.#toSurface({ x, y });
  }
}
