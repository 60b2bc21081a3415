import { resumeWithinMs } from "@handrail/protocol";
import { type Clock, Timer } from "./clock.ts";

const firstDelayMs = 500;
const longestDelayMs = 5000;

/** What a wait for the display works with. */
export interface DisplayWaitOptions {
  readonly clock: Clock;
  /** Tries to open the display and the window on it. */
  readonly reopen: () => Promise<boolean>;
  readonly back: () => void;
  /** It did not come back in time. */
  readonly gaveUp: () => void;
}

/**
 * Tries to reach a display that has gone, more and more slowly, for as long as the appliance would
 * wait for a line.
 */
export class DisplayWait implements Disposable {
  readonly #options: DisplayWaitOptions;
  readonly #timer: Timer;
  #since: number | undefined;
  #delayMs = firstDelayMs;

  constructor(options: DisplayWaitOptions) {
    this.#options = options;
    this.#timer = new Timer(options.clock);
  }

  get isWaiting(): boolean {
    return this.#since !== undefined;
  }

  begin(): void {
    this.#since = this.#options.clock.now();
    this.#delayMs = firstDelayMs;
    this.#schedule();
  }

  [Symbol.dispose](): void {
    this.#since = undefined;
    this.#timer.clear();
  }

  #schedule(): void {
    const since = this.#since;
    if (since === undefined) return;
    this.#timer.set(this.#delayMs, () => void this.#try(since));
    this.#delayMs = Math.min(longestDelayMs, this.#delayMs * 2);
  }

  async #try(since: number): Promise<void> {
    const { clock, reopen, back, gaveUp } = this.#options;
    const isBack = await reopen();
    // Meanwhile the session may have ended, or the display gone once more.
    if (this.#since !== since) return;
    const isOver = isBack || clock.now() - since >= resumeWithinMs;
    if (!isOver) return this.#schedule();
    this.#since = undefined;
    if (isBack) back();
    else gaveUp();
  }
}
