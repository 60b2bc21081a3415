import type { ErrorCode } from "@handrail/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { UpdateDesk } from "../machine/update-desk.ts";
import { Refusal } from "../refusal.ts";
import { toUpdateError, type UpdateFault, UpdateError } from "../update/update-error.ts";
import { administrator, read } from "./context.ts";

/** What the page of updates rests on. */
export interface UpdatesOptions {
  readonly browserSessions: BrowserSessions;
  readonly updateDesk: UpdateDesk;
  readonly version: string;
}

/** Longest piece of a bundle, bytes. */
const maxPieceBytes = 4 * 1024 * 1024;
const place = z.object({ at: z.coerce.number().int().nonnegative() });
const rollbackForm = z.object({ loseChanges: z.boolean() });

/** Releases of the appliance, for administrators. A refusal names `update-` and the fault as field. */
export function updatesRoutes(app: FastifyInstance, options: UpdatesOptions): void {
  const { browserSessions, updateDesk, version } = options;
  const name = async (request: FastifyRequest) =>
    (await administrator(browserSessions, request)).account.displayName;

  /** GET updates → `{version, isAppliance, running?: {step, share?, to?}, refused?, last?}`. */
  app.get("/updates", async (request) => {
    await administrator(browserSessions, request);
    return { version, ...(await updateDesk.state()) };
  });

  /** POST updates/piece?at= (the bytes) → `{}`; `conflict` when it is not the next piece. */
  const piece = {
    bodyLimit: maxPieceBytes,
    // Before the body: nobody else makes the appliance keep so much in memory.
    onRequest: async (request: FastifyRequest) =>
      void (await administrator(browserSessions, request)),
  };
  app.post("/updates/piece", piece, async (request) => {
    const { at } = read(place, request.query);
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (await orRefusal(() => updateDesk.write(at, bytes))) return {};
    throw new Refusal("conflict", "not the next piece");
  });

  /** POST updates/check → `{version}` of the bundle that was sent. */
  app.post("/updates/check", async (request) => {
    await administrator(browserSessions, request);
    return { version: await orRefusal(() => updateDesk.check()) };
  });

  /** POST updates/install → 202; the appliance restarts. */
  app.post("/updates/install", async (request, reply) => {
    const by = await name(request);
    await orRefusal(() => updateDesk.begin({ verb: "update-install", by }));
    return reply.status(202).send({});
  });

  /** POST updates/rollback `{loseChanges}` → 202, back to the release before. */
  app.post("/updates/rollback", async (request, reply) => {
    const by = await name(request);
    const { loseChanges } = read(rollbackForm, request.body);
    await orRefusal(() => updateDesk.begin({ verb: "update-rollback", loseChanges, by }));
    return reply.status(202).send({});
  });
}

/** Does it; why the machine does not take an update becomes a refusal for the page. @throws Refusal */
export async function orRefusal<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    const { fault, message } = toUpdateError(error);
    throw new Refusal(codeOf(fault), message, { field: `update-${fault}`, cause: error });
  }
}

function codeOf(fault: UpdateFault): ErrorCode {
  if (fault === "no-space") return "disk-full";
  if (fault === "busy") return "conflict";
  return fault === "failed" ? "internal" : "bad-request";
}
