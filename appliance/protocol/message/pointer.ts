import { z } from "zod";
import { maxSide } from "../screen/surface.ts";
import { representativeIdShape } from "../session/state.ts";

const side = z
  .int()
  .min(0)
  .max(maxSide - 1);

/** A pixel of the surface. */
export const placeShape = z.object({ x: side, y: side });
export type Place = z.infer<typeof placeShape>;

/** Where somebody who takes part points on the picture; null: nowhere any more. */
export const pointerShape = z.object({ id: representativeIdShape, at: placeShape.nullable() });
export type ColleaguePointer = z.infer<typeof pointerShape>;
