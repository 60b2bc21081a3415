import { z } from "zod";
import { fieldIdShape, maxFieldLength, personText } from "./state.ts";

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

/** How a field is filled in. */
export const fieldKinds = ["text", "choice"] as const;
/** A field of sessions. Of the external key `name` is empty: it has one in every language. */
export const fieldDefinitionShape = z.object({
  id: fieldIdShape,
  name: personText(100),
  kind: z.enum(fieldKinds).catch("text"),
  choices: z.array(personText(maxFieldLength)),
  isRequired: z.boolean(),
});
export type FieldDefinition = z.infer<typeof fieldDefinitionShape>;
