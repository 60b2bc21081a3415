/** The pointer's picture, from XFixes' form into straight RGBA. */
import type { CursorShape } from "../../core/host.ts";
import { memoryAt } from "../native.ts";
import { screenExtensions } from "../x11/extensions.ts";
import type { Connection } from "../x11/connection.ts";

/** Offsets in XFixesCursorImage. Source: Xfixes.h, 64-bit. */
const CURSOR = { width: 4, height: 6, hotX: 8, hotY: 10, serial: 16, pixels: 24 };
const CURSOR_BYTES = 48;

/** One channel of a premultiplied pixel made straight. */
function straight(value: number, alpha: number): number {
  return alpha === 0 ? 0 : Math.min(255, Math.round((value * 255) / alpha));
}

/** Pixels are unsigned longs with premultiplied ARGB in the low half. */
function toRgba(words: Uint32Array): Uint8Array {
  const rgba = new Uint8Array((words.length / 2) * 4);
  for (let index = 0; index < words.length / 2; index += 1) {
    const argb = words[index * 2] ?? 0;
    const alpha = argb >>> 24;
    rgba[index * 4] = straight((argb >>> 16) & 255, alpha);
    rgba[index * 4 + 1] = straight((argb >>> 8) & 255, alpha);
    rgba[index * 4 + 2] = straight(argb & 255, alpha);
    rgba[index * 4 + 3] = alpha;
  }
  return rgba;
}

/** The present picture; undefined when the server does not tell. */
export function readCursor(connection: Connection): CursorShape | undefined {
  const image = screenExtensions().fixesGetCursor(connection.display);
  connection.settle();
  if (image === null) return undefined;
  const header = new DataView(memoryAt(image, CURSOR_BYTES));
  const width = header.getUint16(CURSOR.width, true);
  const height = header.getUint16(CURSOR.height, true);
  const pixels = memoryAt(header.getBigUint64(CURSOR.pixels, true), width * height * 8);
  const shape = {
    serial: Number(header.getBigUint64(CURSOR.serial, true)),
    width,
    height,
    hotX: header.getUint16(CURSOR.hotX, true),
    hotY: header.getUint16(CURSOR.hotY, true),
    rgba: toRgba(new Uint32Array(pixels)),
  };
  connection.x.free(image);
  return shape;
}
