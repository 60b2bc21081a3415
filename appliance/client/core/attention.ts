import type { Rect } from "./host.ts";
import type { Point } from "./surface/backlog.ts";

/** For so long after an input its effect is awaited, ms. */
const eagerMs = 1000;
/** For so long what the representative does says more of the interest than the pointer, ms. */
const interestMs = 2000;
/** So long what a key or button brings about goes before all else, ms; a third of the time at most. */
const awaitMs = 25;
const awaitShare = 1 / 3;
/** A movement after a pause is mostly followed by a press. */
const pressWithinMs = 5;
const pauseBeforeMs = 150;
/** What is no farther from the pointer than this is taken for an answer to a press, px. */
const nearPixels = 300;

/**
 * What the representative does with mouse and keyboard, and what of the screen they therefore wait
 * for. Times in ms of any steady clock.
 */
export class Attention {
  #inputAt = -Infinity;
  #awaitUntil = -Infinity;
  #strokeAt = -Infinity;
  /** The last stroke had a place, so that its answer is looked for there. */
  #isPlaced = false;
  #point: Point | undefined;

  /** An input; `isStroke`: a key or a button. */
  inputAt(point: Point | undefined, isStroke: boolean, now: number): void {
    const isAfterPause = now - this.#inputAt > pauseBeforeMs;
    this.#inputAt = now;
    if (point) this.#point = point;
    if (isStroke) {
      this.#isPlaced = point !== undefined;
      this.#await(Math.min(awaitMs, (now - this.#strokeAt) * awaitShare), now);
      this.#strokeAt = now;
    } else if (isAfterPause) this.#await(pressWithinMs, now);
  }

  /** Where the last input was that had a place. */
  get point(): Point | undefined {
    return this.#point;
  }

  /** Where the person looks, who may not have worked for a while; `pointer`: the computer's. */
  interest(pointer: Point, now: number): Point {
    const isWorking = now - this.#inputAt < interestMs;
    return (isWorking ? this.#point : undefined) ?? pointer;
  }

  /** The effect of an input may show at any moment. */
  isEager(now: number): boolean {
    return now - this.#inputAt < eagerMs;
  }

  /** Until when nothing else should take the line. */
  get awaitUntil(): number {
    return this.#awaitUntil;
  }

  /** Whether a change may be what the last stroke brought about. */
  isAnswer({ x, y, width, height }: Rect): boolean {
    if (!this.#isPlaced || !this.#point) return true;
    const dx = Math.max(x - this.#point.x, 0, this.#point.x - x - width);
    const dy = Math.max(y - this.#point.y, 0, this.#point.y - y - height);
    return Math.hypot(dx, dy) < nearPixels;
  }

  /** What was awaited is there. */
  answered(): void {
    this.#awaitUntil = -Infinity;
  }

  #await(lastsMs: number, now: number): void {
    this.#awaitUntil = Math.max(this.#awaitUntil, now + lastsMs);
  }
}
