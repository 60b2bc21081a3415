import type { Rect } from "../host.ts";

/** Side of the squares in which changes are looked for, in pixels. */
export const tileSize = 64;

/** A value that no pixel has: where `sent` holds it, the viewer's picture is only approximate. */
export const unknownPixel = 0xff000000;

/**
 * The two pictures between which an encoder works, cut into tiles: `current` is what the screen
 * shows, `sent` what the viewer has once everything under way has arrived. Pixels are 0x00RRGGBB,
 * rows from the top; tiles are counted by rows from the top left, those at the edges are smaller.
 */
export class Picture {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  readonly current: Uint32Array;
  readonly sent: Uint32Array;

  /** `current` stays the caller's, who keeps it up to date; `sent` begins black. */
  constructor(width: number, height: number, current: Uint32Array) {
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / tileSize);
    this.rows = Math.ceil(height / tileSize);
    this.current = current;
    this.sent = new Uint32Array(width * height);
  }

  get tileCount(): number {
    return this.columns * this.rows;
  }

  /** The pixels that a tile covers. */
  tileRect(tile: number): Rect {
    const x = (tile % this.columns) * tileSize;
    const y = Math.floor(tile / this.columns) * tileSize;
    return {
      x,
      y,
      width: Math.min(tileSize, this.width - x),
      height: Math.min(tileSize, this.height - y),
    };
  }

  /** Calls `visit` with every tile that the rectangle touches; the rectangle may reach outside. */
  eachTile(rect: Rect, visit: (tile: number) => void): void {
    const left = Math.max(0, Math.floor(rect.x / tileSize));
    const right = Math.min(this.columns, Math.ceil((rect.x + rect.width) / tileSize));
    const bottom = Math.min(this.rows, Math.ceil((rect.y + rect.height) / tileSize));
    for (let row = Math.max(0, Math.floor(rect.y / tileSize)); row < bottom; row++) {
      for (let column = left; column < right; column++) visit(row * this.columns + column);
    }
  }
}
