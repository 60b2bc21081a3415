import {
  type ErrorCode,
  type InputMessage,
  inputMessage,
  type SurfaceDisplay,
  type SurfaceRect,
} from "@handrail/protocol";
import {
  type DecodeStatistics,
  type Screenshot,
  type SpecialKey,
  type StreamChannel,
  streamChannels,
  type StreamOffer,
  type Zoom,
} from "../pane/contract.ts";
import { cursorCss, type CursorPicture, CursorShapes } from "./cursor.ts";
import { Engine, type EngineEvent } from "./engine.ts";
import { KeyboardGrab } from "./grab.ts";
import { Hand, type HandListener } from "./hand.ts";
import { type Platform, specialKeySequences } from "./keysym.ts";
import { Layer } from "./layer.ts";
import { Pointer } from "./pointer.ts";
import { partOf, place, type Placement, type Size, toPage, toSurface } from "./viewport.ts";

/** The remote pointer is drawn when it is somewhere else than ours was this long ago. */
const pointerGraceMs = 400;
/** A longer text goes in several messages, each within the bound of the wire in UTF-8. */
const maxTextCharacters = 4096;

/** What a screen tells its owner. */
export interface ScreenListener {
  grabbed(isGrabbed: boolean): void;
  /** A picture begins, or the monitors changed. */
  displays(displays: readonly SurfaceDisplay[], size: Size): void;
  /** Update `seq` is on the canvas; times are of `performance.now()`. */
  painted(update: { seq: number; arrivedAt: number; paintedAt: number }): void;
  statistics(statistics: DecodeStatistics): void;
  /** The stream is gone: offer another. */
  lost(reason: string): void;
  /** The stream cannot be decoded: offer another. */
  failed(fault: { code: ErrorCode; message: string }): void;
  /** Somebody pressed a button on the screen although nothing is sent. */
  pressedIdle(): void;
  /** To be sent to the host by messages. */
  answer(channel: StreamChannel, message: Uint8Array): void;
  /** A surface message that came by messages was dealt with. */
  taken(): void;
}

/**
 * The remote screen as an element of a page: shows the surface stream, sends mouse and keyboard.
 * Knows nothing of editors and sessions. Main file of this room's chain: receiver, decoder, painter
 * and pace run in the engine; viewport, cursor, pointer and keyboard here.
 */
export class Screen {
  /** Fills its parent; scrolls when the picture is larger. */
  readonly element = document.createElement("div");
  /** What lies over the picture. */
  readonly layer = new Layer();
  readonly #frame = document.createElement("div");
  readonly #canvas = document.createElement("canvas");
  readonly #box = document.createElement("textarea");
  readonly #remotePointer = document.createElement("img");
  readonly #listener: ScreenListener;
  readonly #engine: Engine;
  readonly #grab: KeyboardGrab;
  readonly #pointer: Pointer;
  readonly #hand: Hand | undefined;
  readonly #cursors = new CursorShapes();
  readonly #resizes: ResizeObserver;
  readonly #screenshots = new Map<number, (screenshot: Screenshot | undefined) => void>();
  #nextScreenshot = 1;
  #displays: readonly SurfaceDisplay[] = [];
  #surface: Size | undefined;
  #placement: Placement | undefined;
  #zoom: Zoom = "fit";
  #monitor: number | "all" = "all";
  #isControlling = false;
  #cursor: CursorPicture | undefined;
  #hasCursor = false;
  #pointerAt: { x: number; y: number } | undefined;
  #pointerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: {
    listener: ScreenListener;
    platform: Platform;
    /** Whoever points and draws for others. */
    hand?: HandListener;
  }) {
    this.#listener = options.listener;
    this.#build();
    this.#engine = new Engine(this.#canvas, (event) => this.#hear(event));
    this.#grab = new KeyboardGrab(this.#box, this.#grabListener(), options.platform);
    const toSurface = (client: { x: number; y: number }) => this.#toSurface(client);
    this.#hand = options.hand && new Hand(this.#frame, toSurface, options.hand);
    this.#pointer = new Pointer(this.#frame, {
      toSurface,
      send: (message) => this.#send(message),
      isActive: () => this.#isControlling,
      modifiers: (state) => {
        if (this.#grab.isGrabbed) this.#grab.keyboard.synchronise(state);
      },
      pressed: () => this.#pressed(),
    });
    this.#resizes = new ResizeObserver(() => this.#layOut());
    this.#resizes.observe(this.element);
  }

  /** What a screen reader says of the screen, and how to get in and out. */
  describe(label: string, hint: string): void {
    this.#box.setAttribute("aria-label", label);
    this.#box.setAttribute("aria-description", hint);
  }

  open(offer: StreamOffer): void {
    this.#engine.take({ t: "open", offer });
  }

  close(): void {
    this.#grab.release();
    this.#engine.take({ t: "close" });
  }

  /** A surface message of a stream by messages. */
  receive(message: Uint8Array): void {
    this.#engine.take({ t: "surface", message });
  }

  setView({ zoom, monitor }: { zoom: Zoom; monitor: number | "all" }): void {
    this.#zoom = zoom;
    this.#monitor = monitor;
    this.#layOut();
  }

  setVisible(isVisible: boolean): void {
    this.#engine.take({ t: "visible", isVisible });
  }

  /** Whether mouse and keyboard go to the customer's computer. */
  setControlling(isControlling: boolean): void {
    if (isControlling === this.#isControlling) return;
    if (!isControlling) {
      this.#grab.release();
      this.#pointer.reset();
      this.#send({ type: "releaseAll" });
    }
    this.#isControlling = isControlling;
    this.element.dataset.controlling = String(isControlling);
    this.#showCursor();
  }

  /** Whether a pressed button draws. Nothing is sent then: it does not control. */
  setDrawing(isDrawing: boolean): void {
    if (!this.#hand || this.#hand.isDrawing === isDrawing) return;
    this.#hand.isDrawing = isDrawing;
    this.element.dataset.drawing = String(isDrawing);
  }

  /** The part of the surface that is shown; undefined while there is no picture. */
  get shownPart(): SurfaceRect | undefined {
    return this.#placement?.part;
  }

  get isGrabbed(): boolean {
    return this.#grab.isGrabbed;
  }

  grab(): void {
    this.#grab.grab();
  }

  release(): void {
    this.#grab.release();
  }

  focus(): void {
    this.#box.focus();
  }

  /** Presses the keys in order and releases them in reverse. Ignored without control. */
  sendKeys(keys: SpecialKey): void {
    if (!this.#isControlling) return;
    const sequence = specialKeySequences[keys];
    for (const keysym of sequence) this.#send({ type: "key", keysym, down: true });
    for (const keysym of sequence.toReversed()) this.#send({ type: "key", keysym, down: false });
  }

  /** Types the text whatever the keyboard. Ignored without control. */
  sendText(text: string): void {
    if (!this.#isControlling) return;
    const characters = [...text];
    for (let at = 0; at < characters.length; at += maxTextCharacters) {
      const part = characters.slice(at, at + maxTextCharacters).join("");
      this.#send({ type: "text", text: part });
    }
  }

  /** What is shown (all of the surface, or one monitor) at full size, as a PNG file. */
  screenshot(): Promise<Screenshot | undefined> {
    const id = this.#nextScreenshot++;
    return new Promise((resolve) => {
      this.#screenshots.set(id, resolve);
      this.#engine.take({ t: "screenshot", id, part: this.#placement?.part });
    });
  }

  dispose(): void {
    this.#grab.dispose();
    this.#pointer.dispose();
    this.#hand?.dispose();
    this.#resizes.disconnect();
    clearTimeout(this.#pointerTimer);
    this.#engine.take({ t: "close" });
    this.element.remove();
  }

  #build(): void {
    this.element.className = "screen";
    this.#frame.className = "screen-frame";
    this.#canvas.className = "screen-canvas";
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#box.className = "screen-keys";
    for (const name of ["autocapitalize", "autocomplete", "autocorrect", "spellcheck"]) {
      this.#box.setAttribute(name, name === "spellcheck" ? "false" : "off");
    }
    this.#remotePointer.className = "screen-pointer";
    this.#remotePointer.alt = "";
    this.#remotePointer.hidden = true;
    this.#frame.append(this.#canvas, this.#remotePointer, this.layer.element, this.#box);
    this.element.append(this.#frame);
  }

  #grabListener() {
    return {
      key: (keysym: number, down: boolean) => this.#send({ type: "key", keysym, down }),
      text: (text: string) => this.#send({ type: "text", text }),
      mayGrab: () => this.#isControlling,
      grabbed: (isGrabbed: boolean) => {
        this.element.dataset.grabbed = String(isGrabbed);
        this.#listener.grabbed(isGrabbed);
      },
      releaseAll: () => {
        this.#pointer.reset();
        this.#send({ type: "releaseAll" });
      },
    };
  }

  #hear(event: EngineEvent): void {
    switch (event.t) {
      case "epoch":
        this.#surface = { width: event.width, height: event.height };
        return this.#setDisplays(event.displays);
      case "displays":
        return this.#setDisplays(event.displays);
      case "cursor":
        this.#cursor = this.#cursors.picture(event.shape);
        this.#hasCursor = true;
        return this.#showCursor();
      case "pointer":
        this.#pointerAt = { x: event.x, y: event.y };
        return this.#showPointer();
      case "painted":
        return this.#listener.painted(event);
      case "statistics":
        return this.#listener.statistics(event.statistics);
      case "taken":
        return this.#listener.taken();
      case "answer":
        return this.#listener.answer(event.channel, event.message);
      case "lost":
        return this.#listener.lost(event.reason);
      case "failed":
        return this.#listener.failed(event);
      case "screenshot":
        this.#screenshots.get(event.id)?.(event.screenshot);
        this.#screenshots.delete(event.id);
    }
  }

  #setDisplays(displays: readonly SurfaceDisplay[]): void {
    this.#displays = displays;
    this.#layOut();
    if (this.#surface) this.#listener.displays(displays, this.#surface);
  }

  #layOut(): void {
    if (!this.#surface) return;
    const pane = { width: this.element.clientWidth, height: this.element.clientHeight };
    if (pane.width === 0 || pane.height === 0) return;
    const part = partOf(this.#surface, this.#displays, this.#monitor);
    const placement = place(part, pane, { zoom: this.#zoom, devicePixelRatio });
    this.#placement = placement;
    this.layer.place(placement);
    this.element.dataset.zoom = this.#zoom;
    const { scale } = placement;
    setSize(this.#frame, placement.shown);
    setSize(this.#canvas, {
      width: this.#surface.width * scale,
      height: this.#surface.height * scale,
    });
    this.#canvas.style.left = `${-part.x * scale}px`;
    this.#canvas.style.top = `${-part.y * scale}px`;
    const isExact = Number.isInteger(scale * devicePixelRatio);
    this.#canvas.style.imageRendering = isExact ? "pixelated" : "auto";
    this.#showPointer();
  }

  #toSurface(client: { x: number; y: number }): { x: number; y: number } | undefined {
    if (!this.#placement) return undefined;
    const { left, top } = this.#frame.getBoundingClientRect();
    return toSurface(this.#placement, { x: client.x - left, y: client.y - top });
  }

  #pressed(): void {
    if (!this.#isControlling) {
      this.#box.focus({ preventScroll: true });
      this.#listener.pressedIdle();
      return;
    }
    // The box must have the focus when the click is over, or the frame would take it away again.
    this.#grab.grab();
    this.#box.focus({ preventScroll: true });
  }

  #showCursor(): void {
    const isOurs = this.#isControlling && this.#hasCursor;
    this.#frame.style.cursor = isOurs ? cursorCss(this.#cursor) : "default";
    this.#showPointer();
  }

  /** Draws the remote pointer where somebody else moves it, or where we only watch. */
  #showPointer(): void {
    clearTimeout(this.#pointerTimer);
    const at = this.#pointerAt;
    if (!at || !this.#placement || !this.#cursor) {
      this.#remotePointer.hidden = true;
      return;
    }
    const sent = this.#isControlling ? this.#pointer.lastSent : undefined;
    const sinceMs = sent ? performance.now() - sent.at : Infinity;
    if (sinceMs < pointerGraceMs) {
      this.#pointerTimer = setTimeout(() => this.#showPointer(), pointerGraceMs - sinceMs);
    }
    const isWithUs =
      sent !== undefined && Math.hypot(sent.point.x - at.x, sent.point.y - at.y) <= 2;
    this.#remotePointer.hidden = isWithUs || sinceMs < pointerGraceMs;
    if (this.#remotePointer.src !== this.#cursor.url) this.#remotePointer.src = this.#cursor.url;
    const { x, y } = toPage(this.#placement, at);
    const { hotX, hotY } = this.#cursor;
    this.#remotePointer.style.transform = `translate(${x - hotX}px, ${y - hotY}px)`;
  }

  #send(message: InputMessage): void {
    const bytes = inputMessage.encode(message);
    this.#engine.take({ t: "send", channel: streamChannels.input, message: bytes });
  }
}

function setSize(element: HTMLElement, { width, height }: Size): void {
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}
