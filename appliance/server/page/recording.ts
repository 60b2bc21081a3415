import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { HandrailError, type Lsid } from "@handrail/protocol";
import type { FastifyReply } from "fastify";
import type { Account } from "../auth/account.ts";
import type { SessionDossier } from "../relay/broker.ts";
import type { AuditLog } from "../store/audit.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { RecordingStore } from "../store/recordings.ts";
import type { ShellRecording, ShellRecordingStore } from "../store/shell-recordings.ts";

/** What is kept of sessions. */
export interface SessionArchive {
  readSession(lsid: Lsid): SessionDossier | undefined;
  readonly shellRecordings: ShellRecordingStore;
  readonly recordings: Pick<RecordingStore, "hold">;
  recordingPath(lsid: Lsid): string | undefined;
  /** @throws HandrailError `not-found`, `not-permitted` */
  snapshotPath(account: Account, lsid: Lsid): string | undefined;
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
  await audited(audit, account, lsid);
  const holding = archive.recordings.hold(lsid);
  const name = `${lsid}.hrrec`;
  return sendFile(reply, file, { name, type: "application/octet-stream", holding });
}

/**
 * The shells of a session that were recorded, oldest first.
 * @throws HandrailError `not-found`, also for sessions of others
 */
export async function listShells(
  archive: SessionArchive,
  account: Account,
  lsid: Lsid,
): Promise<{ shells: ShellRecording[] }> {
  if (!archive.mayReadRecording(account, lsid)) {
    throw new HandrailError("not-found", "no such session");
  }
  return { shells: await archive.shellRecordings.list(lsid) };
}

/**
 * Sends a recorded shell as it is now, as asciicast v2. That it was looked at is audited.
 * @throws HandrailError `not-found`, also for sessions of others; `disk-full`
 */
export async function sendShell(
  reply: FastifyReply,
  { account, archive, audit, lsid }: RecordingRequest,
  number: number,
): Promise<FastifyReply> {
  const isAllowed = archive.mayReadRecording(account, lsid);
  const file = isAllowed ? await archive.shellRecordings.pathOf(lsid, number) : undefined;
  if (file === undefined) throw new HandrailError("not-found", "no such recording");
  await audited(audit, account, lsid, { shell: number });
  const name = `${lsid}.shell-${number}.cast`;
  const holding = archive.recordings.hold(lsid);
  return sendFile(reply, file, { name, type: "application/x-asciicast", holding });
}

/**
 * Sends the snapshot of a session's start, as JSON. That it was looked at is audited.
 * @throws HandrailError `not-found`, also for sessions of others; `not-permitted`; `disk-full`
 */
export async function sendSnapshot(
  reply: FastifyReply,
  { account, archive, audit, lsid }: RecordingRequest,
): Promise<FastifyReply> {
  const file = archive.snapshotPath(account, lsid);
  if (file === undefined) throw new HandrailError("not-found", "no such snapshot");
  const { displayName: who, id: whoId } = account;
  await audit.append({ event: "snapshot.opened", who, whoId, lsid, detail: {} });
  const holding = archive.recordings.hold(lsid);
  return sendFile(reply, file, {
    ...{ name: `${lsid}.snapshot.json`, type: "application/json" },
    holding,
  });
}

async function audited(
  audit: AuditLog,
  { displayName: who, id: whoId }: Account,
  lsid: Lsid,
  detail: AuditDetail = {},
): Promise<void> {
  await audit.append({ event: "recording.opened", who, whoId, lsid, detail });
}

/** Sends what there is now; `holding` keeps it from being deleted until it is sent. */
async function sendFile(
  reply: FastifyReply,
  file: string,
  { name, type, holding }: { name: string; type: string; holding: Disposable },
): Promise<FastifyReply> {
  using held = new DisposableStack();
  held.use(holding);
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new HandrailError("not-found", "the file is gone", { cause });
  });
  reply
    .type(type)
    .header("content-length", size)
    .header("cache-control", "private, no-store")
    .header("content-disposition", `attachment; filename="${name}"`);
  if (size === 0) return reply.send("");
  // The file may grow meanwhile: no more is sent than was announced.
  const sending = createReadStream(file, { end: size - 1 });
  const sent = held.move();
  sending.once("close", () => sent.dispose());
  return reply.send(sending);
}
