import { HandrailError, isLsid } from "@handrail/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Account } from "../auth/account.ts";
import type { Grants } from "../auth/grants.ts";
import {
  listShells,
  readDossier,
  sendRecording,
  sendShell,
  sendSnapshot,
  type SessionArchive,
} from "../page/recording.ts";
import type { AuditLog } from "../store/audit.ts";

/** What a console's look at past sessions rests on. */
export interface RecordingOptions {
  readonly grants: Grants;
  readonly archive: SessionArchive;
  readonly audit: AuditLog;
}

const params = z.object({ lsid: z.string().refine(isLsid) });
const shellParams = params.extend({ number: z.coerce.number().int().positive() });

/** For consoles, with `Authorization: Bearer <access token>`. */
export function recordingRoutes(app: FastifyInstance, options: RecordingOptions): void {
  const { archive, audit, grants } = options;

  /** GET /api/sessions/:lsid/recording → the file, `application/octet-stream`. */
  app.get("/api/sessions/:lsid/recording", async (request, reply) => {
    const account = await bearer(grants, request);
    return sendRecording(reply, { account, archive, audit, lsid: lsidOf(request) });
  });

  /** GET /api/sessions/:lsid/shells → `{shells: [{number, startedAt, title, sizeBytes}]}`. */
  app.get("/api/sessions/:lsid/shells", async (request, reply) => {
    const account = await bearer(grants, request);
    reply.header("cache-control", "no-store");
    return listShells(archive, account, lsidOf(request));
  });

  /** GET /api/sessions/:lsid/shells/:number → the file, asciicast v2. */
  app.get("/api/sessions/:lsid/shells/:number", async (request, reply) => {
    const account = await bearer(grants, request);
    const wanted = shellParams.safeParse(request.params);
    if (!wanted.success) throw new HandrailError("not-found", "no such recording");
    const { lsid, number } = wanted.data;
    return sendShell(reply, { account, archive, audit, lsid }, number);
  });

  /** GET /api/sessions/:lsid/snapshot → the snapshot of its start, as `systemSnapshot` writes it. */
  app.get("/api/sessions/:lsid/snapshot", async (request, reply) => {
    const account = await bearer(grants, request);
    return sendSnapshot(reply, { account, archive, audit, lsid: lsidOf(request) });
  });

  /** GET /api/sessions/:lsid/events → `{session, events, chat}`. */
  app.get("/api/sessions/:lsid/events", async (request, reply) => {
    const account = await bearer(grants, request);
    reply.header("cache-control", "no-store");
    return readDossier(archive, account, lsidOf(request));
  });
}

async function bearer(grants: Grants, request: FastifyRequest): Promise<Account> {
  const token = /^Bearer ([A-Za-z0-9_-]{1,256})$/.exec(request.headers.authorization ?? "")?.[1];
  const account = token === undefined ? undefined : await grants.authenticate(token);
  if (account) return account;
  throw new HandrailError("not-authenticated", "an access token is needed");
}

function lsidOf(request: FastifyRequest) {
  const parsed = params.safeParse(request.params);
  if (parsed.success) return parsed.data.lsid;
  throw new HandrailError("not-found", "no such session");
}
