/**
 * What is drawn over everything else on an X screen: windows that no window manager touches, whose
 * form is the stroke itself and which let every click through to what lies below. They need no
 * compositor, are part of the picture that is captured, and go with the connection at the latest.
 */
import { participantColours } from "@handrail/protocol";
import type { Canvas } from "../../core/draw/sketch.ts";
import { type Line, type Span, spansOf } from "../../core/draw/rows.ts";
import { addressOf } from "../native.ts";
import { Connection } from "../x11/connection.ts";
import { labelPicture } from "./label.ts";
import { type OverlayCalls, overlayCalls } from "./x11.ts";

/** Offsets in XSetWindowAttributes, 64-bit. Source: Xlib.h. */
const attribute = { backgroundPixmap: 0, backgroundPixel: 8, saveUnder: 64, override: 88 };
const attributesBytes = 112;
/** CWBackPixmap, CWBackPixel, CWOverrideRedirect, CWSaveUnder. */
const mask = { backgroundPixmap: 1, backgroundPixel: 2, override: 1 << 9, saveUnder: 1 << 10 };
const inputOutput = 1;
const zPixmap = 2;
const kinds = { bounding: 0, input: 2 } as const;
const operations = { set: 0, union: 1 } as const;
const unsorted = 0;
/** Rectangles of one request: of 8 bytes, and every server takes 256 KB. */
const maxRectangles = 16_000;
/** A line is so wide, pixels, or this part of the smaller side of the screen. */
const leastLinePixels = 5;
const linesAcross = 180;
/** The light edge around each line, pixels. */
const edgePixels = 2;
const edgeColour = 0xffffff;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A window of one colour in the form of what was drawn. */
class ShapedWindow implements Disposable {
  readonly #calls: OverlayCalls = overlayCalls();
  readonly #connection: Connection;
  readonly #window: number;

  constructor(connection: Connection, size: Size, colour: number) {
    this.#connection = connection;
    const attributes = Buffer.alloc(attributesBytes);
    attributes.writeBigUInt64LE(BigInt(colour), attribute.backgroundPixel);
    this.#window = openWindow(connection, size, attributes, mask.backgroundPixel);
    this.shape([], "set");
    this.raise();
  }

  /** Its form, or what is added to it. */
  shape(spans: readonly Span[], operation: keyof typeof operations): void {
    let next: keyof typeof operations = operation;
    let at = 0;
    do {
      const part = spans.slice(at, at + maxRectangles);
      this.#combine(part, next);
      next = "union";
      at += maxRectangles;
    } while (at < spans.length);
  }

  raise(): void {
    this.#calls.mapRaised(this.#connection.display, this.#window);
  }

  setColour(colour: number): void {
    this.#calls.setBackground(this.#connection.display, this.#window, colour);
    this.#calls.clearWindow(this.#connection.display, this.#window);
  }

  [Symbol.dispose](): void {
    this.#calls.destroyWindow(this.#connection.display, this.#window);
  }

  #combine(spans: readonly Span[], operation: keyof typeof operations): void {
    const rectangles = new Int16Array(Math.max(1, spans.length) * 4);
    spans.forEach(({ x, y, width }, i) => rectangles.set([x, y, width, 1], i * 4));
    const bytes = new Uint8Array(rectangles.buffer);
    const rest = [bytes, spans.length, operations[operation], unsorted] as const;
    this.#calls.shapeRectangles(
      this.#connection.display,
      this.#window,
      ...[kinds.bounding, 0, 0, ...rest],
    );
  }
}

/** The name of who draws, in a box of their colour. */
class Label implements Disposable {
  readonly #calls: OverlayCalls = overlayCalls();
  readonly #connection: Connection;
  readonly #screen: Size;
  readonly #size: Size;
  readonly #window: number;
  readonly #pixmap: number;

  constructor(connection: Connection, screen: Size, name: { text: string; colour: string }) {
    this.#connection = connection;
    this.#screen = screen;
    const fontPixels = Math.round(lineWidthOf(screen) * 2.8);
    const picture = labelPicture(name.text, name.colour, fontPixels);
    this.#size = picture;
    this.#pixmap = this.#upload(picture);
    const attributes = Buffer.alloc(attributesBytes);
    attributes.writeBigUInt64LE(BigInt(this.#pixmap), attribute.backgroundPixmap);
    this.#window = openWindow(connection, picture, attributes, mask.backgroundPixmap);
  }

  /** Shows it beside a point, on the screen. */
  show({ x, y }: { x: number; y: number }): void {
    const { display } = this.#connection;
    const gap = 2 * lineWidthOf(this.#screen);
    const { width, height } = this.#size;
    const left = Math.max(0, Math.min(x + gap, this.#screen.width - width));
    const top = y - gap - height < 0 ? y + gap : y - gap - height;
    this.#calls.moveWindow(display, this.#window, Math.round(left), Math.round(top));
    this.#calls.mapRaised(display, this.#window);
  }

  [Symbol.dispose](): void {
    this.#calls.destroyWindow(this.#connection.display, this.#window);
    this.#calls.freePixmap(this.#connection.display, this.#pixmap);
  }

  #upload({ width, height, pixels }: Size & { pixels: Uint8Array }): number {
    const { display, root, screen, x } = this.#connection;
    const depth = x.defaultDepth(display, screen);
    const pixmap = this.#calls.createPixmap(display, root, width, height, depth);
    const visual = x.defaultVisual(display, screen);
    const rest = [0, addressOf(pixels), width, height, 32, width * 4] as const;
    const image = this.#calls.createImage(display, visual, depth, zPixmap, ...rest);
    if (image === null) return pixmap;
    const context = this.#calls.createContext(display, pixmap, 0, null);
    this.#calls.putImage(display, pixmap, context, image, 0, 0, 0, 0, width, height);
    this.#calls.freeContext(display, context);
    // Not XDestroyImage: that would free the pixels as well, which are not Xlib's.
    x.free(image);
    return pixmap;
  }
}

/** What one representative draws on this screen; windows are there only while something is. */
class OverlayCanvas implements Canvas, Disposable {
  readonly #connection: Connection;
  readonly #by: string;
  #screen: Size;
  #windows:
    | { edge: ShapedWindow; line: ShapedWindow; label: Label | undefined; colour: number }
    | undefined;

  constructor(connection: Connection, by: string) {
    this.#connection = connection;
    this.#by = by;
    this.#screen = sizeOf(connection);
  }

  get lineWidth(): number {
    return lineWidthOf(this.#screen);
  }

  sign(at: { x: number; y: number }, colour: number): void {
    if (this.#windows && this.#windows.colour !== colour) this.#recolour(colour);
    const { edge, line } = (this.#windows ??= this.#open(colour));
    // Whatever has come to lie over it since.
    edge.raise();
    line.raise();
    // The stroke first: where no fonts were looked up before, the first name takes seconds.
    setImmediate(() => this.#name(at));
  }

  add(lines: readonly Line[]): void {
    this.#shape(lines, "union");
  }

  replace(lines: readonly Line[]): void {
    if (lines.length > 0) return this.#shape(lines, "set");
    this[Symbol.dispose]();
    this.#connection.flush();
  }

  [Symbol.dispose](): void {
    for (const window of this.#all()) window[Symbol.dispose]();
    this.#windows = undefined;
  }

  #shape(lines: readonly Line[], operation: keyof typeof operations): void {
    if (!this.#windows) return;
    const radius = this.lineWidth / 2;
    const spans = (more: number) =>
      lines.flatMap((line) => spansOf(line, radius + more, this.#screen));
    this.#windows.edge.shape(spans(edgePixels), operation);
    this.#windows.line.shape(spans(0), operation);
    this.#connection.flush();
  }

  #open(colour: number) {
    // Monitors may have come or gone since the last time.
    this.#screen = sizeOf(this.#connection);
    const edge = new ShapedWindow(this.#connection, this.#screen, edgeColour);
    const line = new ShapedWindow(this.#connection, this.#screen, pixelOf(colour));
    return { edge, line, label: undefined, colour };
  }

  #recolour(colour: number): void {
    if (!this.#windows) return;
    this.#windows.line.setColour(pixelOf(colour));
    this.#windows.label?.[Symbol.dispose]();
    this.#windows = { ...this.#windows, colour, label: undefined };
  }

  #name(at: { x: number; y: number }): void {
    const windows = this.#windows;
    if (!windows || this.#connection.isLost) return;
    const colour = participantColours[windows.colour] ?? participantColours[0];
    windows.label ??= new Label(this.#connection, this.#screen, { text: this.#by, colour });
    windows.label.show(at);
    this.#connection.flush();
  }

  #all(): Disposable[] {
    if (!this.#windows) return [];
    const { edge, line, label } = this.#windows;
    return label ? [label, line, edge] : [line, edge];
  }
}

/** A screen to draw over. */
export interface Overlay extends Disposable {
  /** For one representative, of that name. */
  open(by: string): Canvas & Disposable;
  /** Waits until the screen shows whatever was drawn. */
  settle(): void;
}

/**
 * Opens a screen to draw over; `lost`: the display is gone, and with it all that was shown.
 * Throws MissingLibraryError, or when there is no such display or it knows no shapes.
 */
export function openOverlay(options: {
  display?: string | undefined;
  lost?: ((reason: string) => void) | undefined;
}): Overlay {
  const connection = new Connection({ display: options.display });
  if (overlayCalls().shapeQuery(connection.display, [0], [0]) === 0) {
    connection[Symbol.dispose]();
    throw new Error("the display has no SHAPE extension");
  }
  if (options.lost) connection.onLost(options.lost);
  return {
    open: (by) => new OverlayCanvas(connection, by),
    settle: () => {
      if (!connection.isLost) connection.x.sync(connection.display, 0);
      connection.settle();
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

/** A window over all others, not yet shown, that no click ever hits. */
function openWindow(
  connection: Connection,
  { width, height }: Size,
  attributes: Buffer,
  more: number,
): number {
  const calls = overlayCalls();
  const { display, root } = connection;
  attributes.writeInt32LE(1, attribute.saveUnder);
  attributes.writeInt32LE(1, attribute.override);
  const valued = more | mask.override | mask.saveUnder;
  const window = calls.createWindow(
    display,
    root,
    ...[0, 0, width, height, 0, 0, inputOutput, null, valued, attributes],
  );
  const nothing = [new Uint8Array(8), 0, operations.set, unsorted] as const;
  calls.shapeRectangles(display, window, kinds.input, 0, 0, ...nothing);
  return window;
}

function sizeOf({ x, display, root }: Connection): Size {
  const [width, height] = [[0], [0]];
  x.getGeometry(display, root, [0], [0], [0], width, height, [0], [0]);
  return { width: width[0] ?? 0, height: height[0] ?? 0 };
}

function lineWidthOf({ width, height }: Size): number {
  return Math.max(leastLinePixels, Math.min(width, height) / linesAcross);
}

/** The colour as a screen of 24 bits has it. */
function pixelOf(colour: number): number {
  return Number.parseInt((participantColours[colour] ?? participantColours[0]).slice(1), 16);
}
