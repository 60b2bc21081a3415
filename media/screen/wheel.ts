/** The parts of a WheelEvent that count. */
export interface WheelInput {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0 pixels, 1 lines, 2 pages. Source: W3C UI Events. */
  readonly deltaMode: number;
  readonly shiftKey: boolean;
}

/** What one notch of a wheel amounts to in browsers on Windows, Linux and older Linux, in pixels. */
const notchPixels = [100, 120, 53];
const smoothNotchPixels = 100;
const linesPerNotch = 3;

/**
 * Adds up what a wheel or touch pad turns and gives it out in whole notches. What is left over
 * stays for the next event, until the direction turns.
 */
export class WheelCounter {
  #x = 0;
  #y = 0;

  /** Notches due now, right and down positive. */
  take(event: WheelInput): { dx: number; dy: number } {
    // Browsers make a sideways movement of Shift and wheel; the other side does so by itself.
    const isTurned = event.shiftKey && event.deltaY === 0;
    const deltaX = isTurned ? 0 : event.deltaX;
    const deltaY = isTurned ? event.deltaX : event.deltaY;
    this.#x = add(this.#x, notches(deltaX, event.deltaMode));
    this.#y = add(this.#y, notches(deltaY, event.deltaMode));
    const dx = Math.trunc(this.#x);
    const dy = Math.trunc(this.#y);
    this.#x -= dx;
    this.#y -= dy;
    return { dx, dy };
  }
}

function add(rest: number, more: number): number {
  return rest * more < 0 ? more : rest + more;
}

function notches(delta: number, mode: number): number {
  if (mode === 2) return delta * 5;
  if (mode === 1) return delta / linesPerNotch;
  const step = notchPixels.find((pixels) => delta % pixels === 0);
  return delta / (step ?? smoothNotchPixels);
}
