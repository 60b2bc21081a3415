import { HandrailError } from "@handrail/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Accounts } from "../auth/accounts.ts";
import type { BrowserSessions } from "../auth/browser-session.ts";
import { maxPasswordLength } from "../auth/password.ts";
import { type SecondFactorRule, secondFactorScopes } from "../auth/second-factor-rule.ts";
import type { SecondFactors } from "../auth/second-factors.ts";
import type { SignIn } from "../auth/sign-in.ts";
import { administrator, read, signedIn } from "./context.ts";
import { signInRefusal } from "./sign-in-refusal.ts";

/** What the pages about second factors rest on. */
export interface SecondFactorOptions {
  readonly accounts: Accounts;
  readonly browserSessions: BrowserSessions;
  readonly secondFactors: SecondFactors;
  readonly secondFactorRule: SecondFactorRule;
  readonly signIn: SignIn;
}

/** A code as it is typed: of the device or a recovery code. */
export const factorCode = z.string().trim().min(1, "a code is needed").max(64);
const codeForm = z.strictObject({ code: factorCode });
const confirmForm = z.strictObject({
  password: z.string().max(maxPasswordLength),
  code: factorCode,
});
const ruleForm = z.strictObject({ scope: z.enum(secondFactorScopes) });
const paramsShape = z.object({ id: z.string() });

/** The second factor of whoever is signed in, and what administrators decide about those of all. */
export function secondFactorRoutes(app: FastifyInstance, options: SecondFactorOptions): void {
  ownRoutes(app, options);
  siteRoutes(app, options);
}

function ownRoutes(app: FastifyInstance, options: SecondFactorOptions): void {
  const { browserSessions, secondFactors, signIn } = options;
  const me = async (request: FastifyRequest) => (await signedIn(browserSessions, request)).account;
  /** Who is signed in and has given password and code once more. */
  const confirmed = async (request: FastifyRequest) => {
    const account = await me(request);
    const form = read(confirmForm, request.body);
    const refused = await signIn.confirm(account, { ...form, address: request.ip });
    if (refused) throw signInRefusal(refused, "code");
    return account;
  };

  /** GET second-factor → `{isOn, isRequired, turnedOnAt?, recoveryCodesLeft}` of one's own. */
  app.get("/second-factor", async (request) => secondFactors.state(await me(request)));

  /** POST second-factor/offer → `{name, secret, picture}`: Base32, and the same as a QR code in SVG. */
  app.post("/second-factor/offer", async (request, reply) => {
    const account = await me(request);
    return reply.header("cache-control", "no-store").send(secondFactors.offer(account));
  });

  /** POST second-factor/turn-on `{code}` → `{recoveryCodes}`; `password-wrong` for a wrong code. */
  app.post("/second-factor/turn-on", async (request, reply) => {
    const account = await me(request);
    const { code } = read(codeForm, request.body);
    const recoveryCodes = await secondFactors.turnOn(account, code);
    return reply.header("cache-control", "no-store").send({ recoveryCodes });
  });

  /** POST second-factor/turn-off `{password, code}` → `{}`; `not-permitted` when the site asks for it. */
  app.post("/second-factor/turn-off", async (request) => {
    await secondFactors.turnOff(await confirmed(request));
    return {};
  });

  /** POST second-factor/recovery-codes `{password, code}` → `{recoveryCodes}`, the only ones from now on. */
  app.post("/second-factor/recovery-codes", async (request, reply) => {
    const recoveryCodes = await secondFactors.renewRecoveryCodes(await confirmed(request));
    return reply.header("cache-control", "no-store").send({ recoveryCodes });
  });
}

function siteRoutes(app: FastifyInstance, options: SecondFactorOptions): void {
  const { accounts, browserSessions, secondFactors, secondFactorRule: rule } = options;

  /** GET second-factor/rule → `{scope}`: who must have one, `nobody`, `administrators`, `everyone`. */
  app.get("/second-factor/rule", async (request) => {
    await administrator(browserSessions, request);
    return { scope: rule.scope };
  });

  /** PATCH second-factor/rule `{scope}` → `{}`; `conflict` for who would be shut out by it at once. */
  app.patch("/second-factor/rule", async (request) => {
    const { account } = await administrator(browserSessions, request);
    const { scope } = read(ruleForm, request.body);
    if (scope !== "nobody" && !secondFactors.isOn(account.id)) {
      throw new HandrailError("conflict", "set up a second factor of your own first");
    }
    await rule.change(scope, account);
    return {};
  });

  /** POST representatives/:id/second-factor/reset → `{}`; one's own is turned off, not reset. */
  app.post("/representatives/:id/second-factor/reset", async (request) => {
    const { account } = await administrator(browserSessions, request);
    const { id } = read(paramsShape, request.params);
    if (id === account.id) throw new HandrailError("not-permitted", "turn your own off instead");
    const other = (await accounts.list()).find((each) => each.id === id);
    if (!other) throw new HandrailError("not-found", "no such representative");
    await secondFactors.reset(other, account);
    return {};
  });
}
