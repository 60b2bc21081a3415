import { z } from "zod";
import { lsidShape, personText, unixMsShape } from "../session/state.ts";
import { jsonMessage } from "./json-message.ts";
import { systemAnswerShape, systemCategories } from "./system.ts";

/** Most bytes of answers that one snapshot is made of. */
export const maxSnapshotBytes = 8 * 1024 * 1024;

const readingShape = z.object({ category: z.enum(systemCategories), answer: systemAnswerShape });
/** What a computer said of one category. */
export type SystemReading = Readonly<z.infer<typeof readingShape>>;

const snapshotShape = z.object({
  lsid: lsidShape,
  customer: personText(100),
  computer: personText(255),
  /** By the clock of whoever read it, Unix ms. */
  takenAt: unixMsShape,
  readings: z.array(readingShape).max(systemCategories.length).readonly(),
});
/** What was read of one computer at one moment. */
export type SystemSnapshot = Readonly<z.infer<typeof snapshotShape>>;

/** Writes and reads the snapshot that is kept with a session: JSON. */
export const systemSnapshot = jsonMessage<SystemSnapshot>(snapshotShape);
