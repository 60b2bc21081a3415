import { HandrailError } from "@handrail/protocol";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { Accounts } from "../auth/accounts.ts";
import type { Attempts } from "../auth/attempts.ts";
import {
  browserSessionCookie,
  type BrowserSessions,
  secretCookie,
} from "../auth/browser-session.ts";
import { maxPasswordLength } from "../auth/password.ts";
import type { SignIn } from "../auth/sign-in.ts";
import { keepSession, keepTicket, ticketOf } from "../page/sign-in-cookies.ts";
import { Refusal } from "../refusal.ts";
import { read, signedIn } from "./context.ts";
import { accountFields } from "./representatives.ts";
import { signInRefusal } from "./sign-in-refusal.ts";

/** What the way into /login rests on. */
export interface EntryOptions {
  readonly accounts: Accounts;
  readonly signIn: SignIn;
  readonly browserSessions: BrowserSessions;
  /** How often set-up codes may be guessed. */
  readonly attempts: Attempts;
  readonly siteName: string;
  readonly version: string;
}

const setUpForm = z.object({ code: z.string().max(64), ...accountFields });
const signInForm = z.object({
  name: z.string().trim().max(100),
  password: z.string().max(maxPasswordLength),
});

/** The first administrator, signing in and out, and who one is. */
export function entryRoutes(app: FastifyInstance, options: EntryOptions): void {
  const { accounts, browserSessions, siteName, version } = options;

  /**
   * GET state → `{siteName, version, setUpNeeded, signedIn?: {id, name, displayName, role, csrf},
   * next?}`; `next` as in `sign-in`, of a browser whose sign-in is half done.
   */
  app.get("/state", async (request, reply) => {
    const session = await browserSessions.find(request.cookies[browserSessionCookie]);
    const { id, name, displayName, role } = session?.account ?? {};
    const me = session && { id, name, displayName, role, csrf: session.csrf };
    const state = { siteName, version, setUpNeeded: accounts.needsSetUp };
    if (me) return noStore(reply).send({ ...state, signedIn: me });
    const next = options.signIn.stepOf(ticketOf(request))?.step;
    return noStore(reply).send(next ? { ...state, next } : state);
  });

  /**
   * POST set-up `{code, name, displayName, password}` → 201 `{id}`, signed in. Makes the first
   * administrator. Refused with `not-permitted` (field `code`), `bad-request`, `conflict` when it
   * was done already, `too-many-attempts`.
   */
  app.post("/set-up", async (request, reply) => {
    const form = read(setUpForm, request.body);
    const admission = options.attempts.take(request.ip);
    if (!admission.ok) throw new Refusal("too-many-attempts", "too many set-up codes", admission);
    const { code, ...account } = form;
    const id = await accounts.setUp(code, account);
    keepSession({ request, reply }, browserSessions, id);
    return noStore(reply).status(201).send({ id });
  });

  /**
   * POST sign-in `{name, password}` → 200 `{}`, or `{next}` when more is asked: `code` of the second
   * factor, or to `set-up` one. Refused with `password-wrong`, `account-disabled`,
   * `too-many-attempts`.
   */
  app.post("/sign-in", async (request, reply) => {
    const form = read(signInForm, request.body);
    const result = await options.signIn.check({ ...form, address: request.ip });
    if (result.ok) {
      keepSession({ request, reply }, browserSessions, result.account.id);
      return noStore(reply).send({});
    }
    if (!("step" in result)) throw signInRefusal(result);
    keepTicket(reply, result.ticket);
    return noStore(reply).send({ next: result.step });
  });

  /** POST sign-out → 200 `{}`. */
  app.post("/sign-out", async (request, reply) => {
    await signedIn(browserSessions, request);
    const token = request.cookies[browserSessionCookie];
    if (token === undefined) throw new HandrailError("not-authenticated", "sign in first");
    browserSessions.end(token);
    return noStore(reply).clearCookie(browserSessionCookie, secretCookie).send({});
  });
}

function noStore(reply: FastifyReply): FastifyReply {
  return reply.header("cache-control", "no-store");
}
