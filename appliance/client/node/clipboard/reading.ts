/**
 * Asks the owner of a selection for one target. Source: ICCCM 2.0, sections 2.4 and 2.7.2 (INCR).
 * The owner is any program, and may be hostile: it has a time for each step and for everything, and
 * may give so many bytes.
 */
import type { SelectionDisplay, SelectionEvent } from "./selection-display.ts";

/** How long an owner may take, ms: for each step, and for all of them. */
export interface ReadingTimes {
  readonly stepMs: number;
  readonly totalMs: number;
}

/** What came, or why nothing did. `refused`: the owner does not have the target. */
export type ReadingResult =
  | { readonly type: number; readonly format: number; readonly bytes: Uint8Array }
  | "refused"
  | "too-large"
  | "too-slow";

/** Reads one target of the clipboard. */
export function readTarget(
  display: SelectionDisplay,
  target: number,
  limits: { readonly maxBytes: number; readonly times: ReadingTimes },
): Promise<ReadingResult> {
  return new Promise((resolve) => {
    const reading: Reading = new Reading({ display, target, ...limits }, (result) => {
      reading[Symbol.dispose]();
      resolve(result);
    });
  });
}

class Reading implements Disposable {
  readonly #display: SelectionDisplay;
  readonly #maxBytes: number;
  readonly #stepMs: number;
  readonly #done: (result: ReadingResult) => void;
  /** A window for each reading: what an owner still puts there after its time goes with it. */
  readonly #window: number;
  readonly #property: number;
  readonly #subscription: Disposable;
  readonly #total: NodeJS.Timeout;
  #step: NodeJS.Timeout;
  #chunks: Uint8Array[] | undefined;
  #sizeBytes = 0;

  constructor(
    options: {
      display: SelectionDisplay;
      target: number;
      maxBytes: number;
      times: ReadingTimes;
    },
    done: (result: ReadingResult) => void,
  ) {
    const { display, target, times } = options;
    this.#display = display;
    this.#maxBytes = options.maxBytes;
    this.#stepMs = times.stepMs;
    this.#done = done;
    this.#window = display.openWindow();
    this.#property = display.atom("HANDRAIL_COPY");
    this.#subscription = display.on((event) => this.#heard(event));
    this.#total = setTimeout(() => done("too-slow"), times.totalMs);
    this.#step = setTimeout(() => done("too-slow"), times.stepMs);
    const selection = display.atom("CLIPBOARD");
    display.convert({ selection, target, window: this.#window, property: this.#property });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#total);
    clearTimeout(this.#step);
    this.#subscription[Symbol.dispose]();
    this.#display.closeWindow(this.#window);
  }

  #heard(event: SelectionEvent): void {
    if (event.on === "notify" && event.requestor === this.#window) this.#answered(event.property);
    const isChunk =
      event.on === "property" &&
      event.window === this.#window &&
      event.property === this.#property &&
      !event.isDeleted;
    if (isChunk && this.#chunks) this.#chunk(this.#chunks);
  }

  #answered(property: number): void {
    if (this.#chunks) return;
    if (property === 0) return this.#done("refused");
    const value = this.#take();
    if (!value) return this.#done("refused");
    if (value.leftBytes > 0) return this.#done("too-large");
    if (value.type !== this.#display.atom("INCR")) {
      const { type, format, bytes } = value;
      return this.#done(bytes.length > this.#maxBytes ? "too-large" : { type, format, bytes });
    }
    this.#chunks = [];
    this.#wait();
  }

  #chunk(chunks: Uint8Array[]): void {
    const value = this.#take();
    if (!value) return;
    if (value.leftBytes > 0) return this.#done("too-large");
    const { type, format, bytes } = value;
    if (bytes.length === 0) return this.#done({ type, format, bytes: Buffer.concat(chunks) });
    chunks.push(bytes);
    this.#sizeBytes += bytes.length;
    if (this.#sizeBytes > this.#maxBytes) return this.#done("too-large");
    this.#wait();
  }

  #take() {
    return this.#display.takeProperty(this.#window, this.#property, this.#maxBytes + 4);
  }

  #wait(): void {
    clearTimeout(this.#step);
    this.#step = setTimeout(() => this.#done("too-slow"), this.#stepMs);
  }
}
