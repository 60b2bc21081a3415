import { z } from "zod";

/**
 * The appliance stops in `afterMs`, by the order of whoever runs it, and comes back by itself;
 * sessions go on with the line. For people to know: programs need do nothing.
 */
export const restartingShape = z.object({ afterMs: z.int().min(0).max(3_600_000) });
