import type { SQLInputValue } from "node:sqlite";
import type { AuditKind } from "@handrail/protocol/upkeep";
import type { Store } from "./database.ts";

/** What belongs to each kind: first parts of events' names, and whole names where these differ. */
const subjectsOf: Readonly<Record<AuditKind, readonly string[]>> = {
  sessions: ["session", "key", "customer", "url", "fields", "note", "survey"],
  permissions: ["permission", "control", "screen"],
  recordings: ["recording", "retention"],
  signIns: ["sign-in", "console", "console-credential", "one-time-password", "second-factor"],
  tools: [
    ...["shell", "system", "snapshot", "system-act", "action", "elevate", "elevation"],
    ...["files", "files-write", "download", "file", "folder"],
    ...["clipboard-to-customer", "clipboard-from-customer", "chat-file", "draw"],
    ...["script.opened", "script.ran", "script.closed"],
  ],
  administration: [
    ...["site", "seed"],
    ...["certificate", "tls", "syslog", "mail"],
    "account",
    "password",
    "team",
    "audit",
    "backup",
    ...["update", "machine", "support"],
    "canned-message",
    "field",
    "question",
    "special-action",
    ...["script.added", "script.changed", "script.removed"],
  ],
};

/** Which rows are wanted; whatever is absent leaves rows out of no account. */
export interface AuditSearch {
  /** Rows below this number (exclusive). */
  readonly before?: number | undefined;
  /** Rows above this number (exclusive). */
  readonly after?: number | undefined;
  readonly kind?: AuditKind | undefined;
  /** The id of the account that caused it. */
  readonly whoId?: string | undefined;
  /** Unix ms; `from` inclusive, `to` exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Part of an event's name, of a person's, of an LSID or of a detail. */
  readonly text?: string | undefined;
}

/** Rows of the audit log as they are stored, in ascending or descending order. */
export function searchAudit(
  { raw }: Pick<Store, "raw">,
  search: AuditSearch,
  order: { readonly by: "ASC" | "DESC"; readonly limit: number },
): Record<string, SQLInputValue>[] {
  const conditions = conditionsOf(search);
  const where = conditions.map(([condition]) => condition).join(" AND ") || "TRUE";
  const values = conditions.flatMap(([, ...rest]) => rest);
  return raw
    .prepare(`SELECT * FROM audit WHERE ${where} ORDER BY seq ${order.by} LIMIT ?`)
    .all(...values, order.limit);
}

type Condition = readonly [condition: string, ...values: SQLInputValue[]];

function conditionsOf(search: AuditSearch): Condition[] {
  const { before, after, kind, whoId, from, to, text } = search;
  const found: (Condition | undefined)[] = [
    before === undefined ? undefined : ["seq < ?", before],
    after === undefined ? undefined : ["seq > ?", after],
    kind && ofKind(kind),
    whoId === undefined ? undefined : ["whoId = ?", whoId],
    from === undefined ? undefined : ["at >= ?", from],
    to === undefined ? undefined : ["at < ?", to],
    text ? holding(text) : undefined,
  ];
  return found.filter((each) => each !== undefined);
}

function ofKind(kind: AuditKind): Condition {
  const subjects = subjectsOf[kind];
  const firstPart = "substr(event, 1, instr(event, '.') - 1)";
  const places = subjects.map(() => "?").join(", ");
  return [`(${firstPart} IN (${places}) OR event IN (${places}))`, ...subjects, ...subjects];
}

/** Looks for the names that people have now, too: a row keeps what they were called then. */
function holding(text: string): Condition {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  const like = "LIKE ? ESCAPE '\\'";
  const person = `SELECT id FROM representative WHERE name ${like} OR displayName ${like}`;
  const columns = ["event", "who", "lsid", "detail"].map((column) => `${column} ${like}`);
  const patterns = Array.from({ length: columns.length + 2 }, () => pattern);
  return [`(${columns.join(" OR ")} OR whoId IN (${person}))`, ...patterns];
}
