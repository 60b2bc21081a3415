import { HandrailError } from "../error.ts";

/**
 * Row-reset QOI: the RGB operations of the QOI image format (qoiformat.org), with the state (last
 * pixel, palette of 64, run) put back at the start of every row. Equal rows so become equal bytes,
 * which the zstd stream behind it finds again anywhere in its window.
 *
 * Operations: `00iiiiii` palette; `01rrggbb` small difference (-2..1 each); `10gggggg rrrrbbbb`
 * larger difference; `11nnnnnn` run of n+1 (1..62); `11111110 r g b` literal.
 * Hash of the palette: (r·3 + g·5 + b·7 + 53) mod 64; palette and last pixel start as black.
 */
const opDiff = 0x40;
const opLuma = 0x80;
const opRun = 0xc0;
const opRgb = 0xfe;
const maxRun = 62;

/** Most bytes that a row of `width` pixels packs to. */
export function maxRowBytes(width: number): number {
  return width * 4;
}

const palette = new Uint32Array(64);

/**
 * Packs one row of 0x__RRGGBB pixels (`from` inclusive, `to` exclusive) into `out` at `at`;
 * `out` must have `maxRowBytes` room. Returns the position after what was written.
 */
export function packRow(
  pixels: Uint32Array,
  range: { from: number; to: number },
  out: Uint8Array,
  at: number,
): number {
  palette.fill(0);
  let last = 0;
  let run = 0;
  let k = at;
  for (let i = range.from; i < range.to; i++) {
    const pixel = (pixels[i] ?? 0) & 0xffffff;
    if (pixel === last) {
      if (++run === maxRun) {
        out[k++] = opRun | (run - 1);
        run = 0;
      }
      continue;
    }
    if (run > 0) {
      out[k++] = opRun | (run - 1);
      run = 0;
    }
    k = packPixel(pixel, last, out, k);
    last = pixel;
  }
  if (run > 0) out[k++] = opRun | (run - 1);
  return k;
}

function packPixel(pixel: number, last: number, out: Uint8Array, at: number): number {
  let k = at;
  const r = pixel >> 16;
  const g = (pixel >> 8) & 255;
  const b = pixel & 255;
  const slot = (r * 3 + g * 5 + b * 7 + 53) & 63;
  if (palette[slot] === pixel) {
    out[k++] = slot;
    return k;
  }
  palette[slot] = pixel;
  // Differences wrap modulo 256; shifting twice brings them to -128..127.
  const dr = ((r - (last >> 16)) << 24) >> 24;
  const dg = ((g - ((last >> 8) & 255)) << 24) >> 24;
  const db = ((b - (last & 255)) << 24) >> 24;
  const redOverGreen = dr - dg;
  const blueOverGreen = db - dg;
  if (isSmall(dr) && isSmall(dg) && isSmall(db)) {
    out[k++] = opDiff | ((dr + 2) << 4) | ((dg + 2) << 2) | (db + 2);
  } else if (dg >= -32 && dg < 32 && isNibble(redOverGreen) && isNibble(blueOverGreen)) {
    out[k++] = opLuma | (dg + 32);
    out[k++] = ((redOverGreen + 8) << 4) | (blueOverGreen + 8);
  } else {
    out[k++] = opRgb;
    out[k++] = r;
    out[k++] = g;
    out[k++] = b;
  }
  return k;
}

function isSmall(difference: number): boolean {
  return difference >= -2 && difference < 2;
}

function isNibble(difference: number): boolean {
  return difference >= -8 && difference < 8;
}

const opaque = 0xff000000;

/**
 * Unpacks one row into `out` (`from` inclusive, `to` exclusive) as 0xAABBGGRR words with full
 * alpha, the byte order of canvas pixels on little-endian machines. Returns the position in
 * `packed` after the row. @throws HandrailError `protocol-violation` when the row is ill-formed.
 */
export function unpackRow(
  packed: Uint8Array,
  at: number,
  out: Uint32Array,
  range: { from: number; to: number },
): number {
  palette.fill(opaque);
  let pixel = opaque;
  let r = 0;
  let g = 0;
  let b = 0;
  let k = at;
  let o = range.from;
  while (o < range.to) {
    const op = packed[k++];
    if (op === undefined) throw new HandrailError("protocol-violation", "row cut short");
    if (op >= opRun && op !== opRgb) {
      const end = o + (op & 63) + 1;
      if (op > opRgb || end > range.to)
        throw new HandrailError("protocol-violation", "run too long");
      out.fill(pixel, o, end);
      o = end;
      continue;
    }
    if (op < opDiff) {
      pixel = palette[op] ?? opaque;
      r = pixel & 255;
      g = (pixel >> 8) & 255;
      b = (pixel >> 16) & 255;
      out[o++] = pixel;
      continue;
    }
    if (op === opRgb) {
      if (k + 3 > packed.length) throw new HandrailError("protocol-violation", "row cut short");
      r = packed[k++] ?? 0;
      g = packed[k++] ?? 0;
      b = packed[k++] ?? 0;
    } else if (op < opLuma) {
      r = (r + ((op >> 4) & 3) - 2) & 255;
      g = (g + ((op >> 2) & 3) - 2) & 255;
      b = (b + (op & 3) - 2) & 255;
    } else {
      const both = packed[k++];
      if (both === undefined) throw new HandrailError("protocol-violation", "row cut short");
      const dg = (op & 63) - 32;
      r = (r + dg + (both >> 4) - 8) & 255;
      g = (g + dg) & 255;
      b = (b + dg + (both & 15) - 8) & 255;
    }
    pixel = (opaque | (b << 16) | (g << 8) | r) >>> 0;
    palette[(r * 3 + g * 5 + b * 7 + 53) & 63] = pixel;
    out[o++] = pixel;
  }
  return k;
}
