import {
  HandrailError,
  maxRowBytes,
  maxSide,
  maxSurfacePixels,
  type SurfaceCopy,
  type SurfaceMessage,
  type SurfaceRect,
  unpackRow,
} from "@handrail/protocol";
import { enlarge } from "./enlarge.ts";
import { Inflater } from "./inflate.ts";

type Message<T extends SurfaceMessage["type"]> = Extract<SurfaceMessage, { type: T }>;

/** The picture of one epoch. `pixels` are 0xAABBGGRR in rows from the top, always opaque. */
export interface Surface {
  readonly epoch: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array<ArrayBuffer>;
}

const black = 0xff000000;
/** Rectangles of one update may overlap, but a picture is never sent more than twice at once. */
const maxCoverage = 2;

/**
 * Keeps the picture of a surface stream. Everything that arrives is checked against the picture's
 * bounds before a pixel changes hands; after an exception the epoch cannot be continued.
 * Every method throws HandrailError `protocol-violation` for a message that does not fit.
 */
export class Decoder {
  #surface: Surface | undefined;
  #inflater = new Inflater();
  #lastSeq = 0;

  /** The picture so far; undefined before the first epoch. */
  get surface(): Surface | undefined {
    return this.#surface;
  }

  /** A new, black picture. */
  begin({ epoch, width, height }: Message<"epoch">): Surface {
    const isTooLarge = Math.max(width, height) > maxSide || width * height > maxSurfacePixels;
    if (width === 0 || height === 0 || isTooLarge) {
      throw violation(`a surface of ${width} × ${height}`);
    }
    const before = this.#surface;
    const isSameSize = before?.width === width && before.height === height;
    const pixels = isSameSize ? before.pixels : new Uint32Array(width * height);
    pixels.fill(black);
    this.#inflater = new Inflater();
    this.#lastSeq = 0;
    this.#surface = { epoch, width, height, pixels };
    return this.#surface;
  }

  /** Copies, then rectangles; returns what changed, in that order. */
  update(message: Message<"update">): SurfaceRect[] {
    const surface = this.#advance(message.seq);
    for (const copy of message.copies) copyPixels(surface, copy);
    this.#unpack(surface, message.rects, message.packed);
    return [...message.copies.map((copy) => copy.rect), ...message.rects];
  }

  /** A coarse rectangle, enlarged in place. */
  preview(message: Message<"preview">): SurfaceRect[] {
    const surface = this.#advance(message.seq);
    const { rect, scale } = message;
    checkInside(surface, rect);
    if (scale === 0) throw violation("a preview of scale 0");
    const small = { width: Math.ceil(rect.width / scale), height: Math.ceil(rect.height / scale) };
    const coarse = new Uint32Array(small.width * small.height);
    const target = { ...small, pixels: coarse };
    const packed = this.#inflater.inflate(message.packed, coarse.length * maxRowBytes(1));
    const end = unpackRect(packed, 0, target, { x: 0, y: 0, ...small });
    if (end !== packed.length) throw violation("bytes after the last pixel");
    enlarge(target, surface, { rect, scale });
    return [rect];
  }

  #advance(seq: number): Surface {
    if (!this.#surface) throw violation("pixels before an epoch");
    if (seq <= this.#lastSeq) throw violation(`update ${seq} after ${this.#lastSeq}`);
    this.#lastSeq = seq;
    return this.#surface;
  }

  #unpack(surface: Surface, rects: readonly SurfaceRect[], bytes: Uint8Array): void {
    let area = 0;
    for (const rect of rects) {
      checkInside(surface, rect);
      area += rect.width * rect.height;
    }
    if (area > surface.width * surface.height * maxCoverage) throw violation("too many pixels");
    const packed = this.#inflater.inflate(bytes, maxRowBytes(area));
    let at = 0;
    for (const rect of rects) at = unpackRect(packed, at, surface, rect);
    if (at !== packed.length) throw violation("bytes after the last pixel");
  }
}

/** Rows of pixels from the top. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

function unpackRect(packed: Uint8Array, from: number, target: Raster, rect: SurfaceRect): number {
  let at = from;
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    const start = y * target.width + rect.x;
    at = unpackRow(packed, at, target.pixels, { from: start, to: start + rect.width });
  }
  return at;
}

function copyPixels(surface: Surface, { rect, dx, dy }: SurfaceCopy): void {
  checkInside(surface, rect);
  checkInside(surface, { ...rect, x: rect.x + dx, y: rect.y + dy });
  const { pixels, width } = surface;
  const moveRow = (y: number) => {
    const source = (y + dy) * width + rect.x + dx;
    pixels.copyWithin(y * width + rect.x, source, source + rect.width);
  };
  // All reads before any write: rows are walked so that none is overwritten before it is read.
  if (dy >= 0) for (let y = rect.y; y < rect.y + rect.height; y++) moveRow(y);
  else for (let y = rect.y + rect.height - 1; y >= rect.y; y--) moveRow(y);
}

function checkInside(surface: Raster, { x, y, width, height }: SurfaceRect): void {
  const isInside = x >= 0 && y >= 0 && x + width <= surface.width && y + height <= surface.height;
  if (!isInside || width === 0 || height === 0) {
    throw violation(`rectangle ${x},${y} ${width} × ${height} outside the surface`);
  }
}

function violation(message: string): HandrailError {
  return new HandrailError("protocol-violation", message);
}
