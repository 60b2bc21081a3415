import { oneLine } from "@handrail/protocol";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Accounts } from "../auth/accounts.ts";
import type { BrowserSessions } from "../auth/browser-session.ts";
import { maxPasswordLength } from "../auth/password.ts";
import type { SecondFactors } from "../auth/second-factors.ts";
import { rulesShape } from "../store/representatives.ts";
import { administrator, read } from "./context.ts";

/** What the page of the representatives rests on. */
export interface RepresentativesOptions {
  readonly accounts: Accounts;
  readonly browserSessions: BrowserSessions;
  readonly secondFactors: SecondFactors;
}

const role = z.enum(["administrator", "representative"]);
const displayName = z
  .string()
  .overwrite(oneLine)
  .min(1, "a name is needed")
  .max(100, "at most 100 characters are possible");
const password = z.string().max(maxPasswordLength);

/** The fields with which an account is made. */
export const accountFields = {
  name: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}._@+-]{1,64}$/u, "1 to 64 letters, digits or . _ @ + -"),
  displayName,
  password,
} as const;

const addForm = z.strictObject({ ...accountFields, role: role.default("representative") });
const changeForm = z.strictObject({
  displayName: displayName.optional(),
  role: role.optional(),
  disabled: z.boolean().optional(),
  rules: rulesShape.optional(),
  editsScripts: z.boolean().optional(),
});
const passwordForm = z.strictObject({ password });
const paramsShape = z.object({ id: z.string() });

/** The accounts, for administrators. */
export function representativesRoutes(app: FastifyInstance, options: RepresentativesOptions): void {
  const { accounts, browserSessions } = options;
  const idOf = (params: unknown) => read(paramsShape, params).id;

  /**
   * GET representatives → `{representatives: [{id, name, displayName, role, rules, editsScripts,
   * hasSecondFactor, createdAt, passwordChangedAt, lastSignedInAt?, disabledAt?}]}`, by name.
   */
  app.get("/representatives", async (request) => {
    await administrator(browserSessions, request);
    const owners = options.secondFactors.owners();
    const representatives = (await accounts.list()).map((each) => ({
      ...each,
      hasSecondFactor: owners.has(each.id),
    }));
    return { representatives };
  });

  /** POST representatives `{name, displayName, password, role?}` → 201 `{id}`; `conflict` for a name that is taken. */
  app.post("/representatives", async (request, reply) => {
    const { account } = await administrator(browserSessions, request);
    const id = await accounts.add(read(addForm, request.body), account);
    return reply.status(201).send({ id });
  });

  /**
   * PATCH representatives/:id `{displayName?, role?, disabled?, rules?, editsScripts?}` → `{}`. `conflict` when
   * no administrator would remain. Disabling and new rights end the account's links at once.
   */
  app.patch("/representatives/:id", async (request) => {
    const { account } = await administrator(browserSessions, request);
    await accounts.change(idOf(request.params), read(changeForm, request.body), account);
    return {};
  });

  /** POST representatives/:id/password `{password}` → `{}`; signs the account out everywhere. */
  app.post("/representatives/:id/password", async (request) => {
    const { account } = await administrator(browserSessions, request);
    const form = read(passwordForm, request.body);
    await accounts.resetPassword(idOf(request.params), form.password, account);
    return {};
  });

  /** POST representatives/:id/revoke → `{}`; signs the account out everywhere. */
  app.post("/representatives/:id/revoke", async (request) => {
    const { account } = await administrator(browserSessions, request);
    await accounts.revoke(idOf(request.params), account);
    return {};
  });
}
