import {
  maxSurfacePixels,
  type SurfaceMessage,
  surfaceMessage,
  type SurfaceRect,
} from "@handrail/protocol";
import { changesPicture, type Recording } from "./recording.ts";

// The first picture comes in pieces: it is there when all of it is, for a black strip at its edge
// looks like a fault. What is black there never comes, however:
/** so it is there as well when nothing more has come for so long, ms, */
const pauseMs = 200;
/** or so long after its first piece, ms. */
const patienceMs = 1000;

/** Which pixels of a picture have been painted. One that nobody decodes is never whole. */
class Coverage {
  readonly #width: number;
  readonly #height: number;
  readonly #painted: Uint8Array;
  #missing: number;

  constructor({ width, height }: { width: number; height: number }) {
    this.#width = width;
    this.#height = height;
    this.#missing = width * height;
    this.#painted = new Uint8Array(Math.min(this.#missing, maxSurfacePixels));
  }

  get isWhole(): boolean {
    return this.#missing === 0;
  }

  paint({ x, y, width, height }: SurfaceRect): void {
    const right = Math.min(x + width, this.#width);
    const bottom = Math.min(y + height, this.#height);
    for (let row = y; row < bottom; row++) {
      const start = row * this.#width;
      for (let at = start + x; at < start + right; at++) {
        this.#missing -= this.#painted[at] === 0 ? 1 : 0;
        this.#painted[at] = 1;
      }
    }
  }
}

/**
 * When there is first something to see, in ms since the recording began; 0 when there never is.
 * What comes before is black: consent has been asked for, and the picture is under way.
 */
export function openingMs({ surfaces }: Pick<Recording, "surfaces">): number {
  let opening: number | undefined;
  let firstAt = 0;
  let coverage: Coverage | undefined;
  for (const surface of surfaces) {
    const { at } = surface;
    if (!changesPicture(surface)) continue;
    const isOver = at - (opening ?? at) > pauseMs || at - firstAt > patienceMs;
    if (opening !== undefined && isOver) break;
    const message = surfaceMessage.decode(surface.message);
    if (message.type === "epoch") {
      coverage = new Coverage(message);
      continue;
    }
    const rects = rectsOf(message);
    if (rects.length === 0) continue;
    if (opening === undefined) firstAt = at;
    opening = at;
    for (const rect of rects) coverage?.paint(rect);
    if (coverage?.isWhole) break;
  }
  return opening ?? 0;
}

function rectsOf(message: SurfaceMessage): readonly SurfaceRect[] {
  if (message.type === "preview") return [message.rect];
  return message.type === "update" ? message.rects : [];
}
