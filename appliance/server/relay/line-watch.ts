import { heartbeatMs, resumeWithinMs } from "@handrail/protocol";

/** Most time that counts between two beats, ms. */
const maxBeatMs = 5000;

/** What is to be done about a line: nothing, say something, cut it, or give the link up. */
export type LineVerdict = "fine" | "ping" | "dead" | "gone";

/** How long a line has been silent, or away. */
export class LineWatch {
  #hasHeard = true;
  #hasSent = true;
  #silentMs = 0;
  #idleMs = 0;
  #nowMs: number;
  #awaySinceMs: number | undefined;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
    this.#awaySinceMs = nowMs;
  }

  /** The moment of the last beat, by the monotonic clock. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Something came from the peer. */
  heard(): void {
    this.#hasHeard = true;
  }

  /** Something was sent. */
  sent(): void {
    this.#hasSent = true;
  }

  /** There is a line. */
  attached(): void {
    this.#awaySinceMs = undefined;
    this.#hasHeard = true;
  }

  /** There is none any more. */
  wentAway(nowMs: number): void {
    this.#awaySinceMs = nowMs;
  }

  /** Called about once a second. */
  beat(nowMs: number): LineVerdict {
    if (this.#awaySinceMs !== undefined) {
      return nowMs - this.#awaySinceMs > resumeWithinMs ? "gone" : "fine";
    }
    // A machine that stood still for a while has not listened: that is no silence of the peer's.
    const elapsedMs = Math.min(nowMs - this.#nowMs, maxBeatMs);
    this.#silentMs = this.#hasHeard ? 0 : this.#silentMs + elapsedMs;
    this.#idleMs = this.#hasSent ? 0 : this.#idleMs + elapsedMs;
    this.#nowMs = nowMs;
    this.#hasHeard = false;
    this.#hasSent = false;
    if (this.#silentMs > 3 * heartbeatMs) return "dead";
    return this.#idleMs >= heartbeatMs ? "ping" : "fine";
  }
}
