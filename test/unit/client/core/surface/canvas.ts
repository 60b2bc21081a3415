import { type SurfaceMessage, surfaceMessage } from "@handrail/protocol";
import type { Rect } from "../../../../../appliance/client/core/host.ts";
import { SurfaceEncoder } from "../../../../../appliance/client/core/surface/encoder.ts";
import { ZstdStream } from "../../../../../appliance/client/node/zstd.ts";
import { Decoder } from "../../../../../media/screen/decoder.ts";

/** Numbers from 0 to 1 that are the same in every run. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A screen to draw on. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint32Array(width * height);
  }

  get all(): Rect {
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  fill(rect: Rect, paint: (x: number, y: number) => number): Rect {
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      for (let x = rect.x; x < rect.x + rect.width; x++) {
        this.pixels[y * this.width + x] = paint(x, y);
      }
    }
    return rect;
  }

  /** Something like lines of text: dark strokes on white, other ones for another `seed`. */
  text(rect: Rect, seed: number): Rect {
    return this.fill(rect, (x, y) => {
      const line = Math.floor(y / 18);
      const glyph = Math.imul(Math.floor(x / 9) * 31 + line * 977 + seed, 0x9e3779b1) >>> 0;
      const isInk = y % 18 > 3 && ((glyph >>> ((x % 9) + (y % 18))) & 1) === 1 && glyph % 5 > 0;
      return isInk ? 0x202020 + (glyph & 0x3f) : 0xffffff;
    });
  }

  noise(rect: Rect, next: () => number): Rect {
    return this.fill(rect, () => Math.floor(next() * 0x1000000));
  }

  /** Moves what the rectangle shows; what comes into view stays as it was. */
  move(rect: Rect, dx: number, dy: number): Rect {
    const before = this.pixels.slice();
    const right = rect.x + rect.width;
    const bottom = rect.y + rect.height;
    return this.fill(rect, (x, y) => {
      const isInside = x + dx >= rect.x && x + dx < right && y + dy >= rect.y && y + dy < bottom;
      const from = isInside ? (y + dy) * this.width + x + dx : y * this.width + x;
      return before[from] ?? 0;
    });
  }
}

/** A real encoder and the real viewer's decoder on the two ends of nothing. */
export class Bench implements Disposable {
  readonly encoder = new SurfaceEncoder(() => new ZstdStream());
  readonly decoder = new Decoder();
  readonly canvas: Canvas;
  readonly sizes: number[] = [];
  readonly types: string[] = [];
  lastMessage: SurfaceMessage | undefined;
  now = 0;

  constructor(canvas: Canvas) {
    this.canvas = canvas;
    const { width, height, pixels } = canvas;
    this.encoder.begin({ width, height, pixels });
    this.decoder.begin({
      type: "epoch",
      epoch: 1,
      width,
      height,
      startedHigh: 0,
      startedLow: 0,
      displays: [],
    });
  }

  /** Encodes and decodes one message; answers in how many ms there is more. */
  async step(
    damage: Rect[],
    options: {
      budgetBytes?: number;
      bytesPerSecond?: number;
      focus?: { x: number; y: number };
    } = {},
  ): Promise<number | undefined> {
    const { message, moreInMs } = await this.encoder.encode({
      damage,
      focus: options.focus ?? { x: 0, y: 0 },
      budgetBytes: options.budgetBytes ?? 512 * 1024,
      bytesPerSecond: options.bytesPerSecond,
      now: this.now,
      capturedMs: 0,
    });
    if (message) this.#decode(message);
    return moreInMs;
  }

  /** Goes on until the encoder says that all is sent; time passes as on a line of that rate. */
  async drain(
    damage: Rect[],
    options: {
      budgetBytes?: number;
      bytesPerSecond?: number;
      focus?: { x: number; y: number };
    } = {},
  ): Promise<void> {
    let more = await this.step(damage, options);
    for (let count = 0; more !== undefined; count++) {
      if (count > 5000) throw new Error("the encoder never ends");
      this.now += Math.max(more, 30);
      more = await this.step([], options);
    }
  }

  /** Places where the viewer's picture differs from the screen. */
  differences(): number {
    const seen = this.decoder.surface?.pixels ?? new Uint32Array();
    let count = 0;
    this.canvas.pixels.forEach((pixel, at) => {
      const abgr = seen[at] ?? 0;
      const rgb = ((abgr & 255) << 16) | (abgr & 0xff00) | ((abgr >>> 16) & 255);
      if (rgb !== (pixel & 0xffffff)) count++;
    });
    return count;
  }

  [Symbol.dispose](): void {
    this.encoder[Symbol.dispose]();
  }

  #decode(bytes: Uint8Array): void {
    const message = surfaceMessage.decode(bytes);
    this.lastMessage = message;
    this.sizes.push(bytes.length);
    this.types.push(message.type);
    if (message.type === "update") this.decoder.update(message);
    else if (message.type === "preview") this.decoder.preview(message);
    else throw new Error(`an encoder does not make ${message.type}`);
  }
}
