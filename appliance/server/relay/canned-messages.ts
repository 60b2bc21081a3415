import { oneLine, type PersonLanguage, personLanguages, unknownMacros } from "@handrail/protocol";
import { z } from "zod";
import type { AuditedKind } from "./definitions.ts";

/** A message that representatives choose instead of writing it. */
export interface CannedMessageBody {
  readonly title: string;
  readonly text: string;
  /** What it is written in; empty: it is for customers of every language. */
  readonly language: PersonLanguage | "";
}

const shape = z.strictObject({
  title: z.string().overwrite(oneLine).min(1, "a title is needed").max(100),
  text: z
    .string()
    .trim()
    .min(1, "a text is needed")
    .max(4096)
    .refine((text) => unknownMacros(text).length === 0, "a macro in it does not exist"),
  language: z.enum([...personLanguages, ""]).default(""),
});

/** Messages that administrators have written for all. */
export const cannedMessageKind: AuditedKind<CannedMessageBody> = {
  kind: "canned-message",
  shape,
  nameOf: ({ title }) => title,
  factsOf: ({ language }) => ({ language }),
  limit: 200,
  events: {
    added: "canned-message.added",
    changed: "canned-message.changed",
    removed: "canned-message.removed",
  },
};
