import { maxDataBytes } from "./frame.ts";

/** Bounds and start of the sender's own window, in bytes. Source: measured, see ARCHITECTURE.md. */
export const windowBytes = { start: 16 * 1024, min: 8 * 1024, max: 4 * 1024 * 1024 } as const;
/** A receiver gives credit when it has consumed so much, at the latest. */
export const creditAfterBytes = 2 * 1024;

const shrinkAboveMs = 25;
const shrinkHardAboveMs = 50;
const mostGrowthBytes = 8 * 1024;
const maxMarks = 1024;
const leastPeriodMs = 60_000;

/**
 * How many unconsumed bytes a sender may have under way on one channel. The window follows the
 * queueing delay it causes (after LEDBAT, RFC 6817): it doubles in each round trip until there is a
 * delay, then grows by an eighth, at most 8 KB, while the delay over the least seen stays under
 * 25 ms, and shrinks above. A window that was not filled does not grow: it says nothing of the line.
 * Bytes counted are cumulative since the channel was opened. Times in ms of any steady clock.
 */
export class SendWindow {
  readonly #granted: number;
  readonly #leastRtt = new LeastRtt();
  #window: number = windowBytes.start;
  #isStarting = true;
  #sent = 0;
  #consumed = 0;
  #roundAt = 0;
  // One late answer is not a queue: the delay of a round is that of its quickest.
  #roundRttMs = Infinity;
  #wasFilled = false;
  readonly #marks: { offset: number; at: number }[] = [];

  /** `grantedBytes`: the most that the receiver takes unconsumed. */
  constructor(grantedBytes: number) {
    this.#granted = grantedBytes;
  }

  /** Bytes that may be sent now. */
  get available(): number {
    return Math.max(0, this.#bound - this.#underWay);
  }

  get sizeBytes(): number {
    return this.#window;
  }

  /**
   * How many of `wanted` bytes the next frame takes; 0 while it is better to wait. A window holds
   * four frames at least, so that credit comes back while others are under way, and so that no
   * frame of this channel keeps a slow line for long from one that is more urgent.
   */
  frameBytes(wanted: number): number {
    const share = Math.max(creditAfterBytes, Math.floor(this.#bound / 4));
    const whole = Math.min(wanted, maxDataBytes, share);
    if (this.available >= whole) return whole;
    this.#wasFilled = true;
    // Not in slivers, which cost as much as whole frames; but a receiver may grant no more.
    return this.#underWay > 0 ? 0 : this.available;
  }

  sent(bytes: number, now: number): void {
    this.#sent += bytes;
    if (this.#marks.length < maxMarks) this.#marks.push({ offset: this.#sent, at: now });
  }

  /** Takes a CREDIT; false when it claims more than was sent. */
  consumed(total: number, now: number): boolean {
    if (total > this.#sent) return false;
    if (total <= this.#consumed) return true;
    this.#consumed = total;
    let sentAt: number | undefined;
    while (this.#marks[0] && this.#marks[0].offset <= total) sentAt = this.#marks.shift()?.at;
    if (sentAt !== undefined) this.#adapt(now - sentAt, now);
    return true;
  }

  get #bound(): number {
    return Math.min(this.#granted, this.#window);
  }

  get #underWay(): number {
    return this.#sent - this.#consumed;
  }

  #adapt(rttMs: number, now: number): void {
    if (this.#leastRtt.take(rttMs, now) && this.#wasFilled) {
      // What is least is seen again only without a queue of one's own.
      this.#resize(0.5);
      this.#isStarting = true;
    }
    this.#roundRttMs = Math.min(this.#roundRttMs, rttMs);
    if (now - this.#roundAt < this.#leastRtt.ms) return;
    this.#roundAt = now;
    const delayMs = this.#roundRttMs - this.#leastRtt.ms;
    if (delayMs > shrinkAboveMs) {
      this.#isStarting = false;
      this.#resize(delayMs > shrinkHardAboveMs ? 0.7 : 0.9);
    } else if (this.#wasFilled) {
      const growth = this.#isStarting ? 1 : Math.min(1 / 8, mostGrowthBytes / this.#window);
      this.#resize(1 + growth);
    }
    this.#roundRttMs = Infinity;
    this.#wasFilled = false;
  }

  #resize(factor: number): void {
    const { min, max } = windowBytes;
    this.#window = Math.round(Math.min(max, Math.max(min, this.#window * factor)));
  }
}

/** The least round trip of this minute and the last one: a route may become longer. */
class LeastRtt {
  #now = Infinity;
  #before = Infinity;
  #since: number | undefined;

  get ms(): number {
    return Math.min(this.#now, this.#before);
  }

  /** Takes a round trip; true when a minute begins with it, the first apart. */
  take(rttMs: number, now: number): boolean {
    this.#since ??= now;
    const isNew = now - this.#since >= leastPeriodMs;
    if (isNew) {
      this.#before = this.#now;
      this.#now = Infinity;
      this.#since = now;
    }
    this.#now = Math.min(this.#now, rttMs);
    return isNew;
  }
}
