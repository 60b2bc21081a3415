/**
 * What the client and the process of the conversation's files say to each other, where that process
 * runs as the customer and the client does not. One answer to each order, by the same id.
 */
import { z } from "zod";

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const id = z.int();
const sizeBytes = z.int().nonnegative();
const file = z.object({ name: z.string(), sizeBytes, sha256: z.string() });

/** To the process. `part` and `opened`: the id of the order that began it. */
export const ChatFilesOrder = z.discriminatedUnion("order", [
  z.object({ order: z.literal("begin"), id, file }),
  z.object({ order: z.literal("write"), id, part: id, bytes }),
  z.object({ order: z.literal("finish"), id, part: id }),
  z.object({ order: z.literal("discard"), id, part: id }),
  z.object({ order: z.literal("look"), id, path: z.string() }),
  z.object({ order: z.literal("open"), id, path: z.string() }),
  z.object({
    order: z.literal("read"),
    id,
    opened: id,
    fromByte: z.number(),
    maxBytes: z.number(),
  }),
  z.object({ order: z.literal("close"), id, opened: id }),
]);
export type ChatFilesOrder = z.infer<typeof ChatFilesOrder>;

/** From the process: what the order comes to, or an error's code and words. */
export const ChatFilesReport = z.discriminatedUnion("report", [
  z.object({ report: z.literal("done"), id, value: z.unknown() }),
  z.object({ report: z.literal("failed"), id, code: z.string(), message: z.string() }),
]);
export type ChatFilesReport = z.infer<typeof ChatFilesReport>;

/** What each order comes to, where it comes to something. */
export const values = {
  nothing: z.undefined(),
  finish: z.string().optional(),
  look: z.union([
    z.object({ file }),
    z.object({ refused: z.enum(["too-large", "unreadable"]), name: z.string() }),
  ]),
  open: z.object({ sizeBytes }),
  read: bytes,
};
