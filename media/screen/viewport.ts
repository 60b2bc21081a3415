import type { SurfaceRect } from "@handrail/protocol";
import type { Zoom } from "../pane/contract.ts";

/** A size in CSS pixels or, of a surface, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a part of the surface lies on the page. */
export interface Placement {
  /** CSS pixels per surface pixel. */
  readonly scale: number;
  /** The part of the surface that is shown. */
  readonly part: SurfaceRect;
  /** Size of that part on the page, in CSS pixels. */
  readonly shown: Size;
}

/** Larger than this a small screen only looks coarse. */
const maxFitScale = 3;

/**
 * Places `part` (all of the surface, or one monitor) in a pane. `fit`: all of it visible, its
 * proportions kept. `actual`: one surface pixel to one device pixel; the pane scrolls.
 */
export function place(
  part: SurfaceRect,
  pane: Size,
  { zoom, devicePixelRatio }: { zoom: Zoom; devicePixelRatio: number },
): Placement {
  const fitting = Math.min(pane.width / part.width, pane.height / part.height, maxFitScale);
  const scale = zoom === "actual" ? 1 / devicePixelRatio : Math.max(fitting, 1 / part.width);
  return { scale, part, shown: { width: part.width * scale, height: part.height * scale } };
}

/**
 * The surface pixel under a point of the page, given relative to the upper left corner of the shown
 * part, in CSS pixels. Points outside give the nearest pixel inside.
 */
export function toSurface(
  { scale, part }: Placement,
  point: { x: number; y: number },
): { x: number; y: number } {
  return {
    x: part.x + clamp(Math.floor(point.x / scale), part.width - 1),
    y: part.y + clamp(Math.floor(point.y / scale), part.height - 1),
  };
}

/** Where the upper left corner of a surface pixel is on the page; the inverse of `toSurface`. */
export function toPage(
  { scale, part }: Placement,
  pixel: { x: number; y: number },
): { x: number; y: number } {
  return { x: (pixel.x - part.x) * scale, y: (pixel.y - part.y) * scale };
}

/**
 * The part of the surface to show: one monitor by its id, as far as it lies on the surface, or all
 * of it, also when that monitor is gone.
 */
export function partOf(
  surface: Size,
  displays: readonly { id: number; x: number; y: number; width: number; height: number }[],
  monitor: number | "all",
): SurfaceRect {
  const all = { x: 0, y: 0, width: surface.width, height: surface.height };
  const display = displays.find(({ id }) => id === monitor);
  if (!display) return all;
  const x = clamp(display.x, surface.width);
  const y = clamp(display.y, surface.height);
  const width = Math.min(surface.width, display.x + display.width) - x;
  const height = Math.min(surface.height, display.y + display.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : all;
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
