import { z } from "zod";
import { fieldIdShape, maxFieldLength, personLanguages, personText } from "./state.ts";

/** What an administrator defines for all sessions of a site. */

/** 32 hex digits. */
const idShape = z.string().regex(/^[0-9a-f]{32}$/);

/**
 * A message that representatives choose instead of writing it. `text` may hold macros; `language`:
 * what it is written in, where it is not for customers of every language.
 */
export const cannedMessageShape = z.object({
  id: idShape,
  title: personText(100),
  text: z.string().max(4096),
  language: z.enum(personLanguages).optional().catch(undefined),
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

/** Who is asked when a session is over. */
export const surveyAudiences = ["customer", "representative"] as const;
export type SurveyAudience = (typeof surveyAudiences)[number];
/** How a question is answered: from 1 to 5 (5 is best), `yes` or `no`, or in one's own words. */
export const questionKinds = ["scale", "yes-no", "text"] as const;
export type QuestionKind = (typeof questionKinds)[number];
/** Longest answer in one's own words, in UTF-16 units. */
export const maxAnswerLength = 2000;

/** A question of a survey, in every language that people are asked in. */
export const surveyQuestionShape = z.object({
  id: idShape,
  text: z.object({ en: personText(200), fr: personText(200) }),
  kind: z.enum(questionKinds).catch("text"),
});
export type SurveyQuestion = z.infer<typeof surveyQuestionShape>;

/** What somebody says to a question; empty: nothing. */
export const answerShape = z.object({ id: idShape, value: z.string().max(maxAnswerLength) });
export type Answer = z.infer<typeof answerShape>;
/** What somebody says to a survey. */
export const answersShape = z.array(answerShape).min(1).max(12);
