import {
  type Channel,
  encodeFrame,
  type ErrorCode,
  errorCatalogue,
  HandrailError,
  heartbeatMs,
  type Hello,
  isErrorCode,
  Mux,
  type OpenRequest,
  toHandrailError,
  type Welcome,
  welcomeShape,
} from "@handrail/protocol";
import { type Clock, Timer } from "./clock.ts";
import { retryDelayMs } from "./reconnect.ts";
import type { Dial, Wire, WireEnd } from "./wire.ts";

/** A welcome that was no refusal. */
export type Welcomed = Extract<Welcome, { answer: "welcome" }>;

/** Why a link is over for good. */
export type LinkRefusal = ErrorCode | "untrusted";

/** What a link tells the session. */
export interface LinkEvents {
  /** Online. Not resumed: the mux is a new one and whatever was under way is gone. */
  welcomed(welcome: Welcomed, isResumed: boolean): void;
  /** The line is away; the link goes on when it is back. */
  away(end: WireEnd): void;
  control(text: string): void;
  opened(request: OpenRequest, channel: Channel): void;
  /** Trying again would not help. */
  refused(code: LinkRefusal): void;
}

/** What a link is made with. */
export interface LinkOptions {
  readonly dial: Dial;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** The first message, made anew for each socket. */
  readonly hello: (resume: Hello["resume"]) => Hello;
  readonly events: LinkEvents;
}

/** Frames are handed over while the socket holds less than this, so that the urgent ones go first. */
const lowWaterBytes = 32 * 1024;
const welcomeWithinMs = 6000;
/** How soon silence is broken by a PING and how soon it means that the line is dead, ms. */
const silence = {
  watched: { pingAfterMs: 2000, deadAfterMs: 6000 },
  idle: { pingAfterMs: heartbeatMs, deadAfterMs: 3 * heartbeatMs },
} as const;

/**
 * The customer's link to the appliance, whatever becomes of its sockets: hello and welcome, frames
 * as late and as urgent as possible, dead lines noticed, and the next attempt. Knows no sockets.
 */
export class Link implements Disposable {
  readonly #options: LinkOptions;
  readonly #retry: Timer;
  readonly #watch: Timer;
  #mux: Mux;
  #wire: Wire | undefined;
  #isOnline = false;
  #isStopped = false;
  #isWatched = false;
  #resumeToken: string | undefined;
  #attempt = 0;
  #awaySince: number;
  #spreadMs = 0;
  #heardAt = 0;
  #pingedAt = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#retry = new Timer(options.clock);
    this.#watch = new Timer(options.clock);
    this.#awaySince = options.clock.now();
    this.#mux = this.#newMux();
  }

  get mux(): Mux {
    return this.#mux;
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** Makes the first attempt, or the next one at once. */
  start(): void {
    if (this.#isStopped || this.#wire) return;
    this.#retry.clear();
    this.#open();
  }

  /** Somebody works with the customer: a dead line is to be noticed within seconds. */
  setWatched(isWatched: boolean): void {
    if (this.#isWatched === isWatched) return;
    this.#isWatched = isWatched;
    if (this.#isOnline) this.#listen();
  }

  /** Ends the link for good, in good order. */
  [Symbol.dispose](): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#retry.clear();
    this.#watch.clear();
    this.#wire?.close();
    this.#wire = undefined;
    this.#isOnline = false;
    this.#mux.lost();
  }

  #newMux(): Mux {
    const { clock, events } = this.#options;
    return new Mux({
      side: "connecting",
      now: () => clock.now(),
      wake: () => this.#pump(),
      control: (text) => events.control(text),
      opened: (request, channel) => events.opened(request, channel),
    });
  }

  #open(): void {
    // Events of a socket that was given up for another one are of no interest.
    const ifCurrent = (run: () => void) => () => {
      if (this.#wire === wire) run();
    };
    const wire: Wire = this.#options.dial({
      opened: () => ifCurrent(() => this.#greet(wire))(),
      text: (text) => ifCurrent(() => this.#guard(() => this.#hear(text)))(),
      bytes: (bytes) => ifCurrent(() => this.#guard(() => this.#take(bytes)))(),
      drained: () => ifCurrent(() => this.#pump())(),
      closed: (end) => ifCurrent(() => this.#closed(end))(),
    });
    this.#wire = wire;
  }

  #greet(wire: Wire): void {
    const token = this.#resumeToken;
    const resume = token ? { token, received: this.#mux.memory.received } : undefined;
    wire.sendText(JSON.stringify(this.#options.hello(resume)));
    this.#watch.set(welcomeWithinMs, () => this.#drop("no welcome came"));
  }

  #hear(text: string): void {
    if (this.#isOnline) throw new HandrailError("protocol-violation", "text after the welcome");
    const parsed = welcomeShape.safeParse(JSON.parse(text));
    if (!parsed.success) throw new HandrailError("protocol-violation", "ill-formed welcome");
    if (parsed.data.answer === "refused") return this.#refuse(parsed.data.code);
    this.#welcome(parsed.data);
  }

  #welcome(welcome: Welcomed): void {
    this.#attempt = 0;
    this.#resumeToken = welcome.resumeToken;
    this.#spreadMs = welcome.spreadMs;
    this.#isOnline = true;
    if (welcome.resumed) this.#mux.resume(welcome.received);
    else {
      this.#mux.lost();
      this.#mux = this.#newMux();
    }
    this.#heardAt = this.#options.clock.now();
    this.#listen();
    this.#options.events.welcomed(welcome, welcome.resumed);
    this.#pump();
  }

  #take(bytes: Uint8Array): void {
    if (!this.#isOnline)
      throw new HandrailError("protocol-violation", "a frame before the welcome");
    this.#heardAt = this.#options.clock.now();
    this.#mux.receive(bytes);
  }

  /** Whatever the appliance does wrong ends this socket; a link that had failed begins anew. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      const { code, message } = toHandrailError(error);
      this.#resumeToken = undefined;
      this.#wire?.close(errorCatalogue[code].close);
      this.#away(endedHere(message));
    }
  }

  #refuse(raw: string): void {
    const code = isErrorCode(raw) ? raw : "internal";
    if (code === "resume-refused") this.#resumeToken = undefined;
    else if (!errorCatalogue[code].retry) return this.#end(code);
    this.#drop(`refused: ${code}`);
  }

  #closed(end: WireEnd): void {
    const isFirst = this.#resumeToken === undefined;
    // On a line that worked before, a stranger's certificate is a captive portal that will go.
    if (end.isUntrusted && isFirst) return this.#end("untrusted");
    const final = finalCodeOf(end.closeCode);
    if (final) return this.#end(final);
    this.#away(end);
  }

  #end(code: LinkRefusal): void {
    this.#wire = undefined;
    this[Symbol.dispose]();
    this.#options.events.refused(code);
  }

  #drop(reason: string): void {
    this.#wire?.drop();
    this.#away(endedHere(reason));
  }

  #away(end: WireEnd): void {
    if (this.#isStopped) return;
    const { clock, random, events } = this.#options;
    this.#wire = undefined;
    this.#watch.clear();
    const wasOnline = this.#isOnline;
    this.#isOnline = false;
    const now = clock.now();
    if (wasOnline) this.#awaySince = now;
    const spreadMs = wasOnline ? this.#spreadMs * random() : 0;
    const delayMs = retryDelayMs(this.#attempt++, now - this.#awaySince, random());
    this.#retry.set(delayMs + spreadMs, () => this.#open());
    events.away(end);
  }

  #pump(): void {
    const wire = this.#wire;
    if (!wire || !this.#isOnline) return;
    while (wire.bufferedBytes < lowWaterBytes) {
      const frame = this.#mux.pull();
      if (!frame) return;
      wire.sendBytes(encodeFrame(frame));
    }
  }

  #listen(): void {
    const now = this.#options.clock.now();
    const { pingAfterMs, deadAfterMs } = this.#isWatched ? silence.watched : silence.idle;
    const quietMs = now - this.#heardAt;
    if (quietMs >= deadAfterMs) return this.#drop("the line is dead");
    if (quietMs >= pingAfterMs && now - this.#pingedAt >= pingAfterMs) {
      this.#pingedAt = now;
      this.#mux.ping();
    }
    const due = quietMs < pingAfterMs ? pingAfterMs - quietMs : pingAfterMs / 2;
    this.#watch.set(Math.min(due, deadAfterMs - quietMs), () => this.#listen());
  }
}

/** The end of a socket that was given up at this end. */
function endedHere(reason: string): WireEnd {
  return { closeCode: undefined, isUntrusted: false, reason };
}

/** The code of a close that means: do not come back. */
function finalCodeOf(closeCode: number | undefined): ErrorCode | undefined {
  const codes = Object.keys(errorCatalogue).filter(isErrorCode);
  const matching = codes.filter((code) => errorCatalogue[code].close === closeCode);
  const isFinal = matching.length > 0 && matching.every((code) => !errorCatalogue[code].retry);
  return isFinal && closeCode !== errorCatalogue["protocol-violation"].close
    ? matching[0]
    : undefined;
}
