import type { Rect } from "../host.ts";
import { isChanged, predictedBytes } from "./changed.ts";
import { Heat } from "./heat.ts";
import { type Picture, tileSize } from "./picture.ts";

/** A point of the screen. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a choice rests on; see `EncodeRequest`. */
export interface Conditions {
  readonly focus: Point;
  readonly budgetBytes: number;
  readonly bytesPerSecond: number | undefined;
  readonly now: number;
}

/** A part of the screen to be shown coarsely. */
export interface PreviewChoice {
  readonly rect: Rect;
  readonly scale: number;
  readonly isMoving: boolean;
}

/** Damage up to so many pixels is sent before everything else: a letter, a button, a menu. */
export const smallPixels = 256 * 256;
/** Most tiles of one update, so that the viewer paints the first while the rest is encoded. */
const maxTiles = 160;
/** What takes longer than this to send exactly is shown coarsely first, s. */
const patienceSeconds = 0.45;
/** The share of the line that moving pictures may take. */
const movingShare = 0.6;
/** They are sent exactly as long as the line carries so many of them per second. */
const wantedPerSecond = 8;
/** A moving tile whose exact form is smaller than this does not matter, predicted bytes per pixel. */
const cheapBytesPerPixel = 0.9;
/** Side of the squares in which previews are sent, by scale, in tiles. */
const blockTiles = { 2: 2, 4: 4, 8: 8 } as const;
/** A line this fast needs no thought of what goes first, bytes/s. */
const fastLine = 4_000_000;
/** A message with so much room takes whatever there is, bytes. */
const ampleBytes = 64 * 1024;
/** What a tile is taken to cost there. */
const roughCost = 512;
const leastZstdRatio = 0.15;
const cautiousRatio = 0.5;
/** Packed bytes below this say nothing of how well a picture compresses. */
const tellingBytes = 512;
/** So much more is chosen than is expected to fit: what does not is put back. */
const choiceFactor = 2;

/**
 * What the viewer does not have yet, tile by tile, and the order in which it should get it: small
 * fresh changes first, then what is nearest to where the person looks, and what never stops moving
 * only within its share of the line.
 */
export class Backlog {
  readonly #picture: Picture;
  readonly #heat: Heat;
  readonly #isPending: Uint8Array;
  readonly #isSmall: Uint8Array;
  /** The viewer has a preview of the tile as it is now. */
  readonly #isShown: Uint8Array;
  readonly #shownAt: Float64Array;
  /** Predicted bytes; -1 = not known, 0 = unchanged. */
  readonly #cost: Float64Array;
  #pendingCount = 0;
  /** Whether it matters what a tile costs. */
  #isExact = true;
  #lately: { rect: Rect; at: number }[] = [];
  #movingMayGoAt = -Infinity;
  /** Bytes in a message per packed byte, and per pixel of a preview. */
  #zstdRatio = 0.5;
  #previewRatio = 0.5;

  constructor(picture: Picture) {
    this.#picture = picture;
    this.#heat = new Heat(picture);
    this.#isPending = new Uint8Array(picture.tileCount);
    this.#isSmall = new Uint8Array(picture.tileCount);
    this.#isShown = new Uint8Array(picture.tileCount);
    this.#shownAt = new Float64Array(picture.tileCount);
    this.#cost = new Float64Array(picture.tileCount);
  }

  /** Takes note of changes on the screen. */
  damaged(damage: readonly Rect[], conditions: Conditions): void {
    const { now, budgetBytes, bytesPerSecond } = conditions;
    this.#isExact = bytesPerSecond !== undefined || budgetBytes < ampleBytes;
    this.#lately = this.#lately.filter(({ at }) => now - at < 1000);
    for (const rect of damage) {
      const isSmall = Number(rect.width * rect.height <= smallPixels);
      this.#lately.push({ rect, at: now });
      this.#picture.eachTile(rect, (tile) => {
        if (!this.#isPending[tile]) this.#pendingCount++;
        this.#isPending[tile] = 1;
        this.#isShown[tile] = 0;
        this.#cost[tile] = -1;
        this.#isSmall[tile] = isSmall;
        this.#heat.changed(tile, now);
      });
    }
    if (this.#lately.length > 256) this.#lately = this.#lately.slice(-256);
  }

  /** The tile is sent, or was found to be unchanged. */
  tileSent(tile: number): void {
    if (this.#isPending[tile]) this.#pendingCount--;
    this.#isPending[tile] = 0;
    this.#isSmall[tile] = 0;
  }

  /** Parts of chosen tiles that did not get into the message after all. */
  putBack(rects: readonly Rect[]): void {
    for (const rect of rects) {
      this.#picture.eachTile(rect, (tile) => {
        if (!this.#isPending[tile]) this.#pendingCount++;
        this.#isPending[tile] = 1;
        this.#cost[tile] = -1;
      });
    }
  }

  /**
   * How many bytes before compression the next piece of a message may have, of which `sizeBytes`
   * are there already. The first one is cautious: what was seen last may compress otherwise.
   */
  packedLimit({ budgetBytes }: Conditions, sizeBytes: number): number {
    const isCautious = sizeBytes === 0 && budgetBytes < ampleBytes;
    const ratio = isCautious ? Math.max(this.#zstdRatio, cautiousRatio) : this.#zstdRatio;
    return (budgetBytes - sizeBytes) / ratio;
  }

  /** Learns what compression makes of a piece of a message. */
  pieceSent(packedBytes: number, sizeBytes: number): void {
    if (packedBytes < tellingBytes) return;
    const ratio = Math.min(1, Math.max(leastZstdRatio, sizeBytes / packedBytes));
    this.#zstdRatio += (ratio - this.#zstdRatio) * (ratio > this.#zstdRatio ? 0.7 : 0.3);
  }

  previewSent(choice: PreviewChoice, sizeBytes: number, conditions: Conditions): void {
    const { now, bytesPerSecond } = conditions;
    const pixels = (choice.rect.width * choice.rect.height) / choice.scale ** 2;
    this.#previewRatio += (sizeBytes / pixels - this.#previewRatio) * 0.2;
    if (choice.isMoving) {
      const seconds = sizeBytes / (movingShare * (bytesPerSecond ?? Infinity));
      this.#movingMayGoAt = Math.max(now, this.#movingMayGoAt) + seconds * 1000;
    }
    this.#picture.eachTile(choice.rect, (tile) => {
      if (!this.#isPending[tile]) this.#pendingCount++;
      this.#isPending[tile] = 1;
      this.#isShown[tile] = 1;
      this.#shownAt[tile] = now;
      this.#isSmall[tile] = 0;
      this.#cost[tile] = -1;
    });
  }

  /** In how many ms there is something to send without new damage; undefined = never. */
  moreIn(conditions: Conditions): number | undefined {
    if (this.#pendingCount === 0) return undefined;
    const moving = this.#movingTiles(conditions);
    if (moving.size < this.#pendingCount) return 0;
    let inMs = Infinity;
    for (const tile of moving) {
      const shown = this.#isShown[tile] === 1;
      const wait = shown
        ? this.#heat.restsIn(tile, conditions.now)
        : this.#movingMayGoAt - conditions.now;
      inMs = Math.min(inMs, wait);
    }
    return Math.max(0, inMs);
  }

  /** What to show coarsely now, if that is better than to send something exactly. */
  choosePreview(conditions: Conditions): PreviewChoice | undefined {
    const { bytesPerSecond, now } = conditions;
    if (bytesPerSecond === undefined || bytesPerSecond > fastLine) return undefined;
    if (this.#tiles((tile) => this.#isSmall[tile] === 1 && !this.#isMoving(tile, now)).length > 0) {
      return undefined;
    }
    const moving = this.#movingTiles(conditions);
    const fresh = [...moving].filter((tile) => !this.#isShown[tile]);
    if (fresh.length > 0 && now >= this.#movingMayGoAt) {
      return this.#movingPreview(fresh, bytesPerSecond);
    }
    const still = this.#tiles((tile) => !moving.has(tile));
    const seconds = (this.#costOf(still) * this.#zstdRatio) / bytesPerSecond;
    if (seconds < patienceSeconds) return undefined;
    const coarse = still.filter((tile) => !this.#isShown[tile] && this.#costOf([tile]) > 0);
    if (coarse.length === 0) return undefined;
    return this.#stillPreview(coarse, conditions);
  }

  /** One number per tile, not 0 for those of the next update; undefined when there are none to send now. */
  chooseTiles(conditions: Conditions): Uint8Array | undefined {
    const moving = this.#movingTiles(conditions);
    const tiles = this.#tiles((tile) => !moving.has(tile));
    this.#sortByUrgency(tiles, conditions.focus);
    const isChosen = new Uint8Array(this.#picture.tileCount);
    const limit = (conditions.budgetBytes / this.#zstdRatio) * choiceFactor;
    let count = 0;
    let cost = 0;
    const isUrgent = tiles[0] !== undefined && this.#isSmall[tiles[0]] === 1;
    for (const tile of tiles) {
      const more = this.#costOf([tile]);
      // A small change goes alone: with a long tail it would be painted as late as its tail.
      if (isUrgent && count > 0 && !this.#isSmall[tile]) break;
      if (more > 0) {
        if (count === maxTiles || (count > 0 && cost + more > limit)) break;
        isChosen[tile] = 1;
        count++;
        cost += more;
      }
      this.tileSent(tile);
    }
    return count > 0 ? isChosen : undefined;
  }

  #tiles(mayGo: (tile: number) => boolean): number[] {
    const tiles: number[] = [];
    if (this.#pendingCount === 0) return tiles;
    for (let tile = 0; tile < this.#isPending.length; tile++) {
      if (this.#isPending[tile] && mayGo(tile)) tiles.push(tile);
    }
    return tiles;
  }

  #isMoving(tile: number, now: number): boolean {
    const pixels = tileSize * tileSize * cheapBytesPerPixel;
    return this.#heat.isMoving(tile, now) && this.#costOf([tile]) > pixels;
  }

  /** Pending tiles that move, on a line that cannot carry them exactly; else none. */
  #movingTiles({ now, bytesPerSecond }: Conditions): ReadonlySet<number> {
    if (bytesPerSecond === undefined || bytesPerSecond > fastLine) return new Set();
    const tiles = this.#tiles((tile) => this.#isMoving(tile, now));
    const perSecond = this.#costOf(tiles) * this.#zstdRatio * wantedPerSecond;
    return new Set(perSecond > bytesPerSecond * movingShare ? tiles : []);
  }

  #costOf(tiles: readonly number[]): number {
    let sum = 0;
    for (const tile of tiles) {
      if (this.#cost[tile] === -1) {
        const rect = this.#picture.tileRect(tile);
        const changed = isChanged(this.#picture, rect);
        const cost = this.#isExact ? predictedBytes(this.#picture, rect) : roughCost;
        this.#cost[tile] = changed ? cost : 0;
      }
      sum += this.#cost[tile] ?? 0;
    }
    return sum;
  }

  #sortByUrgency(tiles: number[], focus: Point): void {
    const far = this.#picture.width + this.#picture.height;
    const rank = new Float64Array(this.#picture.tileCount);
    for (const tile of tiles) {
      rank[tile] = this.#distance(tile, focus) + (this.#isSmall[tile] ? 0 : far);
    }
    tiles.sort((one, other) => (rank[one] ?? 0) - (rank[other] ?? 0));
  }

  #distance(tile: number, focus: Point): number {
    const { x, y, width, height } = this.#picture.tileRect(tile);
    return Math.hypot(x + width / 2 - focus.x, y + height / 2 - focus.y);
  }

  #movingPreview(tiles: readonly number[], bytesPerSecond: number): PreviewChoice | undefined {
    const pixels = tiles.length * tileSize * tileSize;
    const seconds = ((pixels / 16) * this.#previewRatio) / (bytesPerSecond * movingShare);
    const scale = seconds > 0.4 ? 8 : 4;
    let oldest = tiles[0];
    if (oldest === undefined) return undefined;
    for (const tile of tiles) {
      if ((this.#shownAt[tile] ?? 0) < (this.#shownAt[oldest] ?? 0)) oldest = tile;
    }
    const rect = this.#clipToDamage(this.#blockAround(oldest, tiles, scale));
    return { rect, scale, isMoving: true };
  }

  #stillPreview(tiles: readonly number[], conditions: Conditions): PreviewChoice | undefined {
    const { bytesPerSecond = Infinity, focus } = conditions;
    const seconds = (this.#costOf(tiles) * this.#zstdRatio) / bytesPerSecond;
    const scale = seconds < patienceSeconds * 2 ? 2 : 4;
    const [first] = tiles;
    if (first === undefined) return undefined;
    const near = (one: number, other: number) =>
      this.#distance(other, focus) < this.#distance(one, focus) ? other : one;
    const nearest = tiles.reduce(near, first);
    return { rect: this.#blockAround(nearest, tiles, scale), scale, isMoving: false };
  }

  /** The bounds of those tiles that lie in the same square of the screen as `tile`. */
  #blockAround(tile: number, tiles: readonly number[], scale: 2 | 4 | 8): Rect {
    const { columns } = this.#picture;
    const side = blockTiles[scale];
    const blockOf = (each: number) =>
      Math.floor(each / columns / side) * columns + Math.floor((each % columns) / side);
    const block = blockOf(tile);
    const inside = tiles.filter((each) => blockOf(each) === block);
    return boundsOf(inside.map((each) => this.#picture.tileRect(each)));
  }

  /** Leaves out the still surroundings that share their tiles with a moving picture. */
  #clipToDamage(rect: Rect): Rect {
    const parts = this.#lately.flatMap((each) => intersection(each.rect, rect) ?? []);
    return parts.length > 0 ? boundsOf(parts) : rect;
  }
}

function boundsOf(rects: readonly Rect[]): Rect {
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}

function intersection(one: Rect, other: Rect): Rect | undefined {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  const width = Math.min(one.x + one.width, other.x + other.width) - x;
  const height = Math.min(one.y + one.height, other.y + other.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}
