import type { Rect } from "../host.ts";
import { type Picture, tileSize } from "./picture.ts";

/** Whether any pixel of the rectangle differs from what was sent. */
export function isChanged({ current, sent, width }: Picture, rect: Rect): boolean {
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    const end = y * width + rect.x + rect.width;
    for (let at = end - rect.width; at < end; at++) if (current[at] !== sent[at]) return true;
  }
  return false;
}

/**
 * What the rectangle costs to send before compression, roughly, in bytes: a pixel that is like its
 * left neighbour costs nothing, any other about two bytes, a row one.
 */
export function predictedBytes({ current, width }: Picture, rect: Rect): number {
  let transitions = 0;
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    const start = y * width + rect.x;
    let last = current[start];
    for (let at = start + 1; at < start + rect.width; at++) {
      const pixel = current[at];
      if (pixel !== last) transitions++;
      last = pixel;
    }
  }
  return rect.height + transitions * 2;
}

/**
 * The chosen tiles as few rectangles: runs side by side, then equal runs one below the other.
 * `isChosen` holds one number per tile, not 0 for the chosen ones.
 */
export function mergeTiles(picture: Picture, isChosen: Uint8Array): Rect[] {
  const rects: Rect[] = [];
  let above: Rect[] = [];
  for (let row = 0; row < picture.rows; row++) {
    const runs: Rect[] = [];
    for (const run of runsOfRow(picture, isChosen, row)) {
      const upper = above.find((r) => r.x === run.x && r.width === run.width);
      if (upper) upper.height += run.height;
      else rects.push(run);
      runs.push(upper ?? run);
    }
    above = runs;
  }
  return rects;
}

function runsOfRow(picture: Picture, isChosen: Uint8Array, row: number): Rect[] {
  const runs: Rect[] = [];
  const y = row * tileSize;
  const height = Math.min(tileSize, picture.height - y);
  const first = row * picture.columns;
  for (let column = 0; column < picture.columns; column++) {
    if (!isChosen[first + column]) continue;
    const start = column;
    while (column < picture.columns && isChosen[first + column]) column++;
    const x = start * tileSize;
    runs.push({ x, y, width: Math.min(picture.width, column * tileSize) - x, height });
  }
  return runs;
}

/** The rectangle without its unchanged rows and columns at the edges; undefined when all are. */
export function tighten(picture: Picture, rect: Rect): Rect | undefined {
  const { x, width } = rect;
  let top = rect.y;
  let bottom = rect.y + rect.height;
  while (top < bottom && !isChanged(picture, { x, y: top, width, height: 1 })) top++;
  if (top === bottom) return undefined;
  while (!isChanged(picture, { x, y: bottom - 1, width, height: 1 })) bottom--;
  const height = bottom - top;
  let left = x;
  let right = x + width;
  while (!isChanged(picture, { x: left, y: top, width: 1, height })) left++;
  while (!isChanged(picture, { x: right - 1, y: top, width: 1, height })) right--;
  return { x: left, y: top, width: right - left, height };
}
