import type { SQLInputValue, StatementSync } from "node:sqlite";
import { z } from "zod";
import {
  type ChatMessage,
  chatMessageShape,
  type Consent,
  type Customer,
  customerShape,
  type EndReason,
  endReasons,
  type FieldValue,
  fieldValueShape,
  HandrailError,
  isLsid,
  isQueueId,
  isRepresentativeId,
  isSessionKey,
  type Lsid,
  type Permission,
  permissions,
  type QueueId,
  type RepresentativeId,
  type SessionKey,
  type SnapshotState,
  snapshotStates,
  type UnixMs,
} from "@handrail/protocol";
import type { Store } from "./database.ts";
import { json, optional } from "./row.ts";

/** Where a session stands; finer than the state that people see. */
export const phases = ["key", "joining", "waiting", "active", "ended"] as const;
export type Phase = (typeof phases)[number];

const representativeId = z.string().refine(isRepresentativeId);
const queueId = z.string().refine(isQueueId);
const consentsShape = z.partialRecord(
  z.enum(permissions),
  z.enum(["not-asked", "granted", "refused", "revoked"]),
);
const handOverShape = z.object({
  from: representativeId,
  name: z.string(),
  note: z.string().optional(),
});
const member = z.object({ id: representativeId, name: z.string(), observer: z.boolean() });
const membersShape = z.array(member);

/** A representative who takes part, as stored. */
export type Member = Readonly<z.infer<typeof member>>;

/** A session between who has transferred it, with their note for it in a line, and who takes it. */
export type HandOver = Readonly<z.infer<typeof handOverShape>>;

/** A session as it is stored. Replaced as a whole, never changed. */
export interface SessionRecord {
  readonly lsid: Lsid;
  readonly phase: Phase;
  readonly queue: QueueId;
  /** Where it began, and returns to when nobody is left. */
  readonly originalQueue: QueueId;
  readonly madeBy: RepresentativeId;
  readonly madeByName: string;
  /** The key, while it may still be used. */
  readonly sessionKey: SessionKey | undefined;
  readonly keyExpiresAt: UnixMs;
  /** SHA-256 in hex of the customer's ticket. */
  readonly ticketHash: string | undefined;
  readonly customer: Customer;
  readonly createdAt: UnixMs;
  /** 0 until the customer's client has arrived. */
  readonly waitingSince: UnixMs;
  readonly acceptedAt: UnixMs | undefined;
  /** Since when it waits because everyone left it. */
  readonly orphanedAt: UnixMs | undefined;
  readonly endedAt: UnixMs | undefined;
  readonly endReason: EndReason | undefined;
  /** Name of the representative who ended it. */
  readonly endedBy: string | undefined;
  readonly consents: Readonly<Partial<Record<Permission, Consent>>>;
  readonly participants: readonly Member[];
  /** Those who took part before, the latest first. */
  readonly formerParticipants: readonly Member[];
  readonly controller: RepresentativeId | undefined;
  readonly recording: "off" | "on" | "failed";
  readonly hasRecording: boolean;
  readonly snapshot: SnapshotState;
  readonly chatCount: number;
  readonly fields: readonly FieldValue[];
  /** SHA-256 in hex of what the client comes back with after a restart of its computer. */
  readonly returnHash: string | undefined;
  /** Until when that is waited for. */
  readonly returnUntil: UnixMs | undefined;
  /** Since it was transferred, until somebody takes it. */
  readonly handOver: HandOver | undefined;
}

/** Which sessions a list wants: the newest first, begun before `before` (exclusive, Unix ms). */
export interface SessionListing {
  readonly before?: UnixMs | undefined;
  readonly limit: number;
  /** Part of the customer's name or computer, a representative's name, the LSID or a field. */
  readonly search?: string | undefined;
  /** Only sessions that this representative is in or, where they have ended, took part in. */
  readonly participant?: RepresentativeId | undefined;
}

const columns = [
  "lsid",
  "phase",
  "queue",
  "originalQueue",
  "madeBy",
  "madeByName",
  "sessionKey",
  "keyExpiresAt",
  "ticketHash",
  "customer",
  "createdAt",
  "waitingSince",
  "acceptedAt",
  "orphanedAt",
  "endedAt",
  "endReason",
  "endedBy",
  "consents",
  "participants",
  "formerParticipants",
  "controller",
  "recording",
  "hasRecording",
  "snapshot",
  "chatCount",
  "fields",
  "returnHash",
  "returnUntil",
  "handOver",
] as const;

/** What `beganAt` of the protocol says, and `sessionByBeginning` has in order. */
const beginning = "COALESCE(acceptedAt, waitingSince)";

/**
 * Sessions and their chat. Everything is synchronous, so that the relay can make a change and its
 * audit row one transaction (`AuditLog.append` with `also`).
 */
export class SessionStore {
  readonly #store: Store;
  readonly #save: StatementSync;
  readonly #addParticipant: StatementSync;
  readonly #addChat: StatementSync;

  constructor(store: Store) {
    this.#store = store;
    const updates = columns.slice(1).map((name) => `${name} = excluded.${name}`);
    this.#save = store.raw.prepare(
      `INSERT INTO session (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
       ON CONFLICT (lsid) DO UPDATE SET ${updates.join(", ")}`,
    );
    this.#addParticipant = store.raw.prepare(
      "INSERT OR IGNORE INTO sessionParticipant (lsid, representative) VALUES (?, ?)",
    );
    this.#addChat = store.raw.prepare(
      `INSERT INTO chat (lsid, seq, fromKind, fromName, fromId, text, at, url, file)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  /** Writes a session as it is now, within whatever transaction is open. */
  save(record: SessionRecord): void {
    this.#save.run(...columns.map((name) => toSql(record[name])));
    for (const { id } of record.participants) this.#addParticipant.run(record.lsid, id);
  }

  /** Writes a line of chat, within whatever transaction is open. */
  addChat(lsid: Lsid, message: ChatMessage): void {
    const { seq, from, text, at, url, file } = message;
    const sender = [from.kind, from.name, from.id ?? null];
    const about = [url ?? null, file ? JSON.stringify(file) : null];
    this.#addChat.run(lsid, seq, ...sender, text, at, ...about);
  }

  /** One session, or undefined. */
  read(lsid: Lsid): SessionRecord | undefined {
    const row = this.#store.raw.prepare("SELECT * FROM session WHERE lsid = ?").get(lsid);
    return row && toRecord(row);
  }

  /** The session to which a ticket belongs or belonged, or undefined. `ticketHash`: SHA-256, hex. */
  byTicket(ticketHash: string): SessionRecord | undefined {
    const row = this.#store.raw
      .prepare("SELECT * FROM session WHERE ticketHash = ?")
      .get(ticketHash);
    return row && toRecord(row);
  }

  /** The session that waits for the client with this way back, or undefined. SHA-256, hex. */
  byReturn(returnHash: string): SessionRecord | undefined {
    const row = this.#store.raw
      .prepare("SELECT * FROM session WHERE returnHash = ?")
      .get(returnHash);
    return row && toRecord(row);
  }

  /** Every session that has not ended. */
  unended(): SessionRecord[] {
    return this.#store.raw
      .prepare("SELECT * FROM session WHERE phase <> 'ended' ORDER BY createdAt")
      .all()
      .map(toRecord);
  }

  /** Sessions that a customer has joined, the newest first. */
  list({ before, limit, search, participant }: SessionListing): SessionRecord[] {
    const like = `%${(search ?? "").replace(/[\\%_]/g, "\\$&")}%`;
    return this.#store.raw
      .prepare(
        `SELECT * FROM session
         WHERE ${beginning} < ?1 AND waitingSince > 0
         AND (lsid LIKE ?2 ESCAPE '\\' OR customer LIKE ?2 ESCAPE '\\' OR
           participants LIKE ?2 ESCAPE '\\' OR formerParticipants LIKE ?2 ESCAPE '\\' OR
           madeByName LIKE ?2 ESCAPE '\\' OR EXISTS (
             SELECT 1 FROM json_each(fields) WHERE value ->> 'value' LIKE ?2 ESCAPE '\\'))
         AND (?4 IS NULL OR EXISTS (
           SELECT 1 FROM sessionParticipant AS mine
           WHERE mine.lsid = session.lsid AND mine.representative = ?4 AND (phase = 'ended' OR
             EXISTS (SELECT 1 FROM json_each(participants) WHERE value ->> 'id' = ?4))))
         ORDER BY ${beginning} DESC LIMIT ?3`,
      )
      .all(before ?? Number.MAX_SAFE_INTEGER, like, limit, participant ?? null)
      .map(toRecord);
  }

  /** Ended sessions in which the representative took part, the newest first. */
  past(representative: RepresentativeId, limit: number): SessionRecord[] {
    return this.#store.raw
      .prepare(
        `SELECT session.* FROM session JOIN sessionParticipant USING (lsid)
         WHERE sessionParticipant.representative = ? AND phase = 'ended'
         ORDER BY ${beginning} DESC LIMIT ?`,
      )
      .all(representative, limit)
      .map(toRecord);
  }

  /** Whether the representative ever took part in the session. */
  tookPart(representative: RepresentativeId, lsid: Lsid): boolean {
    const found = this.#store.raw
      .prepare("SELECT 1 FROM sessionParticipant WHERE representative = ? AND lsid = ?")
      .get(representative, lsid);
    return found !== undefined;
  }

  /** The chat of a session, oldest first. */
  chat(lsid: Lsid): ChatMessage[] {
    return this.#store.raw
      .prepare("SELECT * FROM chat WHERE lsid = ? ORDER BY seq")
      .all(lsid)
      .map((row) =>
        chatMessageShape.parse({
          seq: row.seq,
          from: { kind: row.fromKind, name: row.fromName, id: row.fromId ?? undefined },
          text: row.text,
          at: row.at,
          url: row.url ?? undefined,
          file: typeof row.file === "string" ? (JSON.parse(row.file) as unknown) : undefined,
        }),
      );
  }
}

function toSql(value: SessionRecord[keyof SessionRecord]): SQLInputValue {
  if (value === undefined) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "object" ? JSON.stringify(value) : value;
}

const rowShape = z.object({
  lsid: z.string().refine(isLsid),
  phase: z.enum(phases),
  queue: queueId,
  originalQueue: queueId,
  madeBy: representativeId,
  madeByName: z.string(),
  sessionKey: optional(z.string().refine(isSessionKey)),
  keyExpiresAt: z.number(),
  ticketHash: optional(z.string()),
  customer: json(customerShape),
  createdAt: z.number(),
  waitingSince: z.number(),
  acceptedAt: optional(z.number()),
  orphanedAt: optional(z.number()),
  endedAt: optional(z.number()),
  endReason: optional(z.enum(endReasons)),
  endedBy: optional(z.string()),
  consents: json(consentsShape),
  participants: json(membersShape),
  formerParticipants: json(membersShape),
  controller: optional(representativeId),
  recording: z.enum(["off", "on", "failed"]),
  hasRecording: z.number().transform((value) => value === 1),
  snapshot: z.enum(snapshotStates),
  chatCount: z.number(),
  fields: json(z.array(fieldValueShape)),
  returnHash: optional(z.string()),
  returnUntil: optional(z.number()),
  handOver: optional(json(handOverShape)),
});

function toRecord(row: Record<string, unknown>): SessionRecord {
  const parsed = rowShape.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new HandrailError("internal", `session ${String(row.lsid)} cannot be read`, {
    cause: parsed.error,
  });
}
