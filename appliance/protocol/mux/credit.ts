/** Bounds and start of the sender's own window, in bytes. Source: measured, see ARCHITECTURE.md. */
export const windowBytes = { start: 64 * 1024, min: 32 * 1024, max: 4 * 1024 * 1024 } as const;

const shrinkAboveMs = 25;
const shrinkHardAboveMs = 50;
const growBytes = 8 * 1024;
const maxMarks = 1024;

/**
 * How many unconsumed bytes a sender may have under way on one channel. The window follows the
 * queueing delay it causes (after LEDBAT, RFC 6817): it grows by 8 KB per round trip while the
 * delay over the least seen stays under 25 ms, and shrinks above. Bytes counted are cumulative
 * since the channel was opened. Times in ms of any steady clock.
 */
export class SendWindow {
  #granted: number;
  #window: number = windowBytes.start;
  #sent = 0;
  #consumed = 0;
  #leastRttMs = Infinity;
  #grownAt = 0;
  readonly #marks: { offset: number; at: number }[] = [];

  /** `grantedBytes`: the most that the receiver takes unconsumed. */
  constructor(grantedBytes: number) {
    this.#granted = grantedBytes;
  }

  /** Bytes that may be sent now. */
  get available(): number {
    return Math.max(0, Math.min(this.#granted, this.#window) - (this.#sent - this.#consumed));
  }

  get sizeBytes(): number {
    return this.#window;
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

  #adapt(rttMs: number, now: number): void {
    this.#leastRttMs = Math.min(this.#leastRttMs, rttMs);
    const delayMs = rttMs - this.#leastRttMs;
    if (now - this.#grownAt < this.#leastRttMs) return;
    this.#grownAt = now;
    if (delayMs > shrinkHardAboveMs) this.#window *= 0.7;
    else if (delayMs > shrinkAboveMs) this.#window *= 0.9;
    else this.#window += growBytes;
    this.#window = Math.round(Math.min(windowBytes.max, Math.max(windowBytes.min, this.#window)));
  }
}
