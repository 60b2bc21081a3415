import { HandrailError } from "@handrail/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Account } from "../auth/account.ts";
import {
  type BrowserSession,
  browserSessionCookie,
  type BrowserSessions,
  hasCsrf,
  secretCookie,
} from "../auth/browser-session.ts";
import type { SignIn, SignInRefused } from "../auth/sign-in.ts";
import type { SignInStep } from "../auth/sign-in-tickets.ts";
import type { Language } from "../page/language.ts";
import { forgetTicket, keepSession, keepTicket, ticketOf } from "../page/sign-in-cookies.ts";
import { signInTexts } from "./text.ts";

/** What the sign-in pages rest on. */
export interface SignInForms {
  readonly signIn: SignIn;
  readonly browserSessions: BrowserSessions;
}

/** A signed-in browser. */
export interface FormSignedIn {
  readonly ok: true;
  readonly session: BrowserSession;
}

/** The sentence and status to show with the form. */
export interface FormProblem {
  readonly ok: false;
  readonly problem: string;
  readonly status: number;
}

/** What a password form came to: `step` when the password was right and more is asked. */
export type PasswordResult =
  | FormSignedIn
  | (FormProblem & { readonly name: string })
  | { readonly ok: false; readonly step: SignInStep };

/** What the form for the second factor came to; `isOver`: begin with the password anew. */
export type CodeResult = FormSignedIn | (FormProblem & { readonly isOver: boolean });

const passwordForm = z.object({
  name: z.string().trim().max(100),
  password: z.string().max(1024),
});
const codeForm = z.object({ factor: z.string().max(64) });

interface Shown {
  readonly reply: FastifyReply;
  readonly language: Language;
}

/** Who is signed in in this browser. */
export function sessionOf(
  { browserSessions }: SignInForms,
  request: FastifyRequest,
): Promise<BrowserSession | undefined> {
  return browserSessions.find(request.cookies[browserSessionCookie]);
}

/** What is still to do in this browser, where a password was right a moment ago. */
export function stepOf({ signIn }: SignInForms, request: FastifyRequest): SignInStep | undefined {
  return signIn.stepOf(ticketOf(request))?.step;
}

/** Takes a form's name and password, and signs the browser in when that is all. */
export async function takePassword(
  forms: SignInForms,
  request: FastifyRequest,
  shown: Shown,
): Promise<PasswordResult> {
  const text = signInTexts[shown.language];
  const form = passwordForm.safeParse(request.body);
  if (!form.success) return { ok: false, problem: text.wrong, status: 401, name: "" };
  const { name } = form.data;
  const result = await forms.signIn.check({ ...form.data, address: request.ip });
  if (result.ok) return begin(forms, { request, ...shown }, result.account);
  if (!("step" in result)) return { ...problemOf(result, shown, text.wrong), name };
  keepTicket(shown.reply, result.ticket);
  return { ok: false, step: result.step };
}

/** Takes the code of the second factor, or a recovery code, and signs the browser in. */
export async function takeFactor(
  forms: SignInForms,
  request: FastifyRequest,
  shown: Shown,
): Promise<CodeResult> {
  const text = signInTexts[shown.language];
  const code = codeForm.safeParse(request.body).data?.factor ?? "";
  const ticket = ticketOf(request);
  const result = await forms.signIn.checkCode({ ticket, code, address: request.ip });
  if (result.ok) return begin(forms, { request, ...shown }, result.account);
  const isOver = stepOf(forms, request) === undefined;
  return { ...problemOf(result, shown, text.factorWrong), isOver };
}

/** Signs the browser out. */
export function signOut(
  { browserSessions, signIn }: SignInForms,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const token = request.cookies[browserSessionCookie];
  if (token !== undefined) {
    browserSessions.end(token);
    reply.clearCookie(browserSessionCookie, secretCookie);
  }
  signIn.cancel(ticketOf(request));
  forgetTicket(request, reply);
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

async function begin(
  { browserSessions }: SignInForms,
  visit: Shown & { readonly request: FastifyRequest },
  account: Account,
): Promise<FormSignedIn> {
  const session = await browserSessions.find(keepSession(visit, browserSessions, account.id));
  if (!session) throw new HandrailError("internal", "the browser session was not stored");
  return { ok: true, session };
}

function problemOf(
  { code, retryAfterMs }: SignInRefused,
  { reply, language }: Shown,
  wrong: string,
): FormProblem {
  const text = signInTexts[language];
  switch (code) {
    case "password-wrong":
      return { ok: false, problem: wrong, status: 401 };
    case "account-disabled":
      return { ok: false, problem: text.disabled, status: 403 };
    case "not-authenticated":
      return { ok: false, problem: text.expiredForm, status: 403 };
    case "too-many-attempts": {
      const seconds = Math.ceil((retryAfterMs ?? 60_000) / 1000);
      reply.header("retry-after", seconds);
      const problem = text.tooMany(Math.max(1, Math.ceil(seconds / 60)));
      return { ok: false, problem, status: 429 };
    }
  }
}
