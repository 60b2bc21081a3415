import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Attempts } from "../auth/attempts.ts";
import type { BrowserSession } from "../auth/browser-session.ts";
import type { DeviceCodes } from "../auth/device-code.ts";
import type { Language } from "../page/language.ts";
import { languageOf, sendPage } from "../page/visitor.ts";
import { sessionOf, sessionOfForm, type SignInForms, takePassword } from "./sign-in-form.ts";
import {
  deviceConfirmPage,
  deviceDonePage,
  devicePage,
  passwordPage,
  type SignInPage,
} from "./sign-in-pages.ts";
import { signInTexts } from "./text.ts";

/** What the device page rests on. */
export interface DevicePageOptions extends SignInForms {
  readonly deviceCodes: DeviceCodes;
  /** How often codes may be guessed. */
  readonly attempts: Attempts;
  readonly siteName: string;
}

interface Visit {
  readonly options: DevicePageOptions;
  readonly language: Language;
  readonly reply: FastifyReply;
}

const path = "/device";
const formShape = z.discriminatedUnion("step", [
  z.object({ step: z.literal("password") }),
  z.object({ step: z.enum(["code", "allow", "refuse"]), user_code: z.string().max(64) }),
]);

/**
 * GET /device – asks who it is, then for the code that a console shows (RFC 8628 section 3.3).
 * POST /device – `step` is `password` (`name`, `password`), `code` (`user_code`), and then `allow`
 * or `refuse`. The code is in no address, so nobody can be led to a filled-in form.
 */
export function devicePageRoutes(app: FastifyInstance, options: DevicePageOptions): void {
  app.get(path, async (request, reply) => {
    const visit = { options, reply, language: languageOf(request, reply) };
    return showFirst(visit, await sessionOf(options, request));
  });

  app.post(path, async (request, reply) => {
    const visit = { options, reply, language: languageOf(request, reply) };
    const form = formShape.safeParse(request.body);
    if (!form.success) return showFirst(visit, await sessionOf(options, request));
    if (form.data.step === "password") return takeForm(visit, request);
    const session = await sessionOfForm(options, request);
    if (!session) {
      const problem = signInTexts[visit.language].expiredForm;
      return sendPage(reply, passwordPage({ ...pageFor(visit), problem }), 403);
    }
    const { step, user_code: userCode } = form.data;
    const admission = options.attempts.take(request.ip);
    if (!admission.ok) return showTooMany(visit, session, admission.retryAfterMs);
    if (step === "code") return takeCode(visit, session, userCode);
    const isAllowed = step === "allow";
    const isDone = options.deviceCodes.decide(userCode, isAllowed, session.account.id);
    if (!isDone) return showUnknown(visit, session);
    options.attempts.forgive(request.ip);
    return sendPage(reply, deviceDonePage(pageFor(visit), isAllowed));
  });
}

async function takeForm(visit: Visit, request: FastifyRequest): Promise<FastifyReply> {
  const result = await takePassword(visit.options, request, visit);
  if (result.ok) return visit.reply.redirect(path, 303);
  const { problem, status, name } = result;
  return sendPage(visit.reply, passwordPage({ ...pageFor(visit), problem }, name), status);
}

function showTooMany(visit: Visit, session: BrowserSession, retryAfterMs: number): FastifyReply {
  const minutes = Math.ceil(retryAfterMs / 60_000);
  const page = { ...pageFor(visit), problem: signInTexts[visit.language].tooMany(minutes) };
  visit.reply.header("retry-after", Math.ceil(retryAfterMs / 1000));
  return sendPage(visit.reply, devicePage(page, session), 429);
}

function takeCode(visit: Visit, session: BrowserSession, userCode: string): FastifyReply {
  if (!visit.options.deviceCodes.isPending(userCode)) return showUnknown(visit, session);
  const letters = userCode.toUpperCase().replace(/[^A-Z]/g, "");
  const shown = `${letters.slice(0, 4)}-${letters.slice(4)}`;
  return sendPage(visit.reply, deviceConfirmPage(pageFor(visit), session, shown));
}

function showUnknown(visit: Visit, session: BrowserSession): FastifyReply {
  const problem = signInTexts[visit.language].unknownCode;
  return sendPage(visit.reply, devicePage({ ...pageFor(visit), problem }, session), 404);
}

function showFirst(visit: Visit, session: BrowserSession | undefined): FastifyReply {
  const page = pageFor(visit);
  return sendPage(visit.reply, session ? devicePage(page, session) : passwordPage(page));
}

function pageFor({ language, options }: Visit): SignInPage {
  return { language, siteName: options.siteName, path, hidden: {} };
}
