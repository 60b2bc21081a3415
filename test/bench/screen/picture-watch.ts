import type { Page } from "../../support/chromium.ts";
import type { Pixels } from "../../support/png.ts";

/** A part of the screen. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** When a viewer's canvas showed a picture, Unix ms; Infinity when it did not within the time. */
export interface PictureTimes {
  /** Its text could be read: see `watchPicture`. */
  readonly readableAt: number;
  /** Every pixel was right. */
  readonly exactAt: number;
}

interface Wanted {
  readonly selector: string;
  readonly part: Part;
  /** RGB of the part, by rows. */
  readonly base64: string;
  readonly withinMs: number;
  readonly until: "readable" | "exact";
}

declare global {
  interface Window {
    /** Set by `armWatch`. */
    pictureShown?: Promise<PictureTimes>;
  }
}

/**
 * Begins to watch, in the viewer's page, for the part of the screen that `wanted` shows now; the
 * answer resolves when it can be read or when all of it is right, or after `withinMs`.
 *
 * Text counts as readable where the brightness in the viewer correlates with the true one by 0.65,
 * in 95 of 100 blocks of 64 × 32 pixels that are not of one colour. Anti-aliased 15 px text at half
 * its resolution correlates by 0.66 to 0.9, at a quarter by 0.35 to 0.65.
 */
export async function watchPicture(
  viewer: { page: Page; canvas: string },
  wanted: Pick<Wanted, "part" | "withinMs" | "until"> & { pixels: Pixels },
): Promise<() => Promise<PictureTimes>> {
  const { page, canvas: selector } = viewer;
  const { pixels, part, withinMs, until } = wanted;
  const base64 = rgbOf(pixels, part).toString("base64");
  await page.evaluate(armWatch, { selector, part, base64, withinMs, until });
  return async () => {
    const times = await page.evaluate(() => window.pictureShown);
    return times ?? { readableAt: Infinity, exactAt: Infinity };
  };
}

function rgbOf({ width, data }: Pixels, part: Part): Buffer {
  const rgb = Buffer.alloc(part.width * part.height * 3);
  for (let row = 0; row < part.height; row++) {
    for (let column = 0; column < part.width; column++) {
      const from = ((part.y + row) * width + part.x + column) * 4;
      data.copy(rgb, (row * part.width + column) * 3, from, from + 3);
    }
  }
  return rgb;
}

/**
 * Runs in the page, so that it may use nothing of this file. It shares the page's thread with what
 * it watches: it stops looking at the first pixel that is wrong, and when too many blocks are.
 */
function armWatch({ selector, part, base64, withinMs, until }: Wanted): void {
  const { x, y, width, height } = part;
  const wanted = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!copy) throw new Error("no canvas to copy to");
  const brightness = (pixels: Uint8Array | Uint8ClampedArray, at: number) =>
    (pixels[at] ?? 0) + 2 * (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0);
  /** Sums over the brightness of one block's pixels of `step` bytes, also times what is wanted. */
  const sumsOf = (
    pixels: Uint8Array | Uint8ClampedArray,
    step: number,
    left: number,
    top: number,
  ) => {
    let [count, sum, squares, products] = [0, 0, 0, 0];
    for (let row = top; row < Math.min(height, top + 32); row++) {
      for (let at = row * width + left; at < row * width + Math.min(width, left + 64); at++) {
        const value = brightness(pixels, at * step);
        count++;
        sum += value;
        squares += value * value;
        products += value * brightness(wanted, at * 3);
      }
    }
    return { count, sum, products, variance: squares / count - (sum / count) ** 2 };
  };
  /** Blocks that are not of one colour, with the sums over their brightness. */
  const blocks: { left: number; top: number; sum: number; variance: number }[] = [];
  for (let top = 0; top < height; top += 32) {
    for (let left = 0; left < width; left += 64) {
      const { sum, variance } = sumsOf(wanted, 3, left, top);
      if (variance >= 1000) blocks.push({ left, top, sum, variance });
    }
  }
  const correlation = (shown: Uint8ClampedArray, block: (typeof blocks)[number]) => {
    const { count, sum, products, variance } = sumsOf(shown, 4, block.left, block.top);
    const covariance = products / count - (block.sum / count) * (sum / count);
    return covariance / Math.sqrt(block.variance * variance + 1e-9);
  };
  /** Blocks that could not be read yet; a picture only becomes better, which saves looking again. */
  let unreadable = blocks;
  const isReadable = (shown: Uint8ClampedArray) => {
    const most = blocks.length * 0.05;
    let count = 0;
    unreadable = unreadable.filter((block) => {
      // Once too many were found, the rest waits for the next look.
      if (count > most) return true;
      const isUnreadable = correlation(shown, block) < 0.65;
      if (isUnreadable) count++;
      return isUnreadable;
    });
    return unreadable.length <= most;
  };
  const isExact = (shown: Uint8ClampedArray) => {
    for (let from = 0, to = 0; from < shown.length; from += 4, to += 3) {
      for (let i = 0; i < 3; i++) if (shown[from + i] !== wanted[to + i]) return false;
    }
    return true;
  };
  const givesUpAt = Date.now() + withinMs;
  let readableAt = Infinity;
  window.pictureShown = new Promise((resolve) => {
    const look = () => {
      const canvas = document.querySelector<HTMLCanvasElement>(selector);
      const now = Date.now();
      if (canvas && canvas.width >= x + width && canvas.height >= y + height) {
        copy.drawImage(canvas, x, y, width, height, 0, 0, width, height);
        const { data } = copy.getImageData(0, 0, width, height);
        if (readableAt === Infinity && isReadable(data)) readableAt = now;
        const isRead = readableAt !== Infinity;
        if (isRead && until === "readable") return resolve({ readableAt, exactAt: Infinity });
        if (isRead && isExact(data)) return resolve({ readableAt, exactAt: now });
      }
      if (now > givesUpAt) resolve({ readableAt, exactAt: Infinity });
      else setTimeout(look, 40);
    };
    look();
  });
}
