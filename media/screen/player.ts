import {
  type ChatMessage,
  HandrailError,
  type RecordingMeta,
  type SessionEvent,
  toHandrailError,
} from "@handrail/protocol";
import type { Screenshot } from "../pane/contract.ts";
import { cursorSprite } from "./cursor.ts";
import { openingMs } from "./opening.ts";
import { type Span, unwatchedSpans, withheldSpans } from "./sight.ts";
import { Painter } from "./painter.ts";
import { Recording, type TimelineEntry } from "./recording.ts";
import { Replay } from "./replay.ts";

/** A seek decodes this long before the page may do something else. */
const sliceMs = 10;
const tickMs = 16;
/** A pause is passed over when it is longer than this, up to shortly before its end. */
const idleMs = 2000;
const beforeEndOfIdleMs = 300;
const reportEveryMs = 100;

/** Speeds that a player offers. */
export const playerSpeeds = [0.5, 1, 2, 4, 8] as const;

/** Where a player stands. Times in ms since the recording began. */
export interface PlayerState {
  readonly status: "loading" | "ready" | "failed";
  readonly loadedBytes: number;
  readonly positionMs: number;
  readonly durationMs: number;
  readonly isPlaying: boolean;
  readonly isAtEnd: boolean;
  /** How much of a seek is done, 0 to 1; undefined when none goes on. */
  readonly seeking: number | undefined;
  readonly speed: number;
  readonly skipsIdle: boolean;
  /** The recording does not reach its own end: cut off or damaged. Known once it is loaded. */
  readonly isTruncated: boolean;
  /**
   * What there is to see at the position: nothing before the first picture; `withheld` once the
   * customer has stopped showing the screen, until they show it again; `unwatched` while nobody
   * watched, so that the picture is an old one.
   */
  readonly sight: "nothing" | "shown" | "withheld" | "unwatched";
  /** Who has mouse and keyboard at the position. */
  readonly controller: string | undefined;
  readonly fault: HandrailError | undefined;
}

/** What was said and done, in order of time. */
export interface PlayerTimeline {
  readonly meta: RecordingMeta | undefined;
  readonly events: readonly TimelineEntry<SessionEvent>[];
  readonly chat: readonly TimelineEntry<ChatMessage>[];
}

/** Plays one recording on a canvas. */
export interface Player {
  readonly state: PlayerState;
  readonly timeline: PlayerTimeline;
  /** Resolves when all of the recording was read and its first picture painted. Never rejects. */
  readonly loaded: Promise<void>;
  play(): void;
  pause(): void;
  /** Goes to a position and paints it; resolves when that is done, or another seek replaced it. */
  seek(toMs: number): Promise<void>;
  setSpeed(speed: number): void;
  setSkipsIdle(skipsIdle: boolean): void;
  screenshot(): Promise<Screenshot | undefined>;
  dispose(): void;
}

/** Makes a player; `onState` is called at every change, at most ten times a second for times. */
export function createPlayer(options: {
  canvas: HTMLCanvasElement;
  source: Uint8Array | AsyncIterable<Uint8Array>;
  onState: (state: PlayerState) => void;
}): Player {
  return new CanvasPlayer(options.canvas, options.source, options.onState);
}

class CanvasPlayer implements Player {
  readonly loaded: Promise<void>;
  readonly #painter: Painter;
  readonly #onState: (state: PlayerState) => void;
  readonly #recording = new Recording();
  readonly #replay = new Replay(this.#recording);
  #state: PlayerState = {
    status: "loading",
    loadedBytes: 0,
    positionMs: 0,
    durationMs: 0,
    isPlaying: false,
    isAtEnd: false,
    seeking: undefined,
    speed: 1,
    skipsIdle: true,
    isTruncated: false,
    sight: "nothing",
    controller: undefined,
    fault: undefined,
  };
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Where there is first something to see. */
  #openingMs = 0;
  #withheld: readonly Span[] = [];
  #unwatched: readonly Span[] = [];
  #tickedAt = 0;
  #reportedAt = 0;
  #seek = 0;
  /** Of the latest seek. */
  #arrival: Promise<void> = Promise.resolve();
  #isDisposed = false;

  constructor(
    canvas: HTMLCanvasElement,
    source: Uint8Array | AsyncIterable<Uint8Array>,
    onState: (state: PlayerState) => void,
  ) {
    this.#painter = new Painter(canvas);
    this.#onState = onState;
    this.loaded = this.#load(source);
  }

  get state(): PlayerState {
    return this.#state;
  }

  get timeline(): PlayerTimeline {
    const { meta, events, chat } = this.#recording;
    return { meta, events, chat };
  }

  play(): void {
    if (this.#state.isPlaying || this.#state.status !== "ready") return;
    const start = this.#state.isAtEnd ? this.seek(this.#openingMs) : Promise.resolve();
    void start.then(() => {
      this.#set({ isPlaying: true, isAtEnd: false });
      this.#tickedAt = performance.now();
      this.#schedule();
    });
  }

  pause(): void {
    clearTimeout(this.#timer);
    if (this.#state.isPlaying) this.#set({ isPlaying: false });
  }

  seek(toMs: number): Promise<void> {
    this.#arrival = this.#goTo(toMs);
    return this.#arrival;
  }

  async #goTo(toMs: number): Promise<void> {
    const mine = ++this.#seek;
    const to = Math.min(Math.max(toMs, 0), this.#recording.durationMs);
    clearTimeout(this.#timer);
    try {
      for (const done of this.#replay.seek(to, mayGoOnFor(sliceMs))) {
        this.#set({ seeking: done });
        await pageTurn();
        if (mine !== this.#seek || this.#isDisposed) return;
      }
    } catch (error) {
      return this.#fail(error);
    }
    this.#paintAll();
    this.#set({
      seeking: undefined,
      positionMs: to,
      isAtEnd: to >= this.#recording.durationMs,
      sight: this.#sightAt(to),
      controller: this.#controllerAt(to),
    });
    this.#tickedAt = performance.now();
    if (this.#state.isPlaying) this.#schedule();
  }

  setSpeed(speed: number): void {
    this.#set({ speed: Math.min(Math.max(speed, 0.25), 16) });
  }

  setSkipsIdle(skipsIdle: boolean): void {
    this.#set({ skipsIdle });
  }

  async screenshot(): Promise<Screenshot | undefined> {
    // The picture of a place is there once the way to it has been decoded.
    await this.#arrival;
    if (this.#state.sight !== "shown") return undefined;
    const blob = await this.#painter.screenshot();
    const surface = this.#replay.surface;
    if (!blob || !surface) return undefined;
    const png = new Uint8Array(await blob.arrayBuffer());
    return { png, width: surface.width, height: surface.height };
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  async #load(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    try {
      const pieces = source instanceof Uint8Array ? [source] : source;
      for await (const piece of pieces) {
        if (this.#isDisposed) return;
        this.#recording.push(piece);
        const loadedBytes = this.#state.loadedBytes + piece.length;
        this.#set({ loadedBytes, durationMs: this.#recording.durationMs });
      }
    } catch (error) {
      return this.#fail(error);
    }
    const { fault, meta, isTruncated, durationMs } = this.#recording;
    if (!meta) {
      return this.#fail(fault ?? new HandrailError("bad-request", "an empty recording"));
    }
    try {
      this.#openingMs = openingMs(this.#recording);
      this.#withheld = withheldSpans(this.#recording);
      this.#unwatched = unwatchedSpans(this.#recording);
    } catch (error) {
      return this.#fail(error);
    }
    await this.seek(this.#openingMs);
    // Before the first picture is there, there is nothing to play.
    if (this.#state.status === "loading") this.#set({ status: "ready", isTruncated, durationMs });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), tickMs);
  }

  #tick(): void {
    const now = performance.now();
    const elapsedMs = (now - this.#tickedAt) * this.#state.speed;
    this.#tickedAt = now;
    const { durationMs } = this.#recording;
    let to = Math.min(this.#state.positionMs + elapsedMs, durationMs);
    const { nextAt } = this.#replay;
    const untilNextMs = (nextAt ?? durationMs) - to;
    if (this.#state.skipsIdle && untilNextMs > idleMs) to += untilNextMs - beforeEndOfIdleMs;
    try {
      this.#playTo(to);
    } catch (error) {
      this.#fail(error);
    }
  }

  #playTo(toMs: number): void {
    const { rects, isNewPicture } = this.#replay.advance(toMs, mayGoOnFor(tickMs));
    // What could not be decoded in time is made up for, not left out.
    const positionMs = Math.min(toMs, this.#replay.nextAt ?? toMs);
    if (isNewPicture) this.#paintAll();
    else {
      this.#painter.paint(rects);
      this.#paintPointer();
    }
    const isAtEnd = positionMs >= this.#recording.durationMs;
    const controller = this.#controllerAt(positionMs);
    const sight = this.#sightAt(positionMs);
    const change = { positionMs, isAtEnd, sight, controller, isPlaying: !isAtEnd };
    const isDue = performance.now() - this.#reportedAt >= reportEveryMs;
    const isNews = controller !== this.#state.controller || sight !== this.#state.sight;
    if (isAtEnd || isDue || isNews) this.#set(change);
    else this.#state = { ...this.#state, ...change };
    if (!isAtEnd) this.#schedule();
  }

  #paintAll(): void {
    const { surface } = this.#replay;
    if (!surface) return;
    this.#painter.begin(surface);
    this.#painter.paintAll();
    this.#paintPointer();
  }

  #paintPointer(): void {
    const { shape, at } = this.#replay.pointer;
    const sprite = shape && at ? cursorSprite(shape) : undefined;
    if (!sprite || !shape || !at) return this.#painter.setSprite(undefined);
    this.#painter.setSprite({ image: sprite, x: at.x - shape.hotX, y: at.y - shape.hotY });
  }

  #sightAt(positionMs: number): PlayerState["sight"] {
    if (!this.#replay.surface) return "nothing";
    const isIn = ({ from, until }: Span) => from <= positionMs && positionMs < until;
    if (this.#withheld.some(isIn)) return "withheld";
    return this.#unwatched.some(isIn) ? "unwatched" : "shown";
  }

  #controllerAt(positionMs: number): string | undefined {
    const last = this.#recording.events.findLast(
      ({ at, what }) => at <= positionMs && holderAfter(what) !== undefined,
    );
    return (last && holderAfter(last.what)) || undefined;
  }

  #fail(error: unknown): void {
    clearTimeout(this.#timer);
    const fault = toHandrailError(error);
    this.#set({ status: "failed", fault, isPlaying: false, seeking: undefined });
  }

  #set(change: Partial<PlayerState>): void {
    if (this.#isDisposed) return;
    this.#state = { ...this.#state, ...change };
    this.#reportedAt = performance.now();
    this.#onState(this.#state);
  }
}

/** Who holds mouse and keyboard after an event: a name, "" for nobody, undefined for no change. */
function holderAfter({ event, who, detail }: SessionEvent): string | undefined {
  if (event === "control.taken") return who;
  if (event === "control.handed-over") return String(detail.to ?? "");
  // A recording may begin while somebody holds them already.
  if (event === "recording.started") return String(detail.controller ?? "");
  const isOver = ["control.released", "control.lost", "control.revoked", "session.ended"];
  return isOver.includes(event) ? "" : undefined;
}

function mayGoOnFor(ms: number): () => boolean {
  let until = performance.now() + ms;
  return () => {
    if (performance.now() < until) return true;
    until = performance.now() + ms;
    return false;
  };
}

/** Lets the page draw and hear before the work goes on. */
function pageTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
