import type { SurfaceRect } from "./surface.ts";

interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

/**
 * Draws `coarse`, which shows `rect` at 1/`scale` size, into `rect` of `target`, bilinear: text is
 * readable sooner than with squares. Pixels are 0xAABBGGRR and stay opaque. `rect` must lie inside.
 */
export function enlarge(
  coarse: Raster,
  target: Raster,
  { rect, scale }: { rect: SurfaceRect; scale: number },
): void {
  const across = samples(rect.width, coarse.width, scale);
  const down = samples(rect.height, coarse.height, scale);
  for (let y = 0; y < rect.height; y++) {
    const top = (down.low[y] ?? 0) * coarse.width;
    const bottom = (down.high[y] ?? 0) * coarse.width;
    const weight = down.weight[y] ?? 0;
    const row = (rect.y + y) * target.width + rect.x;
    for (let x = 0; x < rect.width; x++) {
      const left = across.low[x] ?? 0;
      const right = across.high[x] ?? 0;
      const along = across.weight[x] ?? 0;
      const { pixels } = coarse;
      const above = mix(pixels[top + left] ?? 0, pixels[top + right] ?? 0, along);
      const below = mix(pixels[bottom + left] ?? 0, pixels[bottom + right] ?? 0, along);
      target.pixels[row + x] = (0xff000000 | mix(above, below, weight)) >>> 0;
    }
  }
}

/** For each fine position: the coarse ones to either side, and how far towards the higher, /256. */
function samples(fine: number, coarse: number, scale: number) {
  const low = new Int32Array(fine);
  const high = new Int32Array(fine);
  const weight = new Int32Array(fine);
  for (let i = 0; i < fine; i++) {
    const position = Math.min(Math.max((i + 0.5) / scale - 0.5, 0), coarse - 1);
    low[i] = Math.floor(position);
    high[i] = Math.min(coarse - 1, Math.floor(position) + 1);
    weight[i] = Math.round((position - Math.floor(position)) * 256);
  }
  return { low, high, weight };
}

/** Red and blue are mixed in one multiplication: they lie a byte apart and cannot meet. */
function mix(a: number, b: number, weight: number): number {
  if (a === b || weight === 0) return a & 0xffffff;
  const rest = 256 - weight;
  const redBlue = (((a & 0xff00ff) * rest + (b & 0xff00ff) * weight) / 256) & 0xff00ff;
  const green = (((a & 0xff00) * rest + (b & 0xff00) * weight) >>> 8) & 0xff00;
  return redBlue | green;
}
