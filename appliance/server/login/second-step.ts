import { HandrailError } from "@handrail/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { SecondFactors } from "../auth/second-factors.ts";
import type { SignIn } from "../auth/sign-in.ts";
import { forgetTicket, keepSession, ticketOf } from "../page/sign-in-cookies.ts";
import { read } from "./context.ts";
import { factorCode } from "./second-factor.ts";
import { signInRefusal } from "./sign-in-refusal.ts";

/** What the second step of a sign-in rests on. */
export interface SecondStepOptions {
  readonly browserSessions: BrowserSessions;
  readonly secondFactors: SecondFactors;
  readonly signIn: SignIn;
}

const codeForm = z.strictObject({ code: factorCode });

/**
 * What follows a right password at /login. The browser is known by the cookie of `sign-in`, which
 * opens nothing but this; `not-authenticated` when that is too long ago.
 */
export function secondStepRoutes(app: FastifyInstance, options: SecondStepOptions): void {
  const { browserSessions, secondFactors, signIn } = options;
  const newcomer = (request: FastifyRequest) => {
    const ticket = ticketOf(request);
    const known = signIn.stepOf(ticket);
    if (known?.step === "set-up" && ticket !== undefined) return { ...known, ticket };
    throw new HandrailError("not-authenticated", "sign in first");
  };

  /** POST sign-in/code `{code}` → `{}`, signed in. `password-wrong` naming `code` for a wrong one. */
  app.post("/sign-in/code", async (request, reply) => {
    const { code } = read(codeForm, request.body);
    const ticket = ticketOf(request);
    const result = await signIn.checkCode({ ticket, code, address: request.ip });
    if (!result.ok) throw signInRefusal(result, "code");
    keepSession({ request, reply }, browserSessions, result.account.id);
    return reply.header("cache-control", "no-store").send({});
  });

  /** POST sign-in/offer → `{name, secret, picture}`, for who must set a second factor up first. */
  app.post("/sign-in/offer", (request, reply) =>
    reply.header("cache-control", "no-store").send(secondFactors.offer(newcomer(request).account)),
  );

  /** POST sign-in/turn-on `{code}` → `{recoveryCodes}`, signed in. */
  app.post("/sign-in/turn-on", async (request, reply) => {
    const { account, ticket } = newcomer(request);
    const { code } = read(codeForm, request.body);
    const recoveryCodes = await secondFactors.turnOn(account, code);
    const result = await signIn.finishSetUp(ticket, request.ip);
    if (!result.ok) throw signInRefusal(result);
    keepSession({ request, reply }, browserSessions, result.account.id);
    return reply.header("cache-control", "no-store").send({ recoveryCodes });
  });

  /** POST sign-in/cancel → `{}`, to sign in as somebody else. */
  app.post("/sign-in/cancel", (request, reply) => {
    signIn.cancel(ticketOf(request));
    forgetTicket(request, reply);
    return reply.send({});
  });
}
