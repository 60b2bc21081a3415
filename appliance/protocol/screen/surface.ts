import {
  flag,
  i16,
  list,
  rest,
  struct,
  tagged,
  type Tagged,
  tagsOf,
  text,
  u16,
  u32,
  u8,
  type ValueOf,
} from "../codec/struct.ts";

/** Most rectangles in one update. */
export const maxRects = 4096;
/** Largest surface, per side, in pixels. */
export const maxSide = 16384;
/** Most bytes that the pixels of one update may unpack to: a whole largest surface. */
export const maxSurfacePixels = 64 * 1024 * 1024;

/** A rectangle in pixels; `x`,`y` inclusive, width and height at least 1. */
const rect = struct({ x: u16, y: u16, width: u16, height: u16 });
/** One rectangle of the surface. */
export type SurfaceRect = ValueOf<typeof rect>;

const display = struct({
  id: u8,
  x: i16,
  y: i16,
  width: u16,
  height: u16,
  primary: flag,
  name: text(128),
});
/** One monitor, in coordinates of the surface. */
export type SurfaceDisplay = ValueOf<typeof display>;

/** Pixels of `rect` are taken from `rect` moved by (dx, dy), all reads before any write. */
const copy = struct({ rect, dx: i16, dy: i16 });
/** One scroll. */
export type SurfaceCopy = ValueOf<typeof copy>;

/**
 * The surface stream, customer client to viewer, on a `screen` channel.
 * - `epoch`: a new picture begins: black surface of this size, a new zstd stream, sequence from 1.
 *   `startedAt` in Unix ms, in two parts (high = floor(ms / 2^32)).
 * - `update`: first all copies in order, then the rectangles in order, whose pixels follow one
 *   another in `packed`: row-reset QOI (screen/qoi.ts) through the epoch's one zstd stream (RFC
 *   8878, window at most 2^22 bytes), flushed at the end of each message.
 *   `capturedMs` since the epoch began.
 * - `preview`: one rectangle at 1/`scale` size, to be shown enlarged until exact updates cover it;
 *   its pixels (ceil(width/scale) × ceil(height/scale)) go through the same zstd stream.
 * - `cursor`: the pointer's shape, premultiplied RGBA; size 0 × 0 hides it. `pointer`: where it is.
 * - `displays`: the monitors changed but the surface did not.
 * - `restart`: the picture and the sequence go on, but the zstd stream that was is over: what comes
 *   next is packed by a new one, and so can be read by who has the picture but not the past.
 */
const surfaceLayouts = {
  epoch: {
    tag: 1,
    layout: struct({
      epoch: u32,
      width: u16,
      height: u16,
      startedHigh: u32,
      startedLow: u32,
      displays: list(display, 32),
    }),
  },
  update: {
    tag: 2,
    layout: struct({
      seq: u32,
      capturedMs: u32,
      copies: list(copy, maxRects),
      rects: list(rect, maxRects),
      packed: rest,
    }),
  },
  preview: {
    tag: 3,
    layout: struct({ seq: u32, capturedMs: u32, scale: u8, rect, packed: rest }),
  },
  cursor: {
    tag: 4,
    layout: struct({ width: u16, height: u16, hotX: u16, hotY: u16, rgba: rest }),
  },
  pointer: { tag: 5, layout: struct({ x: u16, y: u16 }) },
  displays: { tag: 6, layout: struct({ displays: list(display, 32) }) },
  restart: { tag: 7, layout: struct({}) },
} as const;

/** Encoder and decoder of the surface stream. */
export const surfaceMessage = tagged(surfaceLayouts);
/** A message of the surface stream. */
export type SurfaceMessage = Tagged<typeof surfaceLayouts>;
/** The first byte of each message, for who goes by it without reading the rest. */
export const surfaceTags = tagsOf(surfaceLayouts);

/**
 * What comes back on the same channel.
 * From viewers: - `ack`: update or preview `seq` of `epoch` is painted. - `refresh`: begin a new
 * epoch.
 * From the appliance alone, since version 2: - `restart`: send `restart` as soon as you can, also
 * when nothing has changed. - `hold`: nobody looks any more (`on`), or somebody does again; until
 * then nothing is captured, and what was sent is not acknowledged.
 */
const viewerLayouts = {
  ack: { tag: 1, layout: struct({ epoch: u32, seq: u32 }) },
  refresh: { tag: 2, layout: struct({}) },
  restart: { tag: 3, layout: struct({}) },
  hold: { tag: 4, layout: struct({ on: flag }) },
} as const;

/** Encoder and decoder of a viewer's answers. */
export const viewerMessage = tagged(viewerLayouts);
/** A viewer's answer. */
export type ViewerMessage = Tagged<typeof viewerLayouts>;
/** The first byte of each answer. */
export const viewerTags = tagsOf(viewerLayouts);
