import { flag, i16, struct, tagged, type Tagged, text, u16, u32, u8 } from "../codec/struct.ts";

/**
 * The controlling representative's mouse and keyboard, on an `input` channel.
 * - Coordinates are pixels of the surface; outside ones are clamped by the client.
 * - `button`: 1 left, 2 middle, 3 right, 8 back, 9 forward. - `wheel`: notches, right and down
 *   positive. - `key`: X11 keysym (X.Org keysymdef.h; Unicode as 0x01000000 + code point).
 * - `text`: typed as such, whatever the keyboard. - `releaseAll`: every key and button goes up.
 */
const inputLayouts = {
  move: { tag: 1, layout: struct({ x: u16, y: u16 }) },
  button: { tag: 2, layout: struct({ button: u8, down: flag, x: u16, y: u16 }) },
  wheel: { tag: 3, layout: struct({ dx: i16, dy: i16, x: u16, y: u16 }) },
  key: { tag: 4, layout: struct({ keysym: u32, down: flag }) },
  text: { tag: 5, layout: struct({ text: text(32 * 1024) }) },
  releaseAll: { tag: 6, layout: struct({}) },
} as const;

/** Encoder and decoder of input messages. */
export const inputMessage = tagged(inputLayouts);
/** One input message. */
export type InputMessage = Tagged<typeof inputLayouts>;
