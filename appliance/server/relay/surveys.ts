import {
  type Answer,
  HandrailError,
  type Lsid,
  maxAnswerLength,
  oneLine,
  type QuestionKind,
  questionKinds,
  surveyAudiences,
  type SurveyAudience,
  type SurveyQuestion,
} from "@handrail/protocol";
import { z } from "zod";
import type { Account } from "../auth/account.ts";
import type { Clock } from "../clock.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Store } from "../store/database.ts";
import { type SurveyAnswers, SurveyStore } from "../store/surveys.ts";
import { type AuditedKind, Definitions } from "./definitions.ts";

const text = z.string().overwrite(oneLine).min(1, "a question is needed").max(200);

/** A question of a survey, as an administrator has defined it. */
export interface QuestionBody extends Omit<SurveyQuestion, "id"> {
  readonly audience: SurveyAudience;
}

/** Questions that are asked when a session is over. */
export const questionKind: AuditedKind<QuestionBody> = {
  kind: "question",
  shape: z.strictObject({
    text: z.strictObject({ en: text, fr: text }),
    audience: z.enum(surveyAudiences),
    kind: z.enum(questionKinds),
  }),
  nameOf: ({ text: { en }, audience }) => `${en} (${audience})`,
  // More than a few nobody answers.
  limit: 12,
  events: { added: "question.added", changed: "question.changed", removed: "question.removed" },
};

/** Who answers: the customer of a session, or a representative. */
export type Respondent = Account | { readonly customer: string };

/** What surveys rest on. */
export interface SurveysOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** The surveys at the end of sessions: their questions, and what was answered. */
export class Surveys {
  readonly questions: Definitions<QuestionBody>;
  readonly #answers: SurveyStore;
  readonly #audit: AuditLog;
  readonly #clock: Clock;

  constructor(options: SurveysOptions) {
    this.questions = new Definitions(options, questionKind);
    this.#answers = new SurveyStore(options.store);
    this.#audit = options.audit;
    this.#clock = options.clock;
  }

  /** What is asked of an audience now. */
  list(audience: SurveyAudience): SurveyQuestion[] {
    return this.questions
      .list()
      .filter(({ body }) => body.audience === audience)
      .map(({ id, body }) => ({ id, text: body.text, kind: body.kind }));
  }

  /**
   * Keeps what somebody answered after a session; what was left out stays out.
   * @throws HandrailError `bad-request`, `conflict` when they have answered before, `disk-full`
   */
  async answer(lsid: Lsid, by: Respondent, given: readonly Answer[]): Promise<void> {
    const isCustomer = "customer" in by;
    const questions = this.list(isCustomer ? "customer" : "representative");
    const answers = given
      .map((each) => checked(each, questions))
      .filter(({ value }) => value !== "");
    if (answers.length === 0) throw new HandrailError("bad-request", "nothing is answered");
    const who = isCustomer ? by.customer || "customer" : by.displayName;
    const whoId = isCustomer ? undefined : by.id;
    const at = this.#clock.now();
    const kept: SurveyAnswers = { lsid, byId: whoId ?? "", byName: who, answers, at };
    const detail = { answers: answers.length };
    await this.#audit.append(
      { event: "survey.answered", who, ...(whoId ? { whoId } : {}), lsid, detail },
      { also: () => this.#answers.add(kept) },
    );
  }

  /** Of one session, the first first. */
  ofSession(lsid: Lsid): SurveyAnswers[] {
    return this.#answers.ofSession(lsid);
  }

  /** Of all sessions, the first first. */
  all(): Iterable<SurveyAnswers> {
    return this.#answers.all();
  }
}

function checked({ id, value }: Answer, questions: readonly SurveyQuestion[]) {
  const question = questions.find((each) => each.id === id);
  if (!question) throw new HandrailError("bad-request", "no such question");
  if (value !== "" && !isAnswer(question.kind, value)) {
    throw new HandrailError("bad-request", "no answer to this question");
  }
  return { question: question.text, kind: question.kind, value };
}

function isAnswer(kind: QuestionKind, value: string): boolean {
  switch (kind) {
    case "scale":
      return /^[1-5]$/.test(value);
    case "yes-no":
      return value === "yes" || value === "no";
    case "text":
      return value.length <= maxAnswerLength;
  }
}
