import { HandrailError } from "./error.ts";

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Session id, 32 lower-case hex digits. Source: the incumbent's command API. */
export type Lsid = Branded<string, "Lsid">;
/** What a customer types: exactly 7 digits, one use. A secret until it is used. */
export type SessionKey = Branded<string, "SessionKey">;
/** A representative's account id, 32 hex digits. */
export type RepresentativeId = Branded<string, "RepresentativeId">;
/** A queue's id: `general`, `team:<32 hex>` or `personal:<representative id>`. */
export type QueueId = Branded<string, "QueueId">;
/** Milliseconds since 1970-01-01 UTC. */
export type UnixMs = number;

/** Whether the text is an LSID in canonical form. */
export function isLsid(text: string): text is Lsid {
  return /^[0-9a-f]{32}$/.test(text);
}

/** Reads an LSID; upper case is accepted. @throws HandrailError `bad-request` */
export function parseLsid(text: string): Lsid {
  const lower = text.toLowerCase();
  if (isLsid(lower)) return lower;
  throw new HandrailError("bad-request", "an LSID has 32 hex digits");
}

/** Whether the text is a session key in canonical form. */
export function isSessionKey(text: string): text is SessionKey {
  return /^[0-9]{7}$/.test(text);
}

/**
 * Reads a session key as people type it: spaces, dashes, dots and non-breaking spaces between the
 * digits are ignored, full-width, Arabic-Indic and Persian digits count as digits.
 * Returns undefined when what remains is not exactly 7 digits.
 */
export function parseSessionKey(typed: string): SessionKey | undefined {
  const digits = typed
    .slice(0, 64)
    .normalize("NFKC")
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (d) => String(d.charCodeAt(0) & 15))
    .replace(/[\s.\-\u2010-\u2015_]/g, "");
  return isSessionKey(digits) ? digits : undefined;
}

/** A session key as it is shown and read aloud: `123 4567`. */
export function formatSessionKey(key: SessionKey): string {
  return `${key.slice(0, 3)} ${key.slice(3)}`;
}

/** Whether the text is a representative's id. */
export function isRepresentativeId(text: string): text is RepresentativeId {
  return /^[0-9a-f]{32}$/.test(text);
}

/** Whether the text is a queue's id. */
export function isQueueId(text: string): text is QueueId {
  return /^(general|(team|personal):[0-9a-f]{32})$/.test(text);
}

/** What kind of queue an id names. */
export function queueKind(queue: QueueId): "general" | "team" | "personal" {
  if (queue === generalQueue) return "general";
  return queue.startsWith("team:") ? "team" : "personal";
}

/** The general queue, which every site has. */
export const generalQueue = queueId("general");

/** The personal queue of a representative. */
export function personalQueue(representative: RepresentativeId): QueueId {
  return queueId(`personal:${representative}`);
}

function queueId(text: string): QueueId {
  if (isQueueId(text)) return text;
  throw new HandrailError("bad-request", "not a queue id");
}
