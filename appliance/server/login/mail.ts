import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { MailDesk } from "../mail/desk.ts";
import type { Post } from "../mail/post.ts";
import { addressShape, mailForm } from "../mail/settings.ts";
import { administrator, read } from "./context.ts";

/** What the page of mail rests on. */
export interface MailOptions {
  readonly browserSessions: BrowserSessions;
  readonly mailDesk: MailDesk;
  readonly post: Post;
}

const changeForm = z.strictObject({ mail: mailForm.optional() });
const testForm = z.strictObject({ mail: mailForm, to: addressShape });

/** How the appliance sends mail, for administrators. */
export function mailRoutes(app: FastifyInstance, options: MailOptions): void {
  const { browserSessions, mailDesk: desk, post } = options;

  /** GET mail → `{mail?: MailSettings, hasPassword, state: MailState}`; never the password. */
  app.get("/mail", async (request) => {
    await administrator(browserSessions, request);
    const { mail: kept, outbox } = desk;
    const { state } = outbox;
    if (!kept) return { hasPassword: false, state };
    const { password, ...mail } = kept;
    return { mail, hasPassword: password !== "", state };
  });

  /** PATCH mail `{mail?}` → `{}`; without it no mail is sent any more. */
  app.patch("/mail", async (request) => {
    const { account } = await administrator(browserSessions, request);
    const { mail } = read(changeForm, request.body);
    await desk.change(mail, { name: account.displayName, id: account.id });
    post.wake();
    return {};
  });

  /** POST mail/test `{mail, to}` → `MailOutcome`; changes nothing. */
  app.post("/mail/test", async (request) => {
    const { account } = await administrator(browserSessions, request);
    const { mail, to } = read(testForm, request.body);
    return desk.test(mail, to, { name: account.displayName, id: account.id });
  });
}
