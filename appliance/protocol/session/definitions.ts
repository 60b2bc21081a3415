import { z } from "zod";
import { personText } from "./state.ts";

/** What an administrator defines for all sessions of a site. */

/** 32 hex digits. */
const idShape = z.string().regex(/^[0-9a-f]{32}$/);

/** A message that representatives choose instead of writing it. `text` may hold macros. */
export const cannedMessageShape = z.object({
  id: idShape,
  title: personText(100),
  text: z.string().max(4096),
});
export type CannedMessage = z.infer<typeof cannedMessageShape>;
