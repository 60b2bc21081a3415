import type { CursorShape } from "./engine.ts";

/** Browsers ignore larger cursors. */
const maxCursorSide = 128;
const maxKept = 32;

/** One shape made ready for a page. */
export interface CursorPicture {
  /** A PNG as a data address. */
  readonly url: string;
  readonly hotX: number;
  readonly hotY: number;
}

/**
 * Turns the pointer's shapes into cursors of the page, which the display moves without us: no
 * delay at all. Shapes come back again and again, so the last 32 are kept.
 */
export class CursorShapes {
  readonly #kept = new Map<string, CursorPicture>();

  /** The shape as a picture; undefined for the hidden pointer or an ill-formed shape. */
  picture(shape: CursorShape): CursorPicture | undefined {
    const { width, height, hotX, hotY, rgba } = shape;
    const name = `${width}×${height}@${hotX},${hotY}:${hash(rgba)}`;
    const known = this.#kept.get(name);
    this.#kept.delete(name);
    const picture = known ?? draw(shape);
    if (!picture) return undefined;
    this.#kept.set(name, picture);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
    return picture;
  }
}

/** The value of the CSS property `cursor` for a picture. */
export function cursorCss(picture: CursorPicture | undefined): string {
  return picture ? `url("${picture.url}") ${picture.hotX} ${picture.hotY}, default` : "none";
}

/** The shape as something to draw; undefined for the hidden pointer or an ill-formed shape. */
export function cursorSprite({ width, height, rgba }: CursorShape): HTMLCanvasElement | undefined {
  if (width === 0 || height === 0 || rgba.length !== width * height * 4) return undefined;
  const sheet = document.createElement("canvas");
  sheet.width = width;
  sheet.height = height;
  const image = new ImageData(straight(rgba), width, height);
  sheet.getContext("2d")?.putImageData(image, 0, 0);
  return sheet;
}

function draw(shape: CursorShape): CursorPicture | undefined {
  const { width, height, hotX, hotY } = shape;
  const sheet = cursorSprite(shape);
  if (!sheet) return undefined;
  const scale = Math.min(1, maxCursorSide / Math.max(width, height));
  if (scale === 1) return { url: sheet.toDataURL(), hotX, hotY };
  const small = document.createElement("canvas");
  small.width = Math.floor(width * scale);
  small.height = Math.floor(height * scale);
  small.getContext("2d")?.drawImage(sheet, 0, 0, small.width, small.height);
  const url = small.toDataURL();
  return { url, hotX: Math.floor(hotX * scale), hotY: Math.floor(hotY * scale) };
}

/** Canvas pixels carry colours not yet multiplied by their opacity. */
function straight(premultiplied: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(premultiplied);
  for (let i = 0; i < out.length; i += 4) {
    const alpha = out[i + 3] ?? 0;
    if (alpha === 0 || alpha === 255) continue;
    for (let c = i; c < i + 3; c++) out[c] = ((out[c] ?? 0) * 255) / alpha;
  }
  return out;
}

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}
