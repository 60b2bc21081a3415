import {
  type Channel,
  surfaceMessage,
  type SurfaceDisplay,
  viewerMessage,
} from "@handrail/protocol";
import { type Clock, Timer } from "./clock.ts";
import type { CursorShape, Display, Rect, ScreenSource } from "./host.ts";
import { Pace } from "./pace.ts";
import type { Encoder } from "./surface/encoder.ts";
import { type Point, smallPixels } from "./surface/backlog.ts";

/** Shortest time between two captures, ms: after an input, and at other times. */
const captureEveryMs = { eager: 2, usual: 8, most: 33 } as const;
/** For so long after an input its effect is awaited, ms. */
const eagerMs = 1000;
/** For so long what the representative does says more of the interest than the pointer, ms. */
const interestMs = 2000;
/** So long the line is kept free for what an input brings about, ms. */
const holdMs = 25;
const pointerEveryMs = 40;
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
  #inputAt = -Infinity;
  #holdUntil = -Infinity;
  /** Small changes went before large ones the last time. */
  #wasPreferred = false;
  #focus: Point | undefined;
  #pointer: Point = { x: 0, y: 0 };
  #pointerAt = -Infinity;
  /** When the pointer is to be looked at, because it moved too soon after the last time. */
  #pointerDueAt = Infinity;
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
    this.#inputAt = this.#options.clock.now();
    if (point) this.#focus = point;
    const isBusy = this.#pace.bytesUnderWay > this.#pace.budgetBytes(true);
    if (isStroke && isBusy) this.#holdUntil = this.#inputAt + holdMs;
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
    const lineAt = this.#pace.readyAt();
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

  #isEager(now: number): boolean {
    return now - this.#inputAt < eagerMs;
  }

  #pauseMs(now: number): number {
    const least = this.#isEager(now) ? captureEveryMs.eager : captureEveryMs.usual;
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
    if (rects.length === 0 && now < this.#holdUntil) {
      this.#moreAt = this.#holdUntil;
      return false;
    }
    source.grab(rects);
    this.#capturedAt = now;
    const sent = await this.#encode(rects, now, this.#pace.budgetBytes(this.#isEager(now)));
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
    const isHeld = now < this.#holdUntil;
    const isMixed = small.length > 0 && small.length < rects.length;
    if (isHeld || (isMixed && !this.#wasPreferred)) {
      this.#wasPreferred = true;
      if (small.length > 0) this.#holdUntil = -Infinity;
      this.#unsent = rects.filter((rect) => !small.includes(rect));
      return small;
    }
    this.#wasPreferred = false;
    this.#unsent = [];
    return rects;
  }

  async #encode(damage: readonly Rect[], now: number, budgetBytes: number): Promise<boolean> {
    this.#isProbeDue = false;
    const { encoder, channel, clock } = this.#options;
    const best = this.#pace.bytesPerSecond;
    const epoch = this.#epoch;
    const { message, seq, moreInMs } = await encoder.encode({
      damage,
      focus: this.#interest(now),
      budgetBytes,
      bytesPerSecond: best === undefined || best > exactLine ? undefined : best,
      now,
      capturedMs: Math.round(now - this.#epochAt),
    });
    this.#moreAt = moreInMs === undefined ? Infinity : now + moreInMs;
    if (this.#isStopped || epoch !== this.#epoch || !message) return false;
    channel.send(message);
    this.#pace.sent(seq, message.length + overheadBytes, clock.now());
    return true;
  }

  #interest(now: number): Point {
    const isWorking = now - this.#inputAt < interestMs;
    return (isWorking ? this.#focus : undefined) ?? this.#pointer;
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
    const cursor = source.cursor();
    if (cursor) this.#send(channel, surfaceMessage.encode(toCursorMessage(cursor)));
    this.#pointerDueAt = this.#pointerAt + pointerEveryMs;
    if (now < this.#pointerDueAt) return;
    this.#pointerDueAt = Infinity;
    const { x, y } = source.pointer();
    if (x === this.#pointer.x && y === this.#pointer.y) return;
    this.#pointer = { x, y };
    this.#pointerAt = now;
    const isOurs = this.#focus?.x === x && this.#focus.y === y;
    if (!isOurs) this.#send(channel, surfaceMessage.encode({ type: "pointer", x, y }));
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

function toCursorMessage({ width, height, hotX, hotY, rgba }: CursorShape) {
  return { type: "cursor" as const, width, height, hotX, hotY, rgba: premultiplied(rgba) };
}

function premultiplied(straight: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(straight);
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] ?? 0;
    for (const part of [at, at + 1, at + 2]) {
      rgba[part] = Math.round(((rgba[part] ?? 0) * alpha) / 255);
    }
  }
  return rgba;
}
