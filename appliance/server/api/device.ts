import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Attempts } from "../auth/attempts.ts";
import type { BrowserSession } from "../auth/browser-session.ts";
import type { DeviceCodes } from "../auth/device-code.ts";
import type { Language } from "../page/language.ts";
import { languageOf, sendPage } from "../page/visitor.ts";
import { secondStepPage } from "./second-step-pages.ts";
import {
  sessionOf,
  sessionOfForm,
  type SignInForms,
  signOut,
  stepOf,
  takeFactor,
  takePassword,
} from "./sign-in-form.ts";
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
  z.object({ step: z.enum(["password", "factor", "other"]) }),
  z.object({ step: z.enum(["code", "allow", "refuse"]), user_code: z.string().max(64) }),
]);

/**
 * GET /device – asks who it is, then for the code that a console shows (RFC 8628 section 3.3).
 * POST /device – `step` is `password` (`name`, `password`), `factor` (`factor`) where
 * the account has a second one, `other` to begin anew instead, `code` (`user_code`), and then `allow`
 * or `refuse`. The code is in no address, so nobody can be led to a filled-in form.
 */
export function devicePageRoutes(app: FastifyInstance, options: DevicePageOptions): void {
  app.get(path, async (request, reply) => {
    const visit = { options, reply, language: languageOf(request, reply) };
    return showFirst(visit, request);
  });

  app.post(path, async (request, reply) => {
    const visit = { options, reply, language: languageOf(request, reply) };
    const form = formShape.safeParse(request.body);
    if (!form.success) return showFirst(visit, request);
    if (!("user_code" in form.data)) return entrySteps[form.data.step](visit, request);
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

/** What is sent before somebody is signed in. */
const entrySteps = { password: takeForm, factor: takeSecond, other: leave };

async function takeForm(visit: Visit, request: FastifyRequest): Promise<FastifyReply> {
  const result = await takePassword(visit.options, request, visit);
  if (result.ok) return visit.reply.redirect(path, 303);
  if ("step" in result) return sendPage(visit.reply, secondStepPage(pageFor(visit), result.step));
  const { problem, status, name } = result;
  return sendPage(visit.reply, passwordPage({ ...pageFor(visit), problem }, name), status);
}

async function takeSecond(visit: Visit, request: FastifyRequest): Promise<FastifyReply> {
  const result = await takeFactor(visit.options, request, visit);
  if (result.ok) return visit.reply.redirect(path, 303);
  const page = { ...pageFor(visit), problem: result.problem };
  const shown = result.isOver ? passwordPage(page) : secondStepPage(page, "code");
  return sendPage(visit.reply, shown, result.status);
}

/** Whoever is half signed in begins anew; who is signed in stays so. */
async function leave(visit: Visit, request: FastifyRequest): Promise<FastifyReply> {
  const session = await sessionOf(visit.options, request);
  if (!session) signOut(visit.options, request, visit.reply);
  return sendPage(
    visit.reply,
    session ? devicePage(pageFor(visit), session) : passwordPage(pageFor(visit)),
  );
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

async function showFirst(visit: Visit, request: FastifyRequest): Promise<FastifyReply> {
  const page = pageFor(visit);
  const session = await sessionOf(visit.options, request);
  if (session) return sendPage(visit.reply, devicePage(page, session));
  const step = stepOf(visit.options, request);
  return sendPage(visit.reply, step ? secondStepPage(page, step) : passwordPage(page));
}

function pageFor({ language, options }: Visit): SignInPage {
  return { language, siteName: options.siteName, path, hidden: {} };
}
