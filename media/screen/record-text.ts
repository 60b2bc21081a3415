import {
  type ChatMessage,
  decodeText,
  HandrailError,
  isRepresentativeId,
  type RecordingMeta,
  type SessionEvent,
} from "@handrail/protocol";

/*
 * The JSON records of a recording. They are read by hand: the schemas of the protocol would weigh
 * 300 kB in each page that plays a recording. A record that does not fit is passed over, as one of
 * a newer version would be.
 */

/** The body of an EVENT record. */
export function readEvent(body: Uint8Array): SessionEvent | undefined {
  const fields = fieldsOf(parse(body));
  const { seq, at, event, who } = fields;
  if (!isCount(seq) || !isCount(at)) return undefined;
  if (typeof event !== "string" || typeof who !== "string") return undefined;
  const detail: SessionEvent["detail"] = {};
  for (const [name, value] of Object.entries(fieldsOf(fields.detail))) {
    const isFact = ["string", "number", "boolean"].includes(typeof value);
    if (isFact) detail[name] = value as string | number | boolean;
  }
  return { seq, at, event, who, detail };
}

/** The body of a CHAT record. */
export function readChat(body: Uint8Array): ChatMessage | undefined {
  const { seq, at, text, from } = fieldsOf(parse(body));
  const { kind, name, id } = fieldsOf(from);
  if (!isCount(seq) || !isCount(at)) return undefined;
  if (typeof text !== "string" || typeof name !== "string") return undefined;
  if (kind !== "customer" && kind !== "representative" && kind !== "system") return undefined;
  const writer: ChatMessage["from"] = { kind, name };
  if (typeof id === "string" && isRepresentativeId(id)) writer.id = id;
  return { seq, at, text, from: writer };
}

/** The body of the META record. */
export function readMeta(body: Uint8Array): RecordingMeta | undefined {
  const { lsid, startedAt, siteName, customer } = fieldsOf(parse(body));
  if (typeof lsid !== "string" || !isCount(startedAt)) return undefined;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return { lsid, startedAt, siteName: text(siteName), customer: text(customer) };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(decodeText(body));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof HandrailError) return undefined;
    throw error;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
