/** What the client and the process that draws say to each other. */
import { z } from "zod";

/**
 * To the process: a message of a `draw` channel, or the end of what was drawn in one use. To each it
 * answers with `shown` once the screen shows it.
 */
export const DrawOrder = z.discriminatedUnion("order", [
  z.object({
    order: z.literal("draw"),
    use: z.number(),
    by: z.string(),
    message: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
  z.object({ order: z.literal("clear"), use: z.number() }),
]);
export type DrawOrder = z.infer<typeof DrawOrder>;

/** The one answer to an order. */
export const shown = "shown";
