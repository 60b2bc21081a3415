import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { SyslogDesk } from "../syslog/desk.ts";
import type { SyslogExport } from "../syslog/export.ts";
import { targetShape } from "../syslog/target.ts";
import { administrator, read } from "./context.ts";

/** What the page of syslog rests on. */
export interface SyslogOptions {
  readonly browserSessions: BrowserSessions;
  readonly syslogDesk: SyslogDesk;
  readonly syslogExport: SyslogExport;
}

const changeForm = z.strictObject({ target: targetShape.optional() });
const testForm = z.strictObject({ target: targetShape });

/** Where the audit log is sent, for administrators. */
export function syslogRoutes(app: FastifyInstance, options: SyslogOptions): void {
  const { browserSessions, syslogDesk: desk, syslogExport } = options;

  /** GET syslog → `{target?: SyslogTarget, state: SyslogState}`. */
  app.get("/syslog", async (request) => {
    await administrator(browserSessions, request);
    const { target } = desk;
    return { ...(target ? { target } : {}), state: syslogExport.state };
  });

  /** PATCH syslog `{target?}` → `{}`; without a target nothing is sent any more. */
  app.patch("/syslog", async (request) => {
    const { account } = await administrator(browserSessions, request);
    const { target } = read(changeForm, request.body);
    await desk.change(target, { name: account.displayName, id: account.id });
    syslogExport.wake();
    return {};
  });

  /** POST syslog/test `{target}` → `TestOutcome`; changes nothing. */
  app.post("/syslog/test", async (request) => {
    const { account } = await administrator(browserSessions, request);
    const { target } = read(testForm, request.body);
    return desk.test(target, { name: account.displayName, id: account.id });
  });
}
