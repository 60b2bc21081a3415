/**
 * What the client and its program with an administrator's rights say to each other: one JSON object
 * per line, over standard input and output. Bytes are base64.
 */
import { z } from "zod";
import { Lines } from "../window/message.ts";

const variables = z.record(z.string(), z.string());
const bytes = z.base64();

/** To the program with the rights. The first says what it is for, and there is only one of these. */
export const ElevatedOrder = z.discriminatedUnion("order", [
  z.object({
    order: z.literal("shell"),
    /** See `ShellStart`. */
    nonce: z.string(),
    columns: z.number(),
    rows: z.number(),
    variables,
  }),
  z.object({
    order: z.literal("script"),
    text: z.string(),
    /** What the script gets besides. */
    added: variables,
    variables,
  }),
  /** `join`: what the client reads from its standard input. */
  z.object({ order: z.literal("client"), join: z.string(), variables }),
  z.object({ order: z.literal("input"), bytes }),
  z.object({ order: z.literal("resize"), columns: z.number(), rows: z.number() }),
  z.object({ order: z.literal("pause") }),
  z.object({ order: z.literal("resume") }),
  /** Ends what runs; it has a moment for its last words. */
  z.object({ order: z.literal("end") }),
  /** The same at once. */
  z.object({ order: z.literal("kill") }),
]);
export type ElevatedOrder = z.infer<typeof ElevatedOrder>;

/** From the program with the rights. */
export const ElevatedReport = z.discriminatedUnion("report", [
  /** The rights are there. `shell`: path of the administrator's. */
  z.object({ report: z.literal("ready"), shell: z.string() }),
  z.object({ report: z.literal("output"), stream: z.enum(["stdout", "stderr"]), bytes }),
  /** The terminal has the next of what was typed. */
  z.object({ report: z.literal("taken") }),
  z.object({ report: z.literal("exited"), code: z.number() }),
]);
export type ElevatedReport = z.infer<typeof ElevatedReport>;

/** Longest report, in characters: what is read of a terminal at once, many times over. */
const maxReportLength = 1024 * 1024;

/** Reads what a program with the rights says, which may be somebody else's program. */
export class ReportReader {
  readonly #lines = new Lines(maxReportLength);

  /** Undefined: it says what no program of ours says. */
  push(bytes: Uint8Array): ElevatedReport[] | undefined {
    try {
      return this.#lines.push(bytes).map((line) => ElevatedReport.parse(JSON.parse(line)));
    } catch {
      return undefined;
    }
  }
}
