import path from "node:path";
import type { Frame } from "../support/chromium.ts";
import type { Desktop } from "../support/desktop.ts";
import { root } from "../support/root.ts";

const square = { x: 1040, y: 640, side: 120 } as const;

/** Shows the square that changes colour at every click, until it is disposed of; `at`: its middle. */
export async function flipSquare(desktop: Desktop) {
  const program = desktop.open(path.join(root, "node_modules/.bin/node"), [
    path.join(root, "test/bench/screen/flip.ts"),
    ...[square.x, square.y, square.side].map(String),
  ]);
  await program.line(/shown/);
  const at = { x: square.x + square.side / 2, y: square.y + square.side / 2 };
  return { at, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

declare global {
  interface Window {
    /** Set by `armPixelChange`: resolves to ms. */
    pixelChanged?: Promise<number>;
  }
}

/** Where a pixel is that a click will change between red and blue. */
export interface PixelPlace {
  /** Of the canvas. */
  readonly selector: string;
  readonly x: number;
  readonly y: number;
}

/**
 * Measures one click in a frame of a page: the time from the press of the button, as the page saw
 * it, to the changed pixel in its canvas, ms; Infinity when it has not changed within 15 s.
 */
export async function clickMs(
  frame: Frame,
  place: PixelPlace,
  click: () => Promise<void>,
): Promise<number> {
  // Armed before the click is made, or it could be missed.
  await frame.evaluate(armPixelChange, place);
  await click();
  return Number(await frame.evaluate(() => window.pixelChanged));
}

/** Runs in a page. Reads one pixel again and again, leaving the page free between two readings. */
function armPixelChange(place: PixelPlace): void {
  const canvas = document.querySelector<HTMLCanvasElement>(place.selector);
  const probe = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!canvas || !probe) throw new Error("no canvas to measure");
  const isRed = () => {
    probe.drawImage(canvas, place.x, place.y, 1, 1, 0, 0, 1, 1);
    return (probe.getImageData(0, 0, 1, 1).data[0] ?? 0) > 128;
  };
  const before = isRed();
  let pressedAt: number | undefined;
  window.addEventListener("pointerdown", () => (pressedAt = performance.now()), {
    capture: true,
    once: true,
  });
  const timeoutAt = performance.now() + 15_000;
  window.pixelChanged = new Promise((resolve) => {
    const again = new MessageChannel();
    again.port1.onmessage = () => {
      const now = performance.now();
      if (pressedAt !== undefined && isRed() !== before) resolve(now - pressedAt);
      else if (now > timeoutAt) resolve(Infinity);
      else again.port2.postMessage(0);
    };
    again.port2.postMessage(0);
  });
}
