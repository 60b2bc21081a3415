import { Readable } from "node:stream";
import { auditKinds } from "@handrail/protocol/upkeep";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Accounts } from "../auth/accounts.ts";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { AuditLog } from "../store/audit.ts";
import type { AuditRow } from "../store/audit-row.ts";
import { csvLine } from "../page/csv.ts";
import { administrator, read } from "./context.ts";

/** What the page of the audit log rests on. */
export interface AuditOptions {
  readonly accounts: Accounts;
  readonly audit: AuditLog;
  readonly browserSessions: BrowserSessions;
}

const moment = z.coerce.number().int().nonnegative().optional();
const searchShape = {
  kind: z.enum(auditKinds).optional(),
  whoId: z.string().max(64).optional(),
  from: moment,
  to: moment,
  text: z.string().trim().max(100).optional(),
};
const pageQuery = z.object({
  ...searchShape,
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const exportQuery = z.object({ ...searchShape, format: z.enum(["csv", "jsonl"]) });

/** What has been done on the appliance, for administrators. */
export function auditRoutes(app: FastifyInstance, options: AuditOptions): void {
  const { accounts, audit, browserSessions } = options;

  /**
   * GET audit?before=&limit=&kind=&whoId=&from=&to=&text= → `{rows: [{seq, at, event, who, whoId?,
   * lsid?, detail, hash}], people: {[id]: displayName}}`, newest first. Times in Unix ms, `to`
   * exclusive; `people` has the names of today, of every account.
   */
  app.get("/audit", async (request) => {
    await administrator(browserSessions, request);
    const rows = audit.page(read(pageQuery, request.query));
    const known = await accounts.list();
    const people = Object.fromEntries(known.map(({ id, displayName }) => [id, displayName]));
    return { rows, people };
  });

  /**
   * GET audit/export?format=&kind=&… → the same rows in the order of the log, as a file: `jsonl` for
   * one JSON object a line, `csv` as in RFC 4180. That it was taken is audited first.
   */
  app.get("/audit/export", async (request, reply) => {
    const { account } = await administrator(browserSessions, request);
    const { format, ...search } = read(exportQuery, request.query);
    const { name: who, id: whoId } = account;
    await audit.append({ event: "audit.exported", who, whoId, detail: { format } });
    const lines = format === "csv" ? csvLines(audit.all(search)) : jsonLines(audit.all(search));
    return reply
      .type(format === "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8")
      .header("cache-control", "no-store")
      .header("content-disposition", `attachment; filename="audit.${format}"`)
      .send(Readable.from(lines));
  });
}

function* jsonLines(rows: Iterable<AuditRow>): Generator<string> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}

function* csvLines(rows: Iterable<AuditRow>): Generator<string> {
  yield csvLine(["row", "time", "event", "who", "account", "session", "details", "hash"]);
  for (const { seq, at, event, who, whoId = "", lsid = "", detail, hash } of rows) {
    const time = new Date(at).toISOString();
    yield csvLine([String(seq), time, event, who, whoId, lsid, JSON.stringify(detail), hash]);
  }
}
