/** What a message may take of the line, ms: so long does an urgent one wait behind it. */
const messageMs = { usual: 30, eager: 7 } as const;
const messageBytes = { least: 700, most: 512 * 1024 } as const;
/** What a line is taken for before anything is known of it, bytes/s. */
const firstGuess = 125_000;
const slowest = 8000;
/** On a long way shorter messages than this share of it gain nothing. */
const eagerTripShare = 0.05;
/** The next message is made so long before the line is free, so that it hardly idles, ms. */
const leadMs = { usual: 6, eager: 1.5 } as const;
const maxMessages = 24;
/** Queueing above this through a whole round means that the rate is too high, ms. */
const queueLimitMs = 10;
/** Below this the line may carry more, ms. */
const roomMs = 3;
const growth = { usual: 1.04, most: 2, nearCeiling: 1.01, starting: 2, kept: 1.2 } as const;
/** What was delivered while there was a queue is what the line carries, give or take so much. */
const ceilingShare = { near: 0.95, broken: 1.1 } as const;
/** What the rate shrinks to at most: after a round, and after one in which the pipe was full. */
const backOff = { usual: 0.8, full: 0.4 } as const;
const roundMs = { least: 15, most: 1000 } as const;
const roundMessages = { usual: 5, starting: 3 } as const;
/** A row of messages has to last so long to tell their speed. */
const runMs = 15;
/** How far the rate goes towards that speed after a round, where it was above it. */
const runWeight = 0.3;
/** What becomes of the rate where something waits, but not so much that it is known to be wrong. */
const easing = 0.98;
/** Of so many acknowledgements the least late one tells how late the line is. */
const latenessCount = 3;
/** Messages below this are too short to tell how fast they went. */
const tellingBytes = 1500;
/** A share of what was delivered: the rest drains the queue. */
const drainShare = 0.92;
/** So many long messages that took so long end the start; a single one may have met a busy computer. */
const slowStart = { count: 2, ms: 15 } as const;
const baseMaxAgeMs = 15_000;
const tripEveryMs = 1000;
/** What is shorter tells the bare round trip. */
const shortBytes = 400;
/** How often such a one is wanted on a busy line: whichever is longer. */
const probeEvery = { ms: 4000, trips: 25 } as const;
/** So many bytes tell enough for decisions about what to show. */
const knownBytes = 3000;

interface Sent {
  readonly seq: number;
  readonly sizeBytes: number;
  readonly at: number;
  /** When the model says that it has passed the line. */
  doneAt: number;
}

/** One message acknowledged. `delayMs`: its round trip beyond that of an empty message. */
interface Delivery {
  readonly sizeBytes: number;
  readonly delayMs: number;
  readonly at: number;
}

/**
 * When the next message may go and how large it may be, so that the line is kept busy but nothing
 * waits in front of it.
 *
 * The line is thought of as a pipe of one rate with a fixed round trip: a message leaves it when
 * the one before has left and its own bytes have passed. Each acknowledgement corrects that thought.
 * The rate itself is judged in rounds of at least a round trip and five messages: while even the
 * least delayed of them had to queue, the line carries what was delivered and no more; while it had
 * not and there was more to send, the rate grows, unless messages that arrived in a row were slower
 * than it. So a computer that pauses now and then is not mistaken for a slow line, nor what its
 * pauses leave free for a fast one. Sans I/O; times in ms of any steady clock.
 */
export class Pace {
  #sent: Sent[] = [];
  #underWay = 0;
  #rate: number = firstGuess;
  #trips: Delivery[] = [];
  #shortAt = -Infinity;
  /** A queue that never empties hides the bare round trip: now and then it is let run dry. */
  #isDraining = false;
  #baseMs = Infinity;
  #freeAt = -Infinity;
  #lateness: number[] = [];
  #round: Delivery[] = [];
  #roundFrom = -Infinity;
  /** What arrived right behind something else in this round, and how long that took. */
  #run = { bytes: 0, ms: 0 };
  /** When the last message was acknowledged. */
  #doneAt = -Infinity;
  #wasHeldBack = false;
  #wasFull = false;
  #deliveredBytes = 0;
  #isEager = false;
  /** What the line was seen to carry at most, bytes/s. */
  #ceiling = Infinity;
  /** Nothing has had to queue yet: the line may carry far more than the first guess. */
  #isStarting = true;
  /** Long messages that took their time although nothing has had to queue yet. */
  #slowStarts = 0;

  /** What the line carries, bytes/s; undefined while no limit has shown. */
  get bytesPerSecond(): number | undefined {
    return this.#isStarting || this.#deliveredBytes < knownBytes ? undefined : this.#rate;
  }

  /** The round trip of an empty message, ms; undefined before the first. */
  get roundTripMs(): number | undefined {
    return Number.isFinite(this.#baseMs) ? this.#baseMs : undefined;
  }

  /** Bytes handed over and not acknowledged. */
  get bytesUnderWay(): number {
    return this.#underWay;
  }

  /**
   * Something urgent may come up at any moment, so that it should not find the line taken for long:
   * messages are short, hardly anything waits, and the line is not emptied for a measurement.
   */
  set isEager(isEager: boolean) {
    this.#isEager = isEager;
    if (isEager) this.#isDraining = false;
  }

  /** How large the next message should be. */
  get budgetBytes(): number {
    const eagerMs = Math.max(messageMs.eager, (this.roundTripMs ?? 0) * eagerTripShare);
    const wanted = (this.#rate * (this.#isEager ? eagerMs : messageMs.usual)) / 1000;
    return Math.round(Math.min(messageBytes.most, Math.max(messageBytes.least, wanted)));
  }

  /** When the next message may go; Infinity = not before another acknowledgement. */
  readyAt(): number {
    if (this.#sent.length >= maxMessages || (this.#isDraining && this.#sent.length > 0)) {
      return Infinity;
    }
    const tripMs = this.roundTripMs ?? 0;
    const pipe = (this.#rate * (tripMs + messageMs.usual)) / 1000 + messageBytes.least;
    return this.#underWay > pipe
      ? Infinity
      : this.#freeAt - leadMs[this.#isEager ? "eager" : "usual"];
  }

  /** Whether the next message should be a short one, to tell the bare round trip. */
  get wantsProbe(): boolean {
    return this.#isDraining && this.#sent.length === 0;
  }

  /** There is something to send, and `readyAt` says not yet. */
  heldBack(): void {
    this.#wasHeldBack = true;
    if (this.readyAt() === Infinity && !this.#isDraining) this.#wasFull = true;
  }

  /** A message that will be acknowledged was handed to the line. */
  sent(seq: number, sizeBytes: number, now: number): void {
    this.passed(sizeBytes, now);
    if (sizeBytes <= shortBytes && this.#sent.length === 0) {
      this.#shortAt = now;
      this.#isDraining = false;
    }
    this.#sent.push({ seq, sizeBytes, at: now, doneAt: this.#freeAt });
    this.#underWay += sizeBytes;
  }

  /** Bytes that will not be acknowledged were handed to the line. */
  passed(sizeBytes: number, now: number): void {
    this.#freeAt = Math.max(this.#freeAt, now) + this.#durationMs(sizeBytes);
  }

  /** All messages up to `seq` are painted. Unknown ones are ignored. */
  acknowledged(seq: number, now: number): void {
    const count = this.#sent.findLastIndex((each) => each.seq <= seq) + 1;
    const done = this.#sent.splice(0, count);
    const last = done.at(-1);
    if (!last) return;
    this.#followRun(done, now);
    for (const each of done) this.#delivered(each, now);
    this.#follow(last, now - this.#baseMs);
    this.#judgeRound(now);
  }

  /** The line was away: what is under way says nothing about it. */
  interrupted(): void {
    this.#sent = [];
    this.#underWay = 0;
    this.#freeAt = -Infinity;
    this.#lateness = [];
    this.#round = [];
    this.#roundFrom = -Infinity;
    this.#isDraining = false;
    this.#run = { bytes: 0, ms: 0 };
    this.#doneAt = -Infinity;
  }

  /** Messages that arrive one right behind the other tell how fast the line is. */
  #followRun(done: readonly Sent[], now: number): void {
    const isBehind = (done[0]?.at ?? Infinity) + this.#baseMs < this.#doneAt;
    if (isBehind) {
      this.#run.bytes += done.reduce((sum, each) => sum + each.sizeBytes, 0);
      this.#run.ms += now - this.#doneAt;
    }
    this.#doneAt = now;
  }

  #delivered({ sizeBytes, at }: Sent, now: number): void {
    this.#underWay -= sizeBytes;
    this.#deliveredBytes += sizeBytes;
    const tripMs = now - at;
    this.#takeBase({ sizeBytes, delayMs: tripMs, at: now });
    if (sizeBytes >= tellingBytes && tripMs - this.#baseMs > slowStart.ms) this.#slowStarts++;
    if (this.#slowStarts >= slowStart.count) this.#isStarting = false;
    if (this.#round.length === 0) this.#roundFrom = now;
    this.#round.push({ sizeBytes, delayMs: Math.max(0.5, tripMs - this.#baseMs), at: now });
  }

  /**
   * The shortest round trip of the last quarter minute, of short messages if there were any: how
   * long the others took on the way is what is to be found out.
   */
  #takeBase(trip: Delivery): void {
    const last = this.#trips.at(-1);
    const isShort = trip.sizeBytes <= shortBytes;
    if (this.#trips.length > 0 && !isShort) return;
    if (!last || trip.at - last.at > tripEveryMs) this.#trips.push(trip);
    else if (this.#bareMs(trip) < this.#bareMs(last)) {
      this.#trips.splice(-1, 1, { ...trip, at: last.at });
    }
    const kept = this.#trips.filter(
      (each) => trip.at - each.at < baseMaxAgeMs && (each.sizeBytes <= shortBytes || !isShort),
    );
    this.#trips = kept.length > 0 ? kept : [trip];
    this.#baseMs = Math.max(0.2, Math.min(...this.#trips.map((each) => this.#bareMs(each))));
  }

  #bareMs({ delayMs, sizeBytes }: Delivery): number {
    return delayMs - this.#durationMs(sizeBytes);
  }

  #durationMs(sizeBytes: number): number {
    return (sizeBytes / this.#rate) * 1000;
  }

  /** Corrects the model: the message had passed the line at `doneAt` at the latest. */
  #follow(last: Sent, doneAt: number): void {
    this.#lateness = [...this.#lateness, doneAt - last.doneAt].slice(-latenessCount);
    const latestMs = Math.min(...this.#lateness);
    const isEarly = doneAt < last.doneAt;
    if (!isEarly && (latestMs <= 0 || this.#lateness.length < latenessCount)) return;
    const shiftMs = isEarly ? doneAt - last.doneAt : latestMs;
    this.#lateness = [];
    this.#freeAt = last.doneAt + shiftMs;
    for (const each of this.#sent) {
      this.#freeAt = Math.max(this.#freeAt, each.at) + this.#durationMs(each.sizeBytes);
      each.doneAt = this.#freeAt;
    }
  }

  #judgeRound(now: number): void {
    const round = this.#round;
    const lastsMs = now - this.#roundFrom;
    const enoughMs = Math.min(roundMs.most, Math.max(roundMs.least, this.#baseMs));
    const enough = roundMessages[this.#isStarting ? "starting" : "usual"];
    if (round.length < enough || lastsMs < enoughMs) return;
    const queueMs = Math.min(
      ...round.map((each) => each.delayMs - this.#durationMs(each.sizeBytes)),
    );
    if (queueMs > roomMs || this.#runSpeed() < this.#rate) this.#isStarting = false;
    if (queueMs > queueLimitMs) this.#slowDown(deliveredPerSecond(round, lastsMs));
    else if (this.#runSpeed() < this.#rate)
      this.#rate += (this.#runSpeed() - this.#rate) * runWeight;
    else if (queueMs > roomMs && this.#wasHeldBack) this.#rate *= easing;
    else if (this.#isStarting && this.#wasHeldBack) this.#start(deliveredPerSecond(round, lastsMs));
    else if (queueMs < roomMs && this.#wasHeldBack) this.#speedUp(usualSpeed(round));
    const probeEveryMs = Math.max(probeEvery.ms, probeEvery.trips * this.#baseMs);
    if (this.#wasHeldBack && !this.#isEager && now - this.#shortAt > probeEveryMs) {
      this.#isDraining = true;
    }
    this.#round = [];
    this.#run = { bytes: 0, ms: 0 };
    this.#wasHeldBack = false;
    this.#wasFull = false;
  }

  /** Only a sender that had more to send can know that the delay is of its own making. */
  #slowDown(delivered: number): void {
    if (!this.#wasHeldBack) return;
    const least = this.#rate * (this.#wasFull ? backOff.full : backOff.usual);
    const isKnown = Number.isFinite(this.#ceiling);
    this.#ceiling = Math.max(least, isKnown ? (this.#ceiling + delivered) / 2 : delivered);
    delivered = Math.min(delivered, this.#ceiling);
    this.#rate = Math.max(slowest, least, Math.min(this.#rate, delivered * drainShare));
  }

  /** How fast messages followed one another in this round, bytes/s; Infinity when too few did. */
  #runSpeed(): number {
    const { bytes, ms } = this.#run;
    return ms < runMs ? Infinity : (bytes / ms) * 1000;
  }

  /** Doubles the rate for as long as what is delivered keeps up with it. */
  #start(delivered: number): void {
    const wanted = Math.min(this.#rate, delivered) * growth.starting;
    if (wanted < this.#rate * growth.kept) this.#isStarting = false;
    this.#rate = Math.max(this.#rate, wanted);
  }

  #speedUp(speed: number): void {
    const wanted = Math.min(this.#rate * growth.most, speed * 0.8);
    const isNear = this.#rate > this.#ceiling * ceilingShare.near;
    this.#rate = Math.max(this.#rate * (isNear ? growth.nearCeiling : growth.usual), wanted);
    if (this.#rate > this.#ceiling * ceilingShare.broken) this.#ceiling = Infinity;
  }
}

/** What arrived after the first of them, in the time since, bytes/s. */
function deliveredPerSecond(round: readonly Delivery[], lastsMs: number): number {
  const bytes = round.slice(1).reduce((sum, each) => sum + each.sizeBytes, 0);
  return (bytes / lastsMs) * 1000;
}

/** How fast a message of some size usually went, bytes/s. */
function usualSpeed(round: readonly Delivery[]): number {
  const telling = round.filter((each) => each.sizeBytes >= tellingBytes);
  const speeds = telling.map((each) => (each.sizeBytes / each.delayMs) * 1000);
  return speeds.toSorted((a, b) => a - b)[Math.floor(speeds.length / 2)] ?? 0;
}
