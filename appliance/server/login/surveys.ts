import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { BrowserSessions } from "../auth/browser-session.ts";
import { csvLine } from "../page/csv.ts";
import type { Surveys } from "../relay/surveys.ts";
import type { AuditLog } from "../store/audit.ts";
import { administrator } from "./context.ts";

/** What the answers to surveys are exported from. */
export interface SurveysOptions {
  readonly browserSessions: BrowserSessions;
  readonly site: { readonly surveys: Surveys };
  readonly audit: AuditLog;
}

/** Answers to surveys, for administrators. */
export function surveysRoutes(app: FastifyInstance, options: SurveysOptions): void {
  const { audit, browserSessions, site } = options;

  /** GET surveys/export → every answer as a table (CSV). That it was taken is audited first. */
  app.get("/surveys/export", async (request, reply) => {
    const { account } = await administrator(browserSessions, request);
    const { name: who, id: whoId } = account;
    await audit.append({ event: "survey.exported", who, whoId });
    return reply
      .type("text/csv; charset=utf-8")
      .header("cache-control", "no-store")
      .header("content-disposition", 'attachment; filename="surveys.csv"')
      .send(Readable.from(linesOf(site.surveys)));
  });
}

function* linesOf(surveys: Surveys): Generator<string> {
  yield csvLine(["time", "session", "by", "who", "question", "kind", "answer"]);
  for (const { at, lsid, byId, byName, answers } of surveys.all()) {
    const time = new Date(at).toISOString();
    const by = byId === "" ? "customer" : "representative";
    for (const { question, kind, value } of answers) {
      yield csvLine([time, lsid, by, byName, question.en, kind, value]);
    }
  }
}
