import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import { cannedMessageKind } from "../relay/canned-messages.ts";
import type { Definitions } from "../relay/definitions.ts";
import { type FieldBody, fieldKind } from "../relay/fields.ts";
import { type SpecialActionBody, specialActionKind } from "../relay/special-actions.ts";
import { questionKind, type Surveys } from "../relay/surveys.ts";
import { administrator, read } from "./context.ts";

/** What the pages of what is defined for all sessions rest on. */
export interface DefinitionsOptions {
  readonly browserSessions: BrowserSessions;
  readonly site: {
    readonly fields: Definitions<FieldBody>;
    readonly surveys: Surveys;
    readonly cannedMessages: Definitions<z.infer<typeof cannedMessageKind.shape>>;
    readonly specialActions: Definitions<SpecialActionBody>;
  };
}

const paramsShape = z.object({ id: z.string() });

/** What is defined for all sessions, for administrators. Counts from the next use on. */
export function definitionsRoutes(app: FastifyInstance, options: DefinitionsOptions): void {
  /** canned-messages: `{title, text}`; macros in `text` must exist. */
  addKind(app, options.browserSessions, {
    path: "canned-messages",
    definitions: options.site.cannedMessages,
    shape: cannedMessageKind.shape,
  });
  /** fields: `{name, kind: text|choice, choices: [text], isRequired}`. */
  addKind(app, options.browserSessions, {
    path: "fields",
    definitions: options.site.fields,
    shape: fieldKind.shape,
  });
  /** questions: `{text: {en, fr}, audience: customer|representative, kind: scale|yes-no|text}`. */
  addKind(app, options.browserSessions, {
    path: "questions",
    definitions: options.site.surveys.questions,
    shape: questionKind.shape,
  });
  /** special-actions: `{name: {en, fr}, command, platform, teams, question: {en, fr}}`. */
  addKind(app, options.browserSessions, {
    path: "special-actions",
    definitions: options.site.specialActions,
    shape: specialActionKind.shape,
  });
}

interface Kind<Body> {
  readonly path: string;
  readonly definitions: Definitions<Body>;
  readonly shape: z.ZodType<Body>;
}

/**
 * GET `path` → `{definitions: [{id, …}]}`; POST `path` → 201 `{id}`; PATCH and DELETE `path`/:id →
 * `{}`. A change replaces the whole. `conflict` (field `name`) for a name that is taken.
 */
function addKind<Body>(
  app: FastifyInstance,
  browserSessions: BrowserSessions,
  { path, definitions, shape }: Kind<Body>,
): void {
  const idOf = (params: unknown) => read(paramsShape, params).id;
  const bodyOf = (body: unknown) => read(shape, body);

  app.get(`/${path}`, async (request) => {
    await administrator(browserSessions, request);
    return { definitions: definitions.list().map(({ id, body }) => ({ ...body, id })) };
  });
  app.post(`/${path}`, async (request, reply) => {
    const { account } = await administrator(browserSessions, request);
    const id = await definitions.add(bodyOf(request.body), account);
    return reply.status(201).send({ id });
  });
  app.patch(`/${path}/:id`, async (request) => {
    const { account } = await administrator(browserSessions, request);
    await definitions.change(idOf(request.params), bodyOf(request.body), account);
    return {};
  });
  app.delete(`/${path}/:id`, async (request) => {
    const { account } = await administrator(browserSessions, request);
    await definitions.remove(idOf(request.params), account);
    return {};
  });
}
