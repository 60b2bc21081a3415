import { isRepresentativeId, oneLine, type QueueId } from "@handrail/protocol";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { Teams } from "../relay/teams.ts";
import { administrator, read } from "./context.ts";

/** What the page of the teams rests on. */
export interface TeamsOptions {
  readonly browserSessions: BrowserSessions;
  readonly site: {
    readonly teams: Teams;
    waitingIn(queue: QueueId): number;
  };
}

const name = z
  .string()
  .overwrite(oneLine)
  .min(1, "a name is needed")
  .max(100, "at most 100 characters are possible");
const members = z.array(z.string().refine(isRepresentativeId, "a representative's id")).max(1000);
const addForm = z.strictObject({ name, members: members.default([]) });
const changeForm = z.strictObject({ name: name.optional(), members: members.optional() });
const paramsShape = z.object({ id: z.string() });

/** The teams, for administrators. Changes count at once, for consoles that are connected too. */
export function teamsRoutes(app: FastifyInstance, options: TeamsOptions): void {
  const { browserSessions, site } = options;
  const { teams } = site;
  const idOf = (params: unknown) => read(paramsShape, params).id;

  /**
   * GET teams → `{teams: [{id, name, members: [representative's id], waiting}]}`, by name.
   * `waiting`: how many customers wait in the team's queue.
   */
  app.get("/teams", async (request) => {
    await administrator(browserSessions, request);
    return {
      teams: teams.all.map((team) => ({
        id: team.id,
        name: team.name,
        members: team.members,
        waiting: site.waitingIn(team.queue),
      })),
    };
  });

  /** POST teams `{name, members?}` → 201 `{id}`; `conflict` for a name that is taken. */
  app.post("/teams", async (request, reply) => {
    const { account } = await administrator(browserSessions, request);
    const id = await teams.add(read(addForm, request.body), account);
    return reply.status(201).send({ id });
  });

  /** PATCH teams/:id `{name?, members?}` → `{}`. Members are replaced as a whole. */
  app.patch("/teams/:id", async (request) => {
    const { account } = await administrator(browserSessions, request);
    await teams.change(idOf(request.params), read(changeForm, request.body), account);
    return {};
  });

  /** DELETE teams/:id → `{}`. Who waits in the team's queue waits in the general one then. */
  app.delete("/teams/:id", async (request) => {
    const { account } = await administrator(browserSessions, request);
    await teams.remove(idOf(request.params), account);
    return {};
  });
}
