import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  type AuthorizationCodes,
  type AuthorizationRequest,
  consoleClientId,
  isCodeChallenge,
  isRedirectUri,
  redirectTo,
} from "../auth/authorization-code.ts";
import type { BrowserSession } from "../auth/browser-session.ts";
import type { Language } from "../page/language.ts";
import { relaxPolicy } from "../page/policy.ts";
import { languageOf, sendPage } from "../page/visitor.ts";
import {
  sessionOf,
  sessionOfForm,
  type SignInForms,
  signOut,
  stepOf,
  takeFactor,
  takePassword,
} from "./sign-in-form.ts";
import { secondStepPage } from "./second-step-pages.ts";
import {
  badRequestPage,
  confirmPage,
  donePage,
  passwordPage,
  type SignInPage,
} from "./sign-in-pages.ts";
import { signInTexts } from "./text.ts";

/** What the authorization page rests on. */
export interface AuthorizeOptions extends SignInForms {
  readonly codes: AuthorizationCodes;
  readonly siteName: string;
}

const requestShape = z.object({
  client_id: z.literal(consoleClientId),
  response_type: z.literal("code"),
  redirect_uri: z.string().refine(isRedirectUri),
  code_challenge: z.string().refine(isCodeChallenge),
  code_challenge_method: z.literal("S256"),
  state: z.string().max(512).optional(),
});
type Asked = z.infer<typeof requestShape>;
const stepShape = z.object({ step: z.enum(["password", "factor", "confirm", "other"]) });

const path = "/oauth/authorize";

/** One visit to the page. */
interface Visit {
  readonly options: AuthorizeOptions;
  readonly language: Language;
  readonly reply: FastifyReply;
}

/**
 * GET /oauth/authorize – `client_id=handrail-console`, `response_type=code`, `redirect_uri`,
 * `code_challenge`, `code_challenge_method=S256`, `state`. A page that asks who it is. What cannot
 * be answered is refused on a page of its own (400): nobody is sent to an address we do not know.
 * POST /oauth/authorize – the same fields with `step` and what that needs. At the end the browser
 * goes to `redirect_uri?code=…&state=…`. Source: RFC 6749 section 4.1, RFC 7636, RFC 8252.
 */
export function authorizeRoutes(app: FastifyInstance, options: AuthorizeOptions): void {
  app.get(path, async (request, reply) => {
    const visit = { options, reply, language: languageOf(request, reply) };
    const asked = requestShape.safeParse(request.query);
    if (!asked.success) return refuse(visit);
    allowReturn(reply);
    const session = await sessionOf(options, request);
    const page = pageFor(visit, asked.data);
    if (session) return sendPage(reply, confirmPage(page, session));
    const step = stepOf(options, request);
    return sendPage(reply, step ? secondStepPage(page, step) : passwordPage(page));
  });

  app.post(path, async (request, reply) => {
    const visit = { options, reply, language: languageOf(request, reply) };
    const asked = requestShape.safeParse(request.body);
    const form = stepShape.safeParse(request.body);
    if (!asked.success || !form.success) return refuse(visit);
    allowReturn(reply);
    switch (form.data.step) {
      case "password":
        return takeForm(visit, request, asked.data);
      case "factor":
        return takeSecond(visit, request, asked.data);
      case "confirm":
        return confirm(visit, request, asked.data);
      case "other":
        if (await mayLeave(options, request)) signOut(options, request, reply);
        return sendPage(reply, passwordPage(pageFor(visit, asked.data)));
    }
  });
}

async function takeForm(visit: Visit, request: FastifyRequest, asked: Asked) {
  const result = await takePassword(visit.options, request, visit);
  if (result.ok) return finish(visit, asked, result.session);
  const page = pageFor(visit, asked);
  if ("step" in result) return sendPage(visit.reply, secondStepPage(page, result.step));
  const { problem, status, name } = result;
  return sendPage(visit.reply, passwordPage({ ...page, problem }, name), status);
}

async function takeSecond(visit: Visit, request: FastifyRequest, asked: Asked) {
  const result = await takeFactor(visit.options, request, visit);
  if (result.ok) return finish(visit, asked, result.session);
  const page = { ...pageFor(visit, asked), problem: result.problem };
  const shown = result.isOver ? passwordPage(page) : secondStepPage(page, "code");
  return sendPage(visit.reply, shown, result.status);
}

/** Whoever is half signed in leaves by a form of ours too: its cookie comes from no other site. */
async function mayLeave(options: AuthorizeOptions, request: FastifyRequest): Promise<boolean> {
  if (await sessionOf(options, request))
    return (await sessionOfForm(options, request)) !== undefined;
  return stepOf(options, request) !== undefined;
}

async function confirm(visit: Visit, request: FastifyRequest, asked: Asked) {
  const session = await sessionOfForm(visit.options, request);
  if (session) return finish(visit, asked, session);
  const problem = signInTexts[visit.language].expiredForm;
  return sendPage(visit.reply, passwordPage({ ...pageFor(visit, asked), problem }), 403);
}

function finish(visit: Visit, asked: Asked, session: BrowserSession): FastifyReply {
  const request: AuthorizationRequest = {
    redirectUri: asked.redirect_uri,
    codeChallenge: asked.code_challenge,
    state: asked.state,
  };
  const code = visit.options.codes.make(request, session.account.id);
  const target = redirectTo(request, { code });
  if (target.startsWith("http://127.0.0.1:")) return visit.reply.redirect(target, 303);
  // An editor's handler leaves the page as it is: so the page says how it goes on.
  return sendPage(visit.reply, donePage(pageFor(visit), target));
}

function refuse(visit: Visit): FastifyReply {
  return sendPage(visit.reply, badRequestPage(pageFor(visit)), 400);
}

/** Browsers hold the way that a form is redirected to against the policy as well. */
function allowReturn(reply: FastifyReply): void {
  relaxPolicy(reply, { "form-action": ["'self'", "http://127.0.0.1:*"] });
}

function pageFor({ language, options }: Visit, asked?: Asked): SignInPage {
  const fields = Object.entries(asked ?? {}).filter(
    (field): field is [string, string] => field[1] !== undefined,
  );
  return { language, siteName: options.siteName, path, hidden: Object.fromEntries(fields) };
}
