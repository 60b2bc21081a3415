import { choice, list, struct, tagged, type Tagged, u16, u8 } from "../codec/struct.ts";
import { HandrailError } from "../error.ts";
import { participantColours } from "../session/colours.ts";

/**
 * What a representative draws on the customer's screen, on a `draw` channel: seen there, and so in
 * the picture and the recording. It goes by itself; the customer's client answers nothing.
 */

/** What can be drawn; the numbers are those on the wire. */
const shapeNumbers = { pen: 1, arrow: 2, rectangle: 3, ring: 4, spot: 5 } as const;
/**
 * What can be drawn. - `pen`: a line through all points. - `arrow`: from the first point to the
 * last. - `rectangle` and `ring`: within the first and the last point. - `spot`: around the last.
 */
export type DrawShape = keyof typeof shapeNumbers;
/** All of them, in the order shown. */
export const drawShapes: readonly DrawShape[] = ["pen", "arrow", "rectangle", "ring", "spot"];

/** How long a stroke stays after its last point, ms. */
export const strokeStaysMs = 6000;
/** Most points of one stroke. */
export const maxStrokePoints = 2000;
/** Most points of one message. */
export const maxDrawPoints = 64;

const point = struct({ x: u16, y: u16 });
/**
 * - `begin`: a new stroke. `colour`: a place in `participantColours`. - `to`: more points of it.
 * - `clear`: whatever the representative has drawn goes at once.
 * Coordinates are pixels of the surface; what lies outside is not seen.
 */
const layouts = {
  begin: { tag: 1, layout: struct({ shape: choice(shapeNumbers), colour: u8, x: u16, y: u16 }) },
  to: { tag: 2, layout: struct({ points: list(point, maxDrawPoints) }) },
  clear: { tag: 3, layout: struct({}) },
} as const;

/** Encoder and decoder of what a console says on a `draw` channel. */
export const drawMessage = tagged(layouts);
/** One message of a console on a `draw` channel. */
export type DrawMessage = Tagged<typeof layouts>;

/** Reads what is drawn on one channel and holds it to the bounds, for whoever forwards or shows it. */
export class DrawIntake {
  /** Of the stroke that was begun; 0: none was. */
  #points = 0;

  /** @throws HandrailError `protocol-violation`, `frame-too-large` for too many points at once */
  take(bytes: Uint8Array): DrawMessage {
    const message = drawMessage.decode(bytes);
    if (message.type === "begin") this.#begin(message.colour);
    else if (message.type === "to") this.#add(message.points.length);
    else this.#points = 0;
    return message;
  }

  #begin(colour: number): void {
    if (colour >= participantColours.length) {
      throw new HandrailError("protocol-violation", `no colour ${colour}`);
    }
    this.#points = 1;
  }

  #add(count: number): void {
    if (this.#points === 0 || count === 0) {
      throw new HandrailError("protocol-violation", "points of no stroke");
    }
    this.#points += count;
    if (this.#points > maxStrokePoints) {
      throw new HandrailError("protocol-violation", "too many points in one stroke");
    }
  }
}
