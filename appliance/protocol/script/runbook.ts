import { z } from "zod";

/** How a cell of a runbook ran. */
export const cellResultShape = z.object({
  /** Where it ran, for people. */
  computer: z.string(),
  /** Unix ms. */
  startedAt: z.number(),
  durationMs: z.number(),
  /** Absent: the script did not get as far. */
  exitCode: z.number().optional(),
  /** How it ended, in words. */
  ending: z.string(),
});
export type CellResult = z.infer<typeof cellResultShape>;

const cellShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("markdown"), text: z.string() }),
  z.object({
    kind: z.literal("script"),
    text: z.string(),
    stdout: z.string().default(""),
    stderr: z.string().default(""),
    result: cellResultShape.optional(),
  }),
]);
/** A cell of a runbook. */
export type RunbookCell = z.infer<typeof cellShape>;

/** A `.runbook` file: JSON. What it says was output comes from anywhere, and may hold anything. */
export const runbookShape = z.object({
  handrailRunbook: z.literal(1),
  cells: z.array(cellShape).max(1000),
});
