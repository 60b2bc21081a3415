import { clickMs } from "../../demo/flip-square.ts";
import type { Page } from "../../support/chromium.ts";

/** The line between the customer's computer and the rest; undefined is the machine's loopback. */
export interface CustomerLine {
  /** From the customer, kbit/s. */
  readonly upKbitPerSecond: number;
  readonly downKbitPerSecond: number;
  readonly rttMs: number;
}

/** The line that the product was bought for: ADSL. */
export const adsl: CustomerLine = { upKbitPerSecond: 1000, downKbitPerSecond: 8000, rttMs: 60 };

/** One remote-support product, set up between a desktop and a viewer in Chromium. */
export interface Rig extends AsyncDisposable {
  readonly name: string;
  /** The page that shows the remote screen, at 1:1, in a canvas that `canvas` selects. */
  readonly page: Page;
  readonly canvas: string;
  /** From asking for the picture to the first of it, ms. */
  readonly firstPictureMs: number;
  /** And until its text could be read, and all of it was right, ms; see `watchPicture`. */
  readonly readablePictureMs?: number;
  readonly exactPictureMs?: number;
  /** Frames in which the page has shown something new so far. */
  updates(): Promise<number>;
  /** Bytes that have left the customer's computer so far. */
  sentBytes(): number;
  /** CPU seconds that the customer's side has used so far. */
  customerCpuSeconds(): Promise<number>;
  /** Whether the viewer shows exactly what the desktop shows, once both rest. */
  isExact?(): Promise<boolean>;
}

/**
 * Clicks at a place of the remote screen whose colour the click changes, and gives the time from
 * the press, as the page saw it, to the changed pixel in the page's canvas, ms.
 */
export async function clickToPixelMs(rig: Rig, x: number, y: number): Promise<number> {
  const box = await rig.page.locator(rig.canvas).boundingBox();
  if (!box) throw new Error(`${rig.name}: no canvas`);
  const click = () => rig.page.mouse.click(box.x + x, box.y + y);
  return clickMs(rig.page.mainFrame(), { selector: rig.canvas, x, y }, click);
}
