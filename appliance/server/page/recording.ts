import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { HandrailError, type Lsid } from "@handrail/protocol";
import type { FastifyReply } from "fastify";
import type { Account } from "../auth/account.ts";
import type { SessionDossier } from "../relay/broker.ts";
import type { AuditLog } from "../store/audit.ts";

/** What is kept of sessions. */
export interface SessionArchive {
  readSession(lsid: Lsid): SessionDossier | undefined;
  recordingPath(lsid: Lsid): string | undefined;
  mayReadRecording(account: Account, lsid: Lsid): boolean;
}

/** Who wants to see which recording. */
export interface RecordingRequest {
  readonly account: Account;
  readonly lsid: Lsid;
  readonly archive: SessionArchive;
  readonly audit: AuditLog;
}

/**
 * A session's events and chat, for administrators and those who may read it.
 * @throws HandrailError `not-found`, also for sessions of others
 */
export function readDossier(archive: SessionArchive, account: Account, lsid: Lsid): SessionDossier {
  const dossier = archive.readSession(lsid);
  if (dossier && archive.mayReadRecording(account, lsid)) return dossier;
  throw new HandrailError("not-found", "no such session");
}

/**
 * Sends a recording as it is now: of a session that goes on, all that has been written. That it was
 * looked at is audited.
 * @throws HandrailError `not-found`, also for sessions of others; `disk-full`
 */
export async function sendRecording(
  reply: FastifyReply,
  { account, archive, audit, lsid }: RecordingRequest,
): Promise<FastifyReply> {
  const file = archive.mayReadRecording(account, lsid) ? archive.recordingPath(lsid) : undefined;
  if (file === undefined) throw new HandrailError("not-found", "no such recording");
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new HandrailError("not-found", "the recording's file is gone", { cause });
  });
  const { displayName: who, id: whoId } = account;
  await audit.append({ event: "recording.opened", who, whoId, lsid });
  reply
    .type("application/octet-stream")
    .header("content-length", size)
    .header("cache-control", "private, no-store")
    .header("content-disposition", `attachment; filename="${lsid}.hrrec"`);
  // The file may grow meanwhile: no more is sent than was announced.
  return reply.send(size === 0 ? "" : createReadStream(file, { end: size - 1 }));
}
