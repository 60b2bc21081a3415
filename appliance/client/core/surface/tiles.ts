import { maxRowBytes, packRow } from "@handrail/protocol";
import type { Rect } from "../host.ts";
import { type Picture, unknownPixel } from "./picture.ts";

/** What got into one piece of bytes, and what did not. */
export interface Packed {
  readonly bytes: Uint8Array;
  readonly rects: Rect[];
  readonly left: Rect[];
}

/** Packs rectangles into one piece of bytes, whose memory is used again by the next packing. */
export class Packer {
  #bytes = new Uint8Array(64 * 1024);
  #row = new Uint32Array(0);
  #length = 0;

  /**
   * The rectangles' pixels one after the other in row-reset QOI; they count as sent. Stops at the
   * row with which `limitBytes` is reached: `rects` are those that got in, the last perhaps cut
   * short, and `left` the rest.
   */
  pack(picture: Picture, rects: readonly Rect[], limitBytes: number): Packed {
    const done: Rect[] = [];
    const left: Rect[] = [];
    this.#length = 0;
    for (const rect of rects) {
      const rows = this.#packRows(picture, rect, limitBytes);
      if (rows > 0) done.push({ ...rect, height: rows });
      if (rows < rect.height) left.push({ ...rect, y: rect.y + rows, height: rect.height - rows });
    }
    return { bytes: this.#bytes.subarray(0, this.#length), rects: done, left };
  }

  /** Answers how many rows got in. */
  #packRows(picture: Picture, rect: Rect, limitBytes: number): number {
    const { current, sent, width: stride } = picture;
    for (let row = 0; row < rect.height; row++) {
      if (this.#length >= limitBytes) return row;
      this.#reserve(maxRowBytes(rect.width));
      const from = (rect.y + row) * stride + rect.x;
      const to = from + rect.width;
      this.#length = packRow(current, { from, to }, this.#bytes, this.#length);
      sent.set(current.subarray(from, to), from);
    }
    return rect.height;
  }

  /**
   * The rectangle at 1/`scale` size (rounded up), edges in few shades so that it is small; its pixels
   * count as unknown to the viewer.
   */
  packPreview(picture: Picture, rect: Rect, scale: number): Uint8Array {
    const width = Math.ceil(rect.width / scale);
    const height = Math.ceil(rect.height / scale);
    this.#length = 0;
    this.#reserve(maxRowBytes(width) * height);
    if (this.#row.length < width) this.#row = new Uint32Array(width);
    for (let row = 0; row < height; row++) {
      this.#shrinkRow(picture, rect, scale, row);
      const range = { from: 0, to: width };
      this.#length = packRow(this.#row, range, this.#bytes, this.#length);
    }
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      const from = y * picture.width + rect.x;
      picture.sent.fill(unknownPixel, from, from + rect.width);
    }
    return this.#bytes.subarray(0, this.#length);
  }

  #shrinkRow(picture: Picture, rect: Rect, scale: number, row: number): void {
    const top = rect.y + row * scale;
    const bottom = Math.min(rect.y + rect.height, top + scale);
    const right = rect.x + rect.width;
    for (let column = 0, left = rect.x; left < right; column++, left += scale) {
      const box = { left, right: Math.min(right, left + scale), top, bottom };
      this.#row[column] = averageOf(picture, box);
    }
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#length + more, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Parts of a colour that differ by less are taken for equal. */
const greyWithin = 12;

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The one colour of a box, exactly, so that what lies behind text has no tint; else an average. */
function averageOf({ current, width }: Picture, box: Box): number {
  const first = current[box.top * width + box.left] ?? 0;
  let isPlain = true;
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = box.top; y < box.bottom; y++) {
    for (let at = y * width + box.left; at < y * width + box.right; at++) {
      const pixel = current[at] ?? 0;
      isPlain &&= pixel === first;
      red += (pixel >> 16) & 255;
      green += (pixel >> 8) & 255;
      blue += pixel & 255;
    }
  }
  if (isPlain) return first;
  const count = (box.right - box.left) * (box.bottom - box.top);
  return shadeOf(red / count, green / count, blue / count);
}

/** In one of 16 shades per part, black and white among them; what is nearly grey becomes grey. */
function shadeOf(red: number, green: number, blue: number): number {
  const isGrey = Math.max(red, green, blue) - Math.min(red, green, blue) < greyWithin;
  if (isGrey) return shade((red + green + blue) / 3) * 0x010101;
  return (shade(red) << 16) | (shade(green) << 8) | shade(blue);
}

function shade(value: number): number {
  return Math.round(value / 17) * 17;
}
