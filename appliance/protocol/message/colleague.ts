import { z } from "zod";
import {
  customerShape,
  lineText,
  lsidShape,
  representativeIdShape,
  unixMsShape,
} from "../session/state.ts";

/**
 * What colleagues ask of each other: to `join` a session, to `watch` it, to hand over its mouse and
 * keyboard (`control`), or, of who only watches, to `take-part` in it.
 */
export const colleagueAsks = ["join", "watch", "control", "take-part"] as const;
export type ColleagueAsk = (typeof colleagueAsks)[number];

/** Which question: one of a kind at a time between the same two about the same session. */
export const colleagueQuestionKeyShape = z.object({
  lsid: lsidShape,
  ask: z.enum(colleagueAsks),
  /** Who asks. */
  from: representativeIdShape,
});
export type ColleagueQuestionKey = z.infer<typeof colleagueQuestionKeyShape>;

/** A question of a colleague, as it is put to the one who answers. No answer in time means no. */
export const colleagueQuestionShape = colleagueQuestionKeyShape.extend({
  /** The name of who asks. */
  name: lineText,
  customer: customerShape,
  askedAt: unixMsShape,
});
export type ColleagueQuestion = z.infer<typeof colleagueQuestionShape>;
