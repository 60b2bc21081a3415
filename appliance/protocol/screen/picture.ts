import { HandrailError } from "../error.ts";
import { enlarge } from "./enlarge.ts";
import { maxRowBytes, unpackRow } from "./qoi.ts";
import {
  maxSide,
  maxSurfacePixels,
  type SurfaceCopy,
  type SurfaceMessage,
  type SurfaceRect,
} from "./surface.ts";

type Message<T extends SurfaceMessage["type"]> = Extract<SurfaceMessage, { type: T }>;

/** Rows of pixels from the top. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

/** The picture of one epoch. `pixels` are 0xAABBGGRR in rows from the top, always opaque. */
export interface Surface extends Raster {
  readonly epoch: number;
  readonly pixels: Uint32Array<ArrayBuffer>;
}

const black = 0xff000000;
/** Rectangles of one update may overlap, but a picture is never sent more than twice at once. */
const maxCoverage = 2;

/**
 * Keeps the picture of a surface stream; unpacking zstd is its caller's part. Everything that
 * arrives is checked against the picture's bounds before a pixel changes hands; after an exception
 * the epoch cannot be continued.
 * Every method throws HandrailError `protocol-violation` for a message that does not fit.
 */
export class SurfacePicture {
  #surface: Surface | undefined;
  #lastSeq = 0;

  /** The picture so far; undefined before the first epoch. */
  get surface(): Surface | undefined {
    return this.#surface;
  }

  /** The sequence number of the latest message; 0 before the epoch's first. */
  get lastSeq(): number {
    return this.#lastSeq;
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
    this.#lastSeq = 0;
    this.#surface = { epoch, width, height, pixels };
    return this.#surface;
  }

  /** Takes the message's turn in the sequence; most bytes that its `packed` may unpack to. */
  admit(message: Message<"update"> | Message<"preview">): number {
    const surface = this.#advance(message.seq);
    if (message.type === "preview") {
      checkInside(surface, message.rect);
      const { width, height } = coarseSize(message);
      return maxRowBytes(width) * height;
    }
    let area = 0;
    for (const rect of message.rects) {
      checkInside(surface, rect);
      area += rect.width * rect.height;
    }
    if (area > surface.width * surface.height * maxCoverage) throw violation("too many pixels");
    return maxRowBytes(area);
  }

  /** Copies, then rectangles from the unpacked bytes; returns what changed, in that order. */
  update({ copies, rects }: Message<"update">, unpacked: Uint8Array): SurfaceRect[] {
    const surface = this.#begun();
    for (const copy of copies) copyPixels(surface, copy);
    let at = 0;
    for (const rect of rects) at = unpackRect(unpacked, at, surface, rect);
    if (at !== unpacked.length) throw violation("bytes after the last pixel");
    return [...copies.map((copy) => copy.rect), ...rects];
  }

  /** A coarse rectangle, enlarged in place. */
  preview(message: Message<"preview">, unpacked: Uint8Array): SurfaceRect[] {
    const { rect, scale } = message;
    const small = coarseSize(message);
    const coarse = { ...small, pixels: new Uint32Array(small.width * small.height) };
    const end = unpackRect(unpacked, 0, coarse, { x: 0, y: 0, ...small });
    if (end !== unpacked.length) throw violation("bytes after the last pixel");
    enlarge(coarse, this.#begun(), { rect, scale });
    return [rect];
  }

  #advance(seq: number): Surface {
    const surface = this.#begun();
    if (seq <= this.#lastSeq) throw violation(`update ${seq} after ${this.#lastSeq}`);
    this.#lastSeq = seq;
    return surface;
  }

  #begun(): Surface {
    if (!this.#surface) throw violation("pixels before an epoch");
    return this.#surface;
  }
}

function coarseSize({ rect, scale }: Message<"preview">): { width: number; height: number } {
  if (scale === 0) throw violation("a preview of scale 0");
  return { width: Math.ceil(rect.width / scale), height: Math.ceil(rect.height / scale) };
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
