/**
 * The process that draws on the customer's screen, started by the client and by nobody else: the
 * capture waits for none of it. It ends with the client and with the display, and the X server takes
 * its windows away with it; what was drawn goes by itself, also when the client hangs.
 */
import { drawMessage } from "@handrail/protocol";
import { Sketch } from "../../core/draw/sketch.ts";
import { systemClock } from "../clock.ts";
import { DrawOrder, shown } from "./message.ts";
import { openOverlay } from "./overlay.ts";

const overlay = openOverlay({ lost: () => process.exit() });
const sketches = new Map<number, Sketch>();

function sketchOf(use: number, by: string): Sketch {
  const known = sketches.get(use);
  if (known) return known;
  const made = new Sketch(overlay.open(by), systemClock);
  sketches.set(use, made);
  return made;
}

function obey(order: DrawOrder): void {
  if (order.order === "draw") {
    return sketchOf(order.use, order.by).take(drawMessage.decode(order.message));
  }
  sketches.get(order.use)?.clear();
  sketches.delete(order.use);
}

process.on("message", (message) => {
  obey(DrawOrder.parse(message));
  // Else the X server has more and more to draw, and everything else waits for it.
  overlay.settle();
  process.send?.(shown);
});
process.on("disconnect", () => process.exit());
