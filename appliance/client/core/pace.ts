/** What a message may take of the line, ms: so long does an urgent one wait at most. */
const messageMs = 30;
const messageBytes = { unknown: 4 * 1024, least: 1024, most: 512 * 1024 } as const;
/** The next message is handed over so long before the line is free, so that it never idles, ms. */
const leadMs = 6;
const maxMessages = 24;
/** A sample covers at least so many bytes or a round trip, and none older than this counts. */
const sampleBytes = 20 * 1024;
const sampleMaxAgeMs = 10_000;
/** Single messages below this say nothing of the rate: a viewer's own pauses drown them. */
const tellingBytes = 3000;
/** Queueing above this means that the rate is overestimated, ms. */
const queueLimitMs = 25;
const backOff = 0.85;
const baseMaxAgeMs = 30_000;
/** How long a viewer may sit on a picture before it paints, ms: one refresh of its screen. */
const paintMs = 16;

interface Sent {
  readonly seq: number;
  readonly sizeBytes: number;
  readonly at: number;
  /** When the model of the line expects its acknowledgement. */
  readonly expectedAt: number;
}

interface Sample {
  readonly sizeBytes: number;
  readonly busyMs: number;
  readonly at: number;
}

/**
 * When the next message may go and how large it may be, so that the line is kept busy but nothing
 * waits in front of it.
 *
 * The line is thought of as a pipe of one rate with a fixed round trip: a message leaves it when
 * the one before has left and its own bytes have passed. Each acknowledgement tells when its message
 * did; the rate is the bytes of many messages over the time in which they kept the line busy, so
 * that a short pause or a late paint cannot fake a fast or slow line. Sans I/O; times in ms of any
 * steady clock.
 */
export class Pace {
  #sent: Sent[] = [];
  #samples: Sample[] = [];
  #rate: number | undefined;
  #bases: { ms: number; at: number }[] = [];
  #baseMs = Infinity;
  #lastAckAt = -Infinity;
  #freeAt = -Infinity;
  #backedOffAt = -Infinity;
  #late = 0;

  /** What the line carries, bytes/s; undefined before the first telling acknowledgement. */
  get bytesPerSecond(): number | undefined {
    return this.#rate;
  }

  /**
   * The same, as fast as the samples could be explained if every acknowledgement was held back by
   * a viewer that paints only with its screen: for decisions that should not be made by mistake.
   */
  get bytesPerSecondAtBest(): number | undefined {
    if (this.#rate === undefined) return undefined;
    const rates = this.#samples.map(
      ({ sizeBytes, busyMs }) => (sizeBytes / Math.max(busyMs - paintMs, busyMs / 4)) * 1000,
    );
    return Math.max(this.#rate, ...rates.slice(-4));
  }

  /** The round trip of an empty message, ms; undefined before the first. */
  get roundTripMs(): number | undefined {
    return Number.isFinite(this.#baseMs) ? this.#baseMs : undefined;
  }

  get bytesUnderWay(): number {
    return this.#sent.reduce((sum, each) => sum + each.sizeBytes, 0);
  }

  /** How large the next message should be. */
  get budgetBytes(): number {
    if (this.#rate === undefined) return messageBytes.unknown;
    const wanted = (this.#rate * messageMs) / 1000;
    return Math.round(Math.min(messageBytes.most, Math.max(messageBytes.least, wanted)));
  }

  /** When the next message may go; Infinity = not before another acknowledgement. */
  readyAt(): number {
    if (this.#sent.length === 0) return this.#freeAt - leadMs;
    if (this.#sent.length >= maxMessages) return Infinity;
    const underWay = this.bytesUnderWay;
    if (this.#rate === undefined) {
      return underWay < messageBytes.unknown ? -Infinity : Infinity;
    }
    const pipe = (this.#rate * (this.#baseMs + messageMs)) / 1000 + this.budgetBytes;
    return underWay > pipe ? Infinity : this.#freeAt - leadMs;
  }

  /** A message that will be acknowledged was handed to the line. */
  sent(seq: number, sizeBytes: number, now: number): void {
    this.passed(sizeBytes, now);
    const base = Number.isFinite(this.#baseMs) ? this.#baseMs : 0;
    this.#sent.push({ seq, sizeBytes, at: now, expectedAt: this.#freeAt + base });
  }

  /** Bytes that will not be acknowledged were handed to the line. */
  passed(sizeBytes: number, now: number): void {
    this.#freeAt = Math.max(this.#freeAt, now) + this.#durationMs(sizeBytes);
  }

  /** All messages up to `seq` are painted. Unknown ones are ignored. */
  acknowledged(seq: number, now: number): void {
    const count = this.#sent.findLastIndex((each) => each.seq <= seq) + 1;
    const done = this.#sent.splice(0, count);
    const [first] = done;
    const last = done.at(-1);
    if (!first || !last) return;
    const sizeBytes = done.reduce((sum, each) => sum + each.sizeBytes, 0);
    this.#takeBase(now - last.at - this.#durationMs(last.sizeBytes), now);
    this.#takeSample(first, sizeBytes, now);
    this.#watchQueue(last, now);
    this.#lastAckAt = now;
    this.#follow(now - this.#baseMs);
  }

  /** The line was away: what is under way says nothing about it. */
  interrupted(): void {
    this.#sent = [];
    this.#freeAt = -Infinity;
    this.#lastAckAt = -Infinity;
    this.#late = 0;
  }

  #durationMs(sizeBytes: number): number {
    return this.#rate === undefined ? 0 : (sizeBytes / this.#rate) * 1000;
  }

  /** The shortest round trip of the last half minute, without the message's own time. */
  #takeBase(ms: number, now: number): void {
    // A rate guessed too low makes a large message's own time look longer than it was.
    const base = Math.max(0.2, ms);
    this.#bases = this.#bases.filter((each) => now - each.at < baseMaxAgeMs && each.ms < base);
    this.#bases.push({ ms: base, at: now });
    this.#baseMs = this.#bases[0]?.ms ?? base;
  }

  #takeSample(first: Sent, sizeBytes: number, now: number): void {
    const startedAt = first.at + this.#baseMs;
    const wasBusy = this.#lastAckAt > startedAt;
    const busyMs = Math.max(0.2, now - Math.max(startedAt, this.#lastAckAt));
    if (sizeBytes < tellingBytes && !wasBusy) return;
    this.#samples.push({ sizeBytes, busyMs, at: now });
    this.#samples = this.#samples.filter((each) => now - each.at < sampleMaxAgeMs);
    let bytes = 0;
    let busy = 0;
    let from = this.#samples.length;
    while (
      from > 0 &&
      (bytes < sampleBytes || now - (this.#samples[from]?.at ?? now) < this.#baseMs)
    ) {
      from--;
      bytes += this.#samples[from]?.sizeBytes ?? 0;
      busy += this.#samples[from]?.busyMs ?? 0;
    }
    this.#samples.splice(0, from);
    if (bytes >= tellingBytes) this.#rate = (bytes / busy) * 1000;
  }

  #watchQueue(last: Sent, now: number): void {
    this.#late = now - last.expectedAt > queueLimitMs ? this.#late + 1 : 0;
    if (this.#late < 2 || this.#rate === undefined) return;
    if (now - this.#backedOffAt < this.#baseMs + messageMs) return;
    this.#backedOffAt = now;
    this.#rate *= backOff;
  }

  /** Corrects the model: the line was free of all that is acknowledged at `doneAt`. */
  #follow(doneAt: number): void {
    this.#freeAt = doneAt;
    for (const each of this.#sent) {
      this.#freeAt = Math.max(this.#freeAt, each.at) + this.#durationMs(each.sizeBytes);
    }
  }
}
