import type { SurfaceCopy } from "@handrail/protocol";
import type { Rect } from "../host.ts";
import type { Picture } from "./picture.ts";

/**
 * Finds content that only moved: hashes of rows (or of columns) of the sent picture vote for the
 * distance at which they are found again in the current one.
 */
const minSide = 48;
/** Narrow enough that what was sent at different times rarely meets in one. */
const stripPixels = 128;
/** Every third pixel of a row counts: enough to tell rows of text apart. */
const step = 3;
const minVotes = 8;
const minVoteShare = 0.25;
/** A row found in more places than this (a ruled line) says nothing. */
const maxPlaces = 4;
const bucketCount = 2048;
/** So clear a result needs no further strips. */
const clearVotes = 64;
const clearShare = 0.5;
/** Edges of what moves are found to this many pixels: finer than rows are looked at is no use. */
const bandPixels = step;

type Direction = "rows" | "columns";

/**
 * A copy that explains much of what changed inside the rectangle, or undefined. Looks for vertical
 * movement first, then for horizontal.
 */
export function findScroll(picture: Picture, rect: Rect): SurfaceCopy | undefined {
  if (rect.width < minSide || rect.height < minSide) return undefined;
  return along(picture, rect, "rows") ?? along(picture, rect, "columns");
}

function along(picture: Picture, rect: Rect, direction: Direction): SurfaceCopy | undefined {
  const distance = vote(picture, rect, direction);
  if (distance === 0) return undefined;
  const [dx, dy] = direction === "rows" ? [0, distance] : [distance, 0];
  // What comes from outside the rectangle is not known to belong to what moves.
  const target: Rect = {
    x: rect.x + Math.max(0, -dx),
    y: rect.y + Math.max(0, -dy),
    width: rect.width - Math.abs(dx),
    height: rect.height - Math.abs(dy),
  };
  const trimmed = trim(picture, { rect: target, dx, dy });
  return trimmed && { rect: trimmed, dx, dy };
}

/** The distance with most votes; 0 when there is no clear one. */
function vote(picture: Picture, rect: Rect, direction: Direction): number {
  const length = direction === "rows" ? rect.height : rect.width;
  const ballot: Ballot = { votes: new Int32Array(2 * length + 1), length, telling: 0 };
  for (const strip of stripsOf(rect, direction)) {
    const before = hashes(picture.sent, picture.width, strip, direction);
    const after = hashes(picture.current, picture.width, strip, direction);
    count(ballot, before, after);
    const best = winner(ballot);
    if (best.votes > clearVotes && best.votes > ballot.telling * clearShare) return best.distance;
  }
  const best = winner(ballot);
  const isClear = best.votes > minVotes && best.votes > ballot.telling * minVoteShare;
  return isClear ? best.distance : 0;
}

interface Ballot {
  /** By distance, from -length to length. */
  readonly votes: Int32Array;
  readonly length: number;
  telling: number;
}

/** Every row that is found again at another place votes for how far that is. */
function count(ballot: Ballot, before: Int32Array, after: Int32Array): void {
  const places = new Places(before);
  for (let at = 0; at < after.length; at++) {
    const hash = after[at] ?? 0;
    if (hash === 0 || hash === before[at]) continue;
    // Where the viewer has nothing yet, nothing can be found again.
    if (before[at] !== 0) ballot.telling++;
    places.each(hash, (place) => {
      const index = ballot.length + place - at;
      ballot.votes[index] = (ballot.votes[index] ?? 0) + 1;
    });
  }
}

function winner({ votes, length }: Ballot): { distance: number; votes: number } {
  let best = length;
  for (let index = 0; index < votes.length; index++) {
    if ((votes[index] ?? 0) > (votes[best] ?? 0)) best = index;
  }
  return { distance: best - length, votes: votes[best] ?? 0 };
}

/** Where each hash occurs: chains of places by the hash's low bits. */
class Places {
  readonly #hashes: Int32Array;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;

  constructor(hashes: Int32Array) {
    this.#hashes = hashes;
    this.#heads = new Int32Array(bucketCount).fill(-1);
    this.#next = new Int32Array(hashes.length);
    for (let at = 0; at < hashes.length; at++) {
      const hash = hashes[at] ?? 0;
      if (hash === 0) continue;
      const bucket = bucketOf(hash);
      this.#next[at] = this.#heads[bucket] ?? -1;
      this.#heads[bucket] = at;
    }
  }

  /** Visits the places of a hash, unless there are too many of them. */
  each(hash: number, visit: (place: number) => void): void {
    const found: number[] = [];
    for (let at = this.#heads[bucketOf(hash)] ?? -1; at !== -1; at = this.#next[at] ?? -1) {
      if (this.#hashes[at] === hash) found.push(at);
      if (found.length > maxPlaces) return;
    }
    for (const place of found) visit(place);
  }
}

function bucketOf(hash: number): number {
  return (hash >>> 8) & (bucketCount - 1);
}

/** Strips side by side along the movement, so that what stands still beside it does no harm. */
function stripsOf(rect: Rect, direction: Direction): Rect[] {
  const length = direction === "rows" ? rect.width : rect.height;
  const count = Math.max(1, Math.round(length / stripPixels));
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((length * index) / count);
    const size = Math.floor((length * (index + 1)) / count) - from;
    return direction === "rows"
      ? { x: rect.x + from, y: rect.y, width: size, height: rect.height }
      : { x: rect.x, y: rect.y + from, width: rect.width, height: size };
  });
}

/** One hash per row or column; 0 for those of one colour only, which are found everywhere. */
function hashes(pixels: Uint32Array, stride: number, strip: Rect, direction: Direction) {
  return direction === "rows"
    ? rowHashes(pixels, stride, strip)
    : columnHashes(pixels, stride, strip);
}

function rowHashes(pixels: Uint32Array, stride: number, strip: Rect): Int32Array {
  const result = new Int32Array(strip.height);
  for (let row = 0; row < strip.height; row++) {
    const from = (strip.y + row) * stride + strip.x;
    const first = pixels[from] ?? 0;
    let hash = 0x811c9dc5 | 0;
    let differences = 0;
    for (let at = from; at < from + strip.width; at += step) {
      const pixel = pixels[at] ?? 0;
      differences |= pixel ^ first;
      hash = Math.imul(hash ^ pixel, 0x01000193);
    }
    result[row] = differences === 0 ? 0 : hash | 1;
  }
  return result;
}

function columnHashes(pixels: Uint32Array, stride: number, strip: Rect): Int32Array {
  const result = new Int32Array(strip.width).fill(0x811c9dc5 | 0);
  const differences = new Int32Array(strip.width);
  const top = strip.y * stride + strip.x;
  for (let row = 0; row < strip.height; row += step) {
    const from = top + row * stride;
    for (let column = 0; column < strip.width; column++) {
      const pixel = pixels[from + column] ?? 0;
      differences[column] = (differences[column] ?? 0) | (pixel ^ (pixels[top + column] ?? 0));
      result[column] = Math.imul((result[column] ?? 0) ^ pixel, 0x01000193);
    }
  }
  return result.map((hash, column) => (differences[column] === 0 ? 0 : hash | 1));
}

/** The part of the copy's target that gains by it; undefined when hardly any does. */
function trim(picture: Picture, copy: SurfaceCopy): Rect | undefined {
  const columns = gains(picture, copy, "columns");
  const across = bestRun(columns);
  if (!across) return undefined;
  const { rect } = copy;
  const x = rect.x + across.from * bandPixels;
  const width = Math.min(rect.x + rect.width, rect.x + across.to * bandPixels) - x;
  const narrowed = { ...copy, rect: { ...rect, x, width } };
  const down = bestRun(gains(picture, narrowed, "rows"));
  if (!down) return undefined;
  const y = rect.y + down.from * bandPixels;
  const height = Math.min(rect.y + rect.height, rect.y + down.to * bandPixels) - y;
  return height * width < minSide * minSide ? undefined : { x, y, width, height };
}

/** Per band: sampled pixels that the copy makes right, less those it makes wrong. */
function gains(picture: Picture, copy: SurfaceCopy, bands: Direction): Int32Array {
  const { rect, dx, dy } = copy;
  const { current, sent, width: stride } = picture;
  const length = bands === "rows" ? rect.height : rect.width;
  const result = new Int32Array(Math.ceil(length / bandPixels));
  const shift = dy * stride + dx;
  for (let row = 0; row < rect.height; row += step) {
    const from = (rect.y + row) * stride + rect.x;
    for (let column = row % step; column < rect.width; column += step) {
      const at = from + column;
      const wanted = current[at];
      const gain = Number(sent[at + shift] === wanted) - Number(sent[at] === wanted);
      const band = Math.floor((bands === "rows" ? row : column) / bandPixels);
      result[band] = (result[band] ?? 0) + gain;
    }
  }
  return result;
}

/** The run of bands with the largest sum; `to` exclusive. Undefined when no sum is positive. */
function bestRun(gain: Int32Array): { from: number; to: number } | undefined {
  let best: { from: number; to: number } | undefined;
  let most = 0;
  let sum = 0;
  let from = 0;
  for (const [band, value] of gain.entries()) {
    if (sum <= 0) [sum, from] = [0, band];
    sum += value;
    if (sum > most) {
      most = sum;
      best = { from, to: band + 1 };
    }
  }
  return best;
}

/** Does to the pixels (rows of `stride`) what the viewer does with the copy. */
export function applyCopy(pixels: Uint32Array, stride: number, copy: SurfaceCopy): void {
  const { rect, dx, dy } = copy;
  // Top down when the source lies below, else bottom up, so that no row is read after it is written.
  for (let count = 0; count < rect.height; count++) {
    const row = dy >= 0 ? count : rect.height - 1 - count;
    const to = (rect.y + row) * stride + rect.x;
    const from = to + dy * stride + dx;
    pixels.copyWithin(to, from, from + rect.width);
  }
}
