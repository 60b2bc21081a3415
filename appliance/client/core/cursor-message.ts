import { surfaceMessage } from "@handrail/protocol";
import type { CursorShape } from "./host.ts";

interface Box {
  readonly left: number;
  readonly top: number;
  /** Exclusive. */
  readonly right: number;
  readonly bottom: number;
}

/**
 * The message that tells a pointer's shape: without the empty margin that most shapes have, since
 * its pixels go uncompressed, and a whole one takes 20 ms on a slow line.
 */
export function cursorMessage(shape: CursorShape): Uint8Array {
  const box = visibleBox(shape);
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const rgba = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row++) {
    const from = ((box.top + row) * shape.width + box.left) * 4;
    rgba.set(shape.rgba.subarray(from, from + width * 4), row * width * 4);
  }
  premultiply(rgba);
  const [hotX, hotY] = [shape.hotX - box.left, shape.hotY - box.top];
  return surfaceMessage.encode({ type: "cursor", width, height, hotX, hotY, rgba });
}

/** The bounds of all pixels that show, and of the hot spot, which has to lie inside. */
function visibleBox({ width, height, hotX, hotY, rgba }: CursorShape): Box {
  if (width === 0 || height === 0) return { left: 0, top: 0, right: width, bottom: height };
  const hot = { x: Math.min(hotX, width - 1), y: Math.min(hotY, height - 1) };
  let [left, top, right, bottom] = [hot.x, hot.y, hot.x + 1, hot.y + 1];
  for (let at = 0; at < width * height; at++) {
    if (rgba[at * 4 + 3] === 0) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  }
  return { left, top, right, bottom };
}

function premultiply(rgba: Uint8Array): void {
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] ?? 0;
    for (const part of [at, at + 1, at + 2]) {
      rgba[part] = Math.round(((rgba[part] ?? 0) * alpha) / 255);
    }
  }
}
