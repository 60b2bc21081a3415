import { createHash } from "node:crypto";
import type { Frame } from "../support/chromium.ts";
import type { Desktop } from "../support/desktop.ts";
import type { Pixels } from "../support/png.ts";

/**
 * Side of the square in the lower right corner that is not compared, in pixels: the virtual display
 * draws the pointer into its picture, and that is where a comparison puts it.
 */
const pointerSide = 32;

/** The canvas that shows the remote screen in a pane. */
export const canvasSelector = ".screen canvas";

/** What the pane's canvas shows now, as PNG bytes would lose nothing: SHA-256 of its RGB, and size. */
export async function canvasDigest(
  frame: Frame,
  selector = canvasSelector,
): Promise<{ size: string; digest: string }> {
  const { width, height, base64 } = await frame.evaluate(
    ({ wanted, side }) => {
      const canvas = document.querySelector<HTMLCanvasElement>(wanted);
      if (!canvas || canvas.width === 0) return { width: 0, height: 0, base64: "" };
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
      if (!copy) throw new Error("no canvas to copy to");
      copy.drawImage(canvas, 0, 0);
      copy.fillStyle = "#000";
      copy.fillRect(canvas.width - side, canvas.height - side, side, side);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      const rgb = new Uint8Array((data.length / 4) * 3);
      for (let from = 0, to = 0; from < data.length; from += 4) {
        rgb[to++] = data[from] ?? 0;
        rgb[to++] = data[from + 1] ?? 0;
        rgb[to++] = data[from + 2] ?? 0;
      }
      let text = "";
      for (let at = 0; at < rgb.length; at += 32_768) {
        text += String.fromCharCode(...rgb.subarray(at, at + 32_768));
      }
      return { width: canvas.width, height: canvas.height, base64: btoa(text) };
    },
    { wanted: selector, side: pointerSide },
  );
  return { size: `${width}x${height}`, digest: sha256(Buffer.from(base64, "base64")) };
}

/** Puts the pointer where it is not compared. */
export async function hidePointer(desktop: Desktop): Promise<void> {
  const { width, height } = await desktop.pixels();
  await desktop.xdotool("mousemove", String(width - 1), String(height - 1));
}

/** The same of a desktop's pixels. */
export function pixelsDigest({ width, height, data }: Pixels): { size: string; digest: string } {
  const channels = data.length / (width * height);
  const rgb = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const isPointer = i % width >= width - pointerSide && i >= (height - pointerSide) * width;
    if (!isPointer) rgb.set(data.subarray(i * channels, i * channels + 3), i * 3);
  }
  return { size: `${width}x${height}`, digest: sha256(rgb) };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Where a pixel of the remote screen is in the workbench's page. */
export async function toPage(
  frame: Frame,
  at: { x: number; y: number },
): Promise<{ x: number; y: number }> {
  const canvas = frame.locator(canvasSelector);
  const size = await canvas.evaluate((element) => ({
    width: element instanceof HTMLCanvasElement ? element.width : 0,
    height: element instanceof HTMLCanvasElement ? element.height : 0,
  }));
  const box = await canvas.boundingBox();
  if (!box) throw new Error("the remote screen is not shown");
  return {
    x: box.x + ((at.x + 0.5) * box.width) / size.width,
    y: box.y + ((at.y + 0.5) * box.height) / size.height,
  };
}
