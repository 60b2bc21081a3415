import { beganAt, isLsid } from "@handrail/protocol";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import {
  listShells,
  readDossier,
  sendRecording,
  sendShell,
  sendSnapshot,
  type SessionArchive,
} from "../page/recording.ts";
import type { ListedSession } from "../relay/broker.ts";
import type { AuditLog } from "../store/audit.ts";
import type { SessionListing } from "../store/sessions.ts";
import { read, signedIn } from "./context.ts";

/** What the page of the sessions rests on. */
export interface SessionsOptions {
  readonly browserSessions: BrowserSessions;
  readonly archive: SessionArchive & { listSessions(listing: SessionListing): ListedSession[] };
  readonly audit: AuditLog;
}

const listQuery = z.object({
  before: z.coerce.number().int().nonnegative().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  q: z.string().trim().max(100).optional(),
});
const params = z.object({ lsid: z.string().refine(isLsid, "an LSID has 32 hex digits") });
const shellParams = params.extend({ number: z.coerce.number().int().positive() });

/** Sessions, those that go on and those of the past; representatives see those of the past in which they took part, and of the others those that they are in. */
export function sessionsRoutes(app: FastifyInstance, options: SessionsOptions): void {
  const { archive, audit, browserSessions } = options;

  /**
   * GET sessions?before=&limit=&q= → `{sessions: [session view with hasRecording], next?}`, newest
   * first; `next` is the `before` of the following page. `q` looks in names, computers and LSIDs.
   */
  app.get("/sessions", async (request) => {
    const { account } = await signedIn(browserSessions, request);
    const { before, limit, q } = read(listQuery, request.query);
    // Chosen where they are looked up: what is left out later would still show that it is there.
    const participant = account.role === "administrator" ? undefined : account.id;
    const search = q === "" ? undefined : q;
    const sessions = archive.listSessions({ before, limit, search, participant });
    const last = sessions.length < limit ? undefined : sessions.at(-1);
    return last ? { sessions, next: beganAt(last) } : { sessions };
  });

  /** GET sessions/:lsid → `{session, events, chat, notes}`. */
  app.get("/sessions/:lsid", async (request) => {
    const { account } = await signedIn(browserSessions, request);
    return readDossier(archive, account, read(params, request.params).lsid);
  });

  /** GET sessions/:lsid/recording → the file, `application/octet-stream`. */
  app.get("/sessions/:lsid/recording", async (request, reply) => {
    const { account } = await signedIn(browserSessions, request);
    const { lsid } = read(params, request.params);
    return sendRecording(reply, { account, archive, audit, lsid });
  });

  /** GET sessions/:lsid/snapshot → the snapshot of its start, as `systemSnapshot` writes it. */
  app.get("/sessions/:lsid/snapshot", async (request, reply) => {
    const { account } = await signedIn(browserSessions, request);
    const { lsid } = read(params, request.params);
    return sendSnapshot(reply, { account, archive, audit, lsid });
  });

  /** GET sessions/:lsid/shells → `{shells: [{number, startedAt, title, sizeBytes}]}`. */
  app.get("/sessions/:lsid/shells", async (request) => {
    const { account } = await signedIn(browserSessions, request);
    return listShells(archive, account, read(params, request.params).lsid);
  });

  /** GET sessions/:lsid/shells/:number → the file, asciicast v2. */
  app.get("/sessions/:lsid/shells/:number", async (request, reply) => {
    const { account } = await signedIn(browserSessions, request);
    const { lsid, number } = read(shellParams, request.params);
    return sendShell(reply, { account, archive, audit, lsid }, number);
  });
}
