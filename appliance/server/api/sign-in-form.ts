import { HandrailError } from "@handrail/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  type BrowserSession,
  browserSessionCookie,
  type BrowserSessions,
  hasCsrf,
  secretCookie,
} from "../auth/browser-session.ts";
import type { SignIn } from "../auth/sign-in.ts";
import type { Language } from "../page/language.ts";
import { signInTexts } from "./text.ts";

/** What the sign-in pages rest on. */
export interface SignInForms {
  readonly signIn: SignIn;
  readonly browserSessions: BrowserSessions;
}

/** What a password form came to: a signed-in browser, or the sentence and status to show. */
export type PasswordResult =
  | { readonly ok: true; readonly session: BrowserSession }
  | {
      readonly ok: false;
      readonly problem: string;
      readonly status: number;
      readonly name: string;
    };

const passwordForm = z.object({
  name: z.string().trim().max(100),
  password: z.string().max(1024),
});

/** Who is signed in in this browser. */
export function sessionOf(
  { browserSessions }: SignInForms,
  request: FastifyRequest,
): Promise<BrowserSession | undefined> {
  return browserSessions.find(request.cookies[browserSessionCookie]);
}

/** Takes a form's name and password, and signs the browser in when they are right. */
export async function takePassword(
  { signIn, browserSessions }: SignInForms,
  request: FastifyRequest,
  { reply, language }: { reply: FastifyReply; language: Language },
): Promise<PasswordResult> {
  const text = signInTexts[language];
  const form = passwordForm.safeParse(request.body);
  if (!form.success) return { ok: false, problem: text.wrong, status: 401, name: "" };
  const { name } = form.data;
  const result = await signIn.check({ ...form.data, address: request.ip });
  if (!result.ok) {
    const seconds = Math.ceil((result.retryAfterMs ?? 60_000) / 1000);
    if (result.code === "password-wrong") {
      return { ok: false, problem: text.wrong, status: 401, name };
    }
    if (result.code === "account-disabled") {
      return { ok: false, problem: text.disabled, status: 403, name };
    }
    reply.header("retry-after", seconds);
    const problem = text.tooMany(Math.max(1, Math.ceil(seconds / 60)));
    return { ok: false, problem, status: 429, name };
  }
  const token = browserSessions.start(result.account.id);
  reply.setCookie(browserSessionCookie, token, secretCookie);
  const session = await browserSessions.find(token);
  if (!session) throw new HandrailError("internal", "the browser session was not stored");
  return { ok: true, session };
}

/** Signs the browser out. */
export function signOut(
  { browserSessions }: SignInForms,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const token = request.cookies[browserSessionCookie];
  if (token !== undefined) browserSessions.end(token);
  reply.clearCookie(browserSessionCookie, secretCookie);
}

/** The session of a form that was sent from one of our own pages, and from no other. */
export async function sessionOfForm(
  forms: SignInForms,
  request: FastifyRequest,
): Promise<BrowserSession | undefined> {
  const session = await sessionOf(forms, request);
  const { csrf } = z.object({ csrf: z.string() }).safeParse(request.body).data ?? {};
  return session && hasCsrf(session, csrf) ? session : undefined;
}
