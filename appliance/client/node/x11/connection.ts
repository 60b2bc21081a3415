/**
 * One connection to an X server: opened, read without polling, and lost without taking the process
 * with it. Screen and input each have their own.
 */
import { watchReadable } from "../native.ts";
import { watchErrors, xlib, type XError, type Xlib } from "./xlib.ts";

/** Size of Xlib's XEvent in bytes. */
const EVENT_BYTES = 192;
const ALREADY_READ = 0;
const GUARD_MS = 250;

/** How a connection is opened. */
export interface ConnectionOptions {
  /** For instance ":0"; without it the environment's DISPLAY. */
  display?: string | undefined;
  /** Hears about refused requests that nobody expected; default: a process warning. */
  warn?: ((message: string) => void) | undefined;
}

/** Called with each event; the view is overwritten by the next one. */
export type EventListener = (type: number, event: Buffer) => void;

export class Connection implements Disposable {
  readonly x: Xlib = xlib();
  readonly display: bigint;
  readonly screen: number;
  readonly root: number;
  readonly #cleanup = new DisposableStack();
  readonly #event = Buffer.alloc(EVENT_BYTES);
  readonly #warn: (message: string) => void;
  /**
   * Xlib may read events while it waits for an answer; then the descriptor never becomes readable
   * for them. `settle` sees to that; this looks once more, and only after a round trip, because a
   * timer that never rests would be most of what an idle client costs.
   */
  readonly #guard: NodeJS.Timeout;
  readonly #onLost: ((reason: string) => void)[] = [];
  #onEvent: EventListener = () => undefined;
  #onDrained: () => void = () => undefined;
  #trapped: XError[] | undefined;
  #lost = false;
  #drainIsDue = false;

  /** Throws when there is no such display, or it refuses. */
  constructor(options: ConnectionOptions) {
    const name = options.display ?? process.env["DISPLAY"];
    const display = name ? this.x.openDisplay(name) : null;
    if (display === null) {
      throw new Error(name ? `X display ${name} cannot be opened` : "DISPLAY is not set");
    }
    this.display = display;
    this.screen = this.x.defaultScreen(display);
    this.root = this.x.rootWindow(display, this.screen);
    this.#warn = options.warn ?? ((message) => process.emitWarning(message, "XWarning"));
    this.#cleanup.use(
      watchErrors(display, {
        refused: (error) => this.#refused(error),
        lost: () => this.#lose(),
      }),
    );
    this.#cleanup.use(watchReadable(this.x.connectionNumber(display), () => this.drain()));
    this.#guard = setTimeout(() => this.drain(), GUARD_MS);
    this.#cleanup.defer(() => clearTimeout(this.#guard));
  }

  get isLost(): boolean {
    return this.#lost;
  }

  /** `drained` is called after the last event of a batch. */
  onEvent(listener: EventListener, drained: () => void): void {
    this.#onEvent = listener;
    this.#onDrained = drained;
  }

  onLost(listener: (reason: string) => void): void {
    this.#onLost.push(listener);
  }

  /** Reads and hands out every event that is there. */
  drain(): void {
    this.#drainIsDue = false;
    let count = 0;
    while (!this.#lost && this.x.pending(this.display) > 0 && !this.#lost) {
      this.x.nextEvent(this.display, this.#event);
      this.#onEvent(this.#event.readInt32LE(0), this.#event);
      count += 1;
    }
    if (count > 0) this.#onDrained();
  }

  /**
   * To be called after every round trip: events it read by the way are handed out soon, from the
   * event loop, so that no listener runs inside the caller.
   */
  settle(): void {
    if (this.#lost || this.#drainIsDue) return;
    this.#guard.refresh();
    this.#drainSoon();
  }

  /** XFlush reads what has come by then, too: an answer may be among it. */
  flush(): void {
    if (this.#lost) return;
    this.x.flush(this.display);
    this.#drainSoon();
  }

  /** Runs requests that may be refused, waits for the answers, and returns the refusals. */
  trap(run: () => void): XError[] {
    const errors: XError[] = [];
    this.#trapped = errors;
    try {
      run();
      if (!this.#lost) this.x.sync(this.display, 0);
    } finally {
      this.#trapped = undefined;
    }
    this.settle();
    return errors;
  }

  /** Runs one request that waits for its own answer; a refusal is the caller's to notice. */
  attempt<Result>(run: () => Result): Result {
    this.#trapped = [];
    try {
      return run();
    } finally {
      this.#trapped = undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#lost = true;
    this.#close();
  }

  #drainSoon(): void {
    if (this.#lost || this.#drainIsDue) return;
    if (this.x.eventsQueued(this.display, ALREADY_READ) === 0) return;
    this.#drainIsDue = true;
    setImmediate(() => this.drain());
  }

  #refused(error: XError): void {
    if (this.#trapped) this.#trapped.push(error);
    else this.#warn(`X error ${error.code} on request ${error.request}.${error.minor}`);
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    // Not from here: this runs in the middle of an Xlib call on the same display.
    setImmediate(() => {
      if (this.#cleanup.disposed) return;
      this.#close();
      for (const listener of this.#onLost) listener("the X server closed the connection");
    });
  }

  #close(): void {
    if (this.#cleanup.disposed) return;
    this.#cleanup.dispose();
    this.x.closeDisplay(this.display);
  }
}
