import { HandrailError, isLsid, type Lsid, questionKinds } from "@handrail/protocol";
import { z } from "zod";
import { isDuplicate, type Store } from "./database.ts";
import { json } from "./row.ts";

const answerShape = z.object({
  question: z.object({ en: z.string(), fr: z.string() }),
  kind: z.enum(questionKinds),
  value: z.string(),
});
const rowShape = z.object({
  lsid: z.string().refine(isLsid),
  byId: z.string(),
  byName: z.string(),
  answers: json(z.array(answerShape)),
  at: z.number(),
});

/** What one person answered, each with its question as it was. `byId` is empty for the customer. */
export type SurveyAnswers = Readonly<z.infer<typeof rowShape>>;

/** Answers to the surveys, one set for each person of a session. */
export class SurveyStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Within whatever transaction is open. @throws HandrailError `conflict` for a second time */
  add({ lsid, byId, byName, answers, at }: SurveyAnswers): void {
    try {
      this.#store.raw
        .prepare(
          "INSERT INTO surveyAnswer (lsid, byId, byName, answers, at) VALUES (?, ?, ?, ?, ?)",
        )
        .run(lsid, byId, byName, JSON.stringify(answers), at);
    } catch (cause) {
      if (!isDuplicate(cause)) throw cause;
      throw new HandrailError("conflict", "answered before", { cause });
    }
  }

  /** Of one session, the first first. */
  ofSession(lsid: Lsid): SurveyAnswers[] {
    return this.#store.raw
      .prepare("SELECT * FROM surveyAnswer WHERE lsid = ? ORDER BY at")
      .all(lsid)
      .map((row): SurveyAnswers => rowShape.parse(row));
  }

  /** Of all sessions, the first first. */
  *all(): Generator<SurveyAnswers> {
    const rows = this.#store.raw.prepare("SELECT * FROM surveyAnswer ORDER BY at").iterate();
    for (const row of rows) yield rowShape.parse(row);
  }
}
