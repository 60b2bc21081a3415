import {
  type Channel,
  surfaceMessage,
  type SurfaceDisplay,
  viewerMessage,
} from "@handrail/protocol";
import { Attention } from "./attention.ts";
import { type Clock, Timer } from "./clock.ts";
import { cursorMessage } from "./cursor-message.ts";
import type { Display, Rect, ScreenSource } from "./host.ts";
import { Pace } from "./pace.ts";
import type { Encoder } from "./surface/encoder.ts";
import { type Point, smallPixels } from "./surface/backlog.ts";

/** Shortest time between two captures, ms: after an input, and at other times. */
const captureEveryMs = { eager: 2, usual: 8, most: 33 } as const;
/** A message above this, bytes, was no mere answer; for so long after one the line counts as busy, ms. */
const bulkBytes = 400;
const busyMs = 200;
const pointerEveryMs = 40;
/** Where our own input put the pointer is told once it has rested there for so long, ms. */
const pointerRestMs = 150;
/** A line faster than this shows everything exactly at once, bytes/s. */
const exactLine = 2_000_000;
/** What a message costs on the line besides its own bytes: frame, WebSocket, TLS record. */
const overheadBytes = 40;

/** What a sender works with. */
export interface ScreenSenderOptions {
  readonly source: ScreenSource;
  readonly encoder: Encoder;
  readonly channel: Channel;
  readonly clock: Clock;
  /** Number of the first epoch. */
  readonly epoch: number;
  /** Asked before every capture. */
  readonly mayCapture: () => boolean;
  /** The channel is gone. */
  readonly closed: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Sends one screen to one channel: waits for changes, captures when the line is free, and hands
 * what the encoder makes of it to the channel. While the line is busy nothing is captured: the
 * display server keeps count of what changed, and the next message shows the newest state.
 */
export class ScreenSender implements Disposable {
  readonly #options: ScreenSenderOptions;
  readonly #timer: Timer;
  #pace = new Pace();
  #epoch: number;
  #epochAt = 0;
  #isStale = true;
  #mustRestart = false;
  /** Nobody looks. */
  #isHeld = false;
  #isBusy = false;
  /** Something happened on the screen since the last look at it. */
  #hasNews = false;
  #isStopped = false;
  #isPaused = false;
  #capturedAt = -Infinity;
  #costMs = 0;
  #unsent: Rect[] = [];
  #isProbeDue = false;
  /** When the encoder has more to send without new damage. */
  #moreAt = Infinity;
  readonly #attention = new Attention();
  #bulkAt = -Infinity;
  /** Small changes went before large ones the last time. */
  #wasPreferred = false;
  #pointer: Point = { x: 0, y: 0 };
  #pointerAt = -Infinity;
  /** When the pointer is to be looked at, because it moved too soon after the last time. */
  #pointerDueAt = Infinity;
  /** When the place where our own input put it is to be told. */
  #pointerRestsAt = Infinity;
  #size = { width: 0, height: 0 };

  constructor(options: ScreenSenderOptions) {
    this.#options = options;
    this.#timer = new Timer(options.clock);
    this.#epoch = options.epoch;
    options.channel.listener = {
      message: (bytes) => this.#receive(bytes),
      closed: options.closed,
    };
    options.source.onChange(() => {
      this.#hasNews = true;
      this.#wake();
    });
    options.source.onResize(() => this.#resized());
    this.#wake();
  }

  /** The number for the next sender's first epoch. */
  get nextEpoch(): number {
    return this.#epoch;
  }

  get pace(): Pace {
    return this.#pace;
  }

  /**
   * The representative did something here: what it changes is awaited. `isStroke`: a key or a
   * button, whose effect is mostly small; on a busy line it should not have to queue.
   */
  inputAt(point: Point | undefined, isStroke: boolean): void {
    this.#attention.inputAt(point, isStroke, this.#options.clock.now());
  }

  /** The line is away: nothing is captured until `resume`. */
  pause(): void {
    this.#isPaused = true;
    this.#timer.clear();
    this.#pace.interrupted();
  }

  resume(): void {
    this.#isPaused = false;
    this.#wake();
  }

  [Symbol.dispose](): void {
    this.#isStopped = true;
    this.#timer.clear();
    this.#options.channel.listener = {};
  }

  #receive(bytes: Uint8Array): void {
    const message = viewerMessage.decode(bytes);
    if (message.type === "refresh") this.#isStale = true;
    else if (message.type === "restart") this.#mustRestart = true;
    else if (message.type === "hold") this.#hold(message.on);
    else if (message.epoch === this.#epoch - 1) {
      this.#pace.acknowledged(message.seq, this.#options.clock.now());
    }
    this.#wake();
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#timer.clear();
    // Nobody has acknowledged meanwhile, which says nothing about the line.
    this.#pace.interrupted();
  }

  #resized(): void {
    const { source, channel } = this.#options;
    if (this.#isStopped) return;
    if (this.#hasOtherSize()) {
      this.#isStale = true;
    } else if (!this.#isStale) {
      const displays = source.displays().map(toSurfaceDisplay);
      this.#send(channel, surfaceMessage.encode({ type: "displays", displays }));
    }
    this.#wake();
  }

  #hasOtherSize(): boolean {
    const { source } = this.#options;
    return this.#size.width !== source.width || this.#size.height !== source.height;
  }

  /** Goes to work now, or sets a timer for when it may. */
  #wake(): void {
    if (this.#isStopped || this.#isBusy || this.#isPaused || this.#isHeld) return;
    const { clock } = this.#options;
    const now = clock.now();
    this.#pace.isEager = this.#attention.isEager(now);
    // An answer is small: it does not wait until the line is free.
    const lineAt = this.#isReserved(now) ? -Infinity : this.#pace.readyAt();
    const hasMore = this.#hasNews || this.#unsent.length > 0 || this.#moreAt <= now;
    if (lineAt > now && hasMore) this.#pace.heldBack();
    const readyAt = Math.max(lineAt, this.#capturedAt + this.#pauseMs(now));
    if (readyAt === Infinity) return this.#timer.clear();
    if (readyAt > now + 0.5) return this.#timer.set(readyAt - now, () => this.#wake());
    this.#timer.clear();
    this.#isBusy = true;
    this.#step(now).then(
      (hasWorked) => {
        this.#isBusy = false;
        if (hasWorked || this.#hasNews) this.#wake();
        else this.#sleep();
      },
      (error: unknown) => {
        if (!this.#isStopped) this.#options.failed(error);
      },
    );
  }

  #sleep(): void {
    const at = Math.min(this.#moreAt, this.#pointerDueAt);
    if (at === Infinity) return;
    this.#timer.set(Math.max(1, at - this.#options.clock.now()), () => this.#wake());
  }

  /** Nothing but an answer may be sent. */
  #isReserved(now: number): boolean {
    return now < this.#attention.awaitUntil && now - this.#bulkAt < busyMs;
  }

  #pauseMs(now: number): number {
    if (this.#isReserved(now)) return captureEveryMs.eager;
    // With something left to send, the line shall not idle for the sake of a capture.
    const isEager = this.#attention.isEager(now) || this.#moreAt <= now;
    const least = isEager ? captureEveryMs.eager : captureEveryMs.usual;
    return Math.min(captureEveryMs.most, Math.max(least, this.#costMs * 1.5));
  }

  /** One capture and its message; false when there was nothing to send. */
  async #step(now: number): Promise<boolean> {
    const { source } = this.#options;
    if (!this.#options.mayCapture()) return false;
    this.#hasNews = false;
    if (this.#isStale) this.#begin();
    if (this.#mustRestart) this.#restart();
    if (this.#isProbeDue || this.#pace.wantsProbe) return this.#encode([], now, 0);
    const damage = source.takeDamage();
    const hasMore = now >= this.#moreAt;
    if (damage.length === 0 && this.#unsent.length === 0 && !hasMore) {
      this.#sendPointer(now);
      return false;
    }
    const rects = this.#chooseDamage([...this.#unsent, ...damage], now);
    if (rects.length === 0 && this.#isReserved(now)) {
      this.#moreAt = this.#attention.awaitUntil;
      return false;
    }
    source.grab(rects);
    this.#capturedAt = now;
    const sent = await this.#encode(rects, now, this.#pace.budgetBytes);
    this.#costMs = this.#options.clock.now() - now;
    this.#sendPointer(now);
    return sent || this.#unsent.length > 0;
  }

  /**
   * What is captured now, the rest stays for the next time: small changes before large ones, which
   * take longer to read, to compare and to send. A large one waits for one small one at most.
   */
  #chooseDamage(rects: readonly Rect[], now: number): readonly Rect[] {
    const small = rects.filter((rect) => rect.width * rect.height <= smallPixels);
    const isAwaited = now < this.#attention.awaitUntil;
    const answer = isAwaited ? small.filter((rect) => this.#attention.isAnswer(rect)) : [];
    if (answer.length > 0 || this.#isReserved(now)) {
      if (answer.length > 0) this.#attention.answered();
      return this.#take(answer, rects);
    }
    const isMixed = small.length > 0 && small.length < rects.length;
    this.#wasPreferred = isMixed && !this.#wasPreferred;
    return this.#take(this.#wasPreferred ? small : rects, rects);
  }

  #take(chosen: readonly Rect[], rects: readonly Rect[]): readonly Rect[] {
    this.#unsent = rects.filter((rect) => !chosen.includes(rect));
    return chosen;
  }

  async #encode(damage: readonly Rect[], now: number, budgetBytes: number): Promise<boolean> {
    this.#isProbeDue = false;
    const { encoder, channel, clock } = this.#options;
    const best = this.#pace.bytesPerSecond;
    const epoch = this.#epoch;
    const { message, seq, moreInMs } = await encoder.encode({
      damage,
      focus: this.#attention.interest(this.#pointer, now),
      budgetBytes,
      bytesPerSecond: best === undefined || best > exactLine ? undefined : best,
      now,
      capturedMs: Math.round(now - this.#epochAt),
    });
    this.#moreAt = moreInMs === undefined ? Infinity : now + moreInMs;
    if (this.#isStopped || epoch !== this.#epoch || !message) return false;
    channel.send(message);
    if (message.length > bulkBytes) this.#bulkAt = clock.now();
    this.#pace.sent(seq, message.length + overheadBytes, clock.now());
    return true;
  }

  /** Begins an epoch. */
  #begin(): void {
    const { source, encoder, channel, clock } = this.#options;
    const startedAt = clock.unixNow();
    this.#isStale = false;
    this.#epochAt = clock.now();
    this.#size = { width: source.width, height: source.height };
    this.#pace.interrupted();
    encoder.begin({ ...this.#size, pixels: source.pixels });
    this.#mustRestart = false;
    const message = surfaceMessage.encode({
      type: "epoch",
      epoch: this.#epoch++,
      ...this.#size,
      startedHigh: Math.floor(startedAt / 2 ** 32),
      startedLow: startedAt >>> 0,
      displays: source.displays().map(toSurfaceDisplay),
    });
    this.#send(channel, message);
    this.#isProbeDue = true;
    this.#unsent = [{ x: 0, y: 0, ...this.#size }];
  }

  /** Begins another zstd stream, from which whoever joins later can go on. */
  #restart(): void {
    this.#mustRestart = false;
    this.#options.encoder.restart();
    this.#send(this.#options.channel, surfaceMessage.encode({ type: "restart" }));
  }

  #sendPointer(now: number): void {
    const { source, channel } = this.#options;
    if (now < this.#attention.awaitUntil) {
      // The pointer's shape takes long on a slow line: not before the answer.
      this.#pointerDueAt = this.#attention.awaitUntil;
      return;
    }
    const cursor = source.cursor();
    if (cursor) this.#send(channel, cursorMessage(cursor));
    this.#pointerDueAt = this.#pointerAt + pointerEveryMs;
    if (now < this.#pointerDueAt) return;
    const { x, y } = source.pointer();
    if (x !== this.#pointer.x || y !== this.#pointer.y) {
      this.#pointer = { x, y };
      this.#pointerAt = now;
      const { point } = this.#attention;
      const isOurs = point?.x === x && point.y === y;
      // Whoever points sees a pointer of their own; others, and the recording, may wait a little.
      this.#pointerRestsAt = isOurs ? now + pointerRestMs : now;
    }
    const isDue = now >= this.#pointerRestsAt;
    if (isDue) this.#pointerRestsAt = Infinity;
    this.#pointerDueAt = this.#pointerRestsAt;
    if (isDue) this.#send(channel, surfaceMessage.encode({ type: "pointer", x, y }));
  }

  #send(channel: Channel, message: Uint8Array): void {
    channel.send(message);
    this.#pace.passed(message.length + overheadBytes, this.#options.clock.now());
  }
}

function toSurfaceDisplay(display: Display, index: number): SurfaceDisplay {
  const { x, y, width, height, primary, name } = display;
  // The wire has a byte for the number: the place in the list serves.
  return { id: index, x, y, width, height, primary, name: name.slice(0, 40) };
}
