/** What the client and the process of its clipboard say to each other. */
import { clipboardFormats, clipboardRefusals } from "@handrail/protocol";
import { z } from "zod";

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const copy = z.object({ format: z.enum(clipboardFormats), bytes });

/** To the process: answered in any order, by the same id. */
export const ClipboardOrder = z.discriminatedUnion("order", [
  z.object({ order: z.literal("read"), id: z.number() }),
  z.object({ order: z.literal("place"), id: z.number(), copy }),
]);
export type ClipboardOrder = z.infer<typeof ClipboardOrder>;

/** From the process. */
export const ClipboardReport = z.discriminatedUnion("report", [
  z.object({ report: z.literal("ready") }),
  z.object({ report: z.literal("found"), id: z.number(), copy, sha256: z.string() }),
  z.object({ report: z.literal("none"), id: z.number(), reason: z.enum(clipboardRefusals) }),
  z.object({ report: z.literal("placed"), id: z.number(), sha256: z.string().optional() }),
  z.object({ report: z.literal("changed"), times: z.number() }),
]);
export type ClipboardReport = z.infer<typeof ClipboardReport>;
