import { z } from "zod";
import { plainText } from "./plain-text.ts";

/** Most bytes of a runbook that are read. */
const maxFileBytes = 32 * 1024 * 1024;

const resultShape = z.object({
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
/** How a cell ran. */
export type CellResult = z.infer<typeof resultShape>;

// A runbook comes from anywhere: what it says was output is neutralised like output.
const plain = z.string().overwrite(plainText);

const cellShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("markdown"), text: z.string() }),
  z.object({
    kind: z.literal("script"),
    text: z.string(),
    stdout: plain.default(""),
    stderr: plain.default(""),
    result: resultShape.extend({ computer: plain, ending: plain }).optional(),
  }),
]);
/** A cell of a runbook. */
export type RunbookCell = z.infer<typeof cellShape>;

const runbookShape = z.object({
  handrailRunbook: z.literal(1),
  cells: z.array(cellShape).max(1000),
});

/** The cells of a `.runbook` file; an empty file is an empty runbook. @throws Error for any other */
export function readRunbook(bytes: Uint8Array): RunbookCell[] {
  if (bytes.length > maxFileBytes) throw new Error("the runbook is too large");
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === "") return [];
  return runbookShape.parse(JSON.parse(text)).cells;
}

/** A `.runbook` file: JSON with a line for each value, so that versions can be compared. */
export function writeRunbook(cells: readonly RunbookCell[]): Uint8Array {
  const runbook = { handrailRunbook: 1, cells };
  return new TextEncoder().encode(`${JSON.stringify(runbook, undefined, 2)}\n`);
}
