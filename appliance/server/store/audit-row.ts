import { createHash } from "node:crypto";
import { HandrailError, isLsid, type Lsid, type SessionEvent } from "@handrail/protocol";

/** Small facts about an event. Never a secret, chat or keystrokes. */
export type AuditDetail = Readonly<Record<string, string | number | boolean>>;

/** A row of the log. `hash`: hex. */
export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly event: string;
  readonly who: string;
  readonly whoId?: string;
  readonly lsid?: Lsid;
  readonly detail: AuditDetail;
  readonly hash: string;
}

/** What the first row's hash is made from. */
export const origin = Buffer.alloc(32);

/** The row as those who take part in the session see it. */
export function toSessionEvent(row: AuditRow): SessionEvent {
  return { seq: row.seq, at: row.at, event: row.event, who: row.who, detail: { ...row.detail } };
}

/** The hash of a row behind those that `previous` is the hash of. */
export function chain(previous: Uint8Array, row: Omit<AuditRow, "hash">): Buffer {
  return createHash("sha256").update(previous).update(canonical(row)).digest();
}

/** JSON with the names of every object in order, so that one content has one text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** A row as the database gives it. @throws HandrailError `internal` when it cannot be read */
export function toRow(raw: Record<string, unknown>): AuditRow {
  const row = readRow(raw);
  if (row) return row;
  throw new HandrailError("internal", `audit row ${String(raw.seq)} cannot be read`);
}

/** The same; undefined when it cannot be read. */
export function readRow(raw: Record<string, unknown>): AuditRow | undefined {
  const { seq, at, event, who, whoId, lsid } = raw;
  const hash = bytesOf(raw.hash);
  const detail = readDetail(raw.detail);
  if (typeof seq !== "number" || typeof at !== "number" || !hash || !detail) return undefined;
  if (typeof event !== "string" || typeof who !== "string") return undefined;
  return {
    seq,
    at,
    event,
    who,
    ...(typeof whoId === "string" ? { whoId } : {}),
    ...(typeof lsid === "string" && isLsid(lsid) ? { lsid } : {}),
    detail,
    hash: hash.toString("hex"),
  };
}

function readDetail(text: unknown): AuditDetail | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const facts = Object.entries(value).filter((entry): entry is [string, string] =>
      ["string", "number", "boolean"].includes(typeof entry[1]),
    );
    return facts.length === Object.keys(value).length ? Object.fromEntries(facts) : undefined;
  } catch {
    // What is not JSON was not written by us: the caller says so.
    return undefined;
  }
}

/** A column that holds bytes. */
export function bytesOf(value: unknown): Buffer | undefined {
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.length)
    : undefined;
}
