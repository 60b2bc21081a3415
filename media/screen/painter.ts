import { HandrailError, type SurfaceRect } from "@handrail/protocol";
import type { Surface } from "./decoder.ts";
import { joinDirty } from "./dirty.ts";

/** A small picture over the surface, by its upper left corner; may reach over the edges. */
export interface Sprite {
  readonly image: HTMLCanvasElement;
  readonly x: number;
  readonly y: number;
}

/**
 * Puts changed pixels on a canvas, at once and only those. The picture is shared with the decoder,
 * not copied.
 */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #surface: Surface | undefined;
  #image: ImageData | undefined;
  #isStale = false;
  #sprite: Sprite | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new HandrailError("unavailable", "no canvas to paint on");
    this.#context = context;
  }

  /**
   * A new picture. One of the same size stays on the canvas until the new one has something to
   * show, so that a reconnection does not flash.
   */
  begin(surface: Surface): void {
    this.#surface = surface;
    const bytes = new Uint8ClampedArray(surface.pixels.buffer);
    this.#image = new ImageData(bytes, surface.width, surface.height);
    this.#isStale = true;
    const { width, height } = this.#canvas;
    if (width === surface.width && height === surface.height) return;
    this.#canvas.width = surface.width;
    this.#canvas.height = surface.height;
  }

  /** Paints the rectangles, which must lie inside the picture. */
  paint(rects: readonly SurfaceRect[]): void {
    if (!this.#image || rects.length === 0) return;
    if (this.#isStale) return this.paintAll();
    for (const { x, y, width, height } of joinDirty(rects)) {
      this.#context.putImageData(this.#image, 0, 0, x, y, width, height);
    }
  }

  /** Paints the whole picture. */
  paintAll(): void {
    this.#isStale = false;
    if (this.#image) this.#context.putImageData(this.#image, 0, 0);
  }

  /** Draws a sprite over the picture, after taking away the one before it. */
  setSprite(sprite: Sprite | undefined): void {
    const before = this.#sprite;
    this.#sprite = sprite;
    if (before && this.#image) {
      const { width, height } = before.image;
      this.#context.putImageData(this.#image, 0, 0, before.x, before.y, width, height);
    }
    if (sprite) this.#context.drawImage(sprite.image, sprite.x, sprite.y);
  }

  /** A part of the picture, or all of it, as a PNG file; undefined before there is one. */
  async screenshot(part?: SurfaceRect): Promise<Blob | undefined> {
    const surface = this.#surface;
    if (!surface || !this.#image) return undefined;
    const { x, y, width, height } = part ?? { x: 0, y: 0, ...surface };
    const sheet = new OffscreenCanvas(width, height);
    sheet.getContext("2d", { alpha: false })?.putImageData(this.#image, -x, -y);
    return sheet.convertToBlob({ type: "image/png" });
  }
}
