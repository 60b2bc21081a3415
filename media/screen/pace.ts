import type { DecodeStatistics } from "../pane/contract.ts";

/** Answers given at once per displayed frame; more would make the sender outrun the display. */
const answersPerFrame = 3;
/** Longest that an answer waits when no frame is displayed. */
const patienceMs = 34;
const reportEveryMs = 2000;

/** The little of a page that pacing needs. */
export interface PaceClock {
  now(): number;
  /** Calls back before the next displayed frame, or after `patienceMs`, whichever is first. */
  soon(callback: () => void): void;
}

/** The clock of a page. */
export const platformClock: PaceClock = {
  now: () => performance.now(),
  soon: (callback) => {
    let isDone = false;
    const once = () => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      callback();
    };
    const timer = setTimeout(once, patienceMs);
    requestAnimationFrame(once);
  },
};

/**
 * Says when a painted update is acknowledged: at once, as long as the display can keep up. The
 * fourth update within one displayed frame waits for the next frame. While hidden nothing waits:
 * browsers stop displaying frames there.
 */
export class Pace {
  readonly #clock: PaceClock;
  readonly #answer: (seq: number) => void;
  readonly #waiting: number[] = [];
  #answered = 0;
  #isTicking = false;
  #isVisible = true;
  #paintMs: number[] = [];
  #sizeBytes = 0;
  #reportedAt: number;

  constructor(clock: PaceClock, answer: (seq: number) => void) {
    this.#clock = clock;
    this.#answer = answer;
    this.#reportedAt = clock.now();
  }

  /** An update that arrived at `arrivedAt` (the clock's time) is on the canvas. */
  painted(update: { seq: number; arrivedAt: number; sizeBytes: number }): void {
    this.#paintMs.push(this.#clock.now() - update.arrivedAt);
    this.#sizeBytes += update.sizeBytes;
    if (this.#isVisible && this.#answered >= answersPerFrame) {
      this.#waiting.push(update.seq);
      return;
    }
    this.#answered++;
    this.#answer(update.seq);
    this.#tick();
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (!isVisible) this.#flush();
  }

  /** A new epoch: what was painted before needs no answer any more. */
  reset(): void {
    this.#waiting.length = 0;
  }

  /** The figures since the last report, when it is time for one and there are any. */
  report(): DecodeStatistics | undefined {
    const sinceMs = this.#clock.now() - this.#reportedAt;
    const updates = this.#paintMs.length;
    if (sinceMs < reportEveryMs || updates === 0) return undefined;
    const sorted = this.#paintMs.sort((a, b) => a - b);
    const quantile = (q: number) => sorted[Math.min(updates - 1, Math.floor(updates * q))] ?? 0;
    const report: DecodeStatistics = {
      updates,
      sizeBytes: this.#sizeBytes,
      paintMsP50: quantile(0.5),
      paintMsP95: quantile(0.95),
      updatesPerSecond: (updates * 1000) / sinceMs,
    };
    this.#paintMs = [];
    this.#sizeBytes = 0;
    this.#reportedAt = this.#clock.now();
    return report;
  }

  #tick(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    this.#clock.soon(() => {
      this.#isTicking = false;
      this.#answered = 0;
      this.#flush();
    });
  }

  #flush(): void {
    for (const seq of this.#waiting.splice(0)) this.#answer(seq);
  }
}
