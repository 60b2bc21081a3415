import { type SurfaceMessage, surfaceMessage } from "@handrail/protocol";
import { changesPicture, type Recording } from "./recording.ts";

/** The first picture comes in pieces: it is there when so much of it is, */
const enoughOfIt = 0.9;
/** or nothing more has come for so long, ms, */
const pauseMs = 200;
/** or so long after its first piece, ms. */
const patienceMs = 1000;

/**
 * When there is first something to see, in ms since the recording began; 0 when there never is.
 * What comes before is black: consent has been asked for, and the picture is under way.
 */
export function openingMs({ surfaces }: Pick<Recording, "surfaces">): number {
  let opening: number | undefined;
  let firstAt = 0;
  let area = Infinity;
  let covered = 0;
  for (const surface of surfaces) {
    const { at } = surface;
    if (!changesPicture(surface)) continue;
    const isOver = at - (opening ?? at) > pauseMs || at - firstAt > patienceMs;
    if (opening !== undefined && isOver) break;
    const message = surfaceMessage.decode(surface.message);
    if (message.type === "epoch") {
      area = message.width * message.height;
      covered = 0;
      continue;
    }
    const painted = areaOf(message);
    if (painted === 0) continue;
    if (opening === undefined) firstAt = at;
    opening = at;
    covered += painted;
    if (covered >= area * enoughOfIt) break;
  }
  return opening ?? 0;
}

function areaOf(message: SurfaceMessage): number {
  if (message.type === "preview") return message.rect.width * message.rect.height;
  if (message.type !== "update") return 0;
  return message.rects.reduce((sum, { width, height }) => sum + width * height, 0);
}
