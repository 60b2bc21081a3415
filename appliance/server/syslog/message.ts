import type { UnixMs } from "@handrail/protocol";
import type { AuditDetail, AuditRow } from "../store/audit-row.ts";
import { facilities, type Facility } from "./target.ts";

/** Who sends. */
export interface Sender {
  /** The name of the site, as a URL has it. */
  readonly host: string;
  readonly facility: Facility;
}

/** What is sent of a row that cannot be read. */
export type SentRow = Pick<AuditRow, "seq" | "at" | "event" | "who" | "detail"> & Partial<AuditRow>;

/** Severities. Source: RFC 5424, table 2. */
const warning = 4;
const notice = 5;
/** What receivers of RFC 5425 should take. */
const maxBytes = 8192;
/** The number that RFC 5612 keeps for those who have none of their own. */
const enterprise = 32473;

const isTrouble = /\.(refused|refused-again|failed|restore-failed|denied|token-reused|revoked)$/;

/**
 * A row of the audit log as a message of RFC 5424. Everything is in the structured data; the text
 * behind it says the same to people. Never longer than 8 KiB: the longest values are cut then.
 */
export function auditMessage(row: SentRow, sender: Sender): Buffer {
  for (const maxLength of [maxBytes, 1000, 250, 60]) {
    const message = compose(row, sender, maxLength);
    if (message.length <= maxBytes) return message;
  }
  return compose({ ...row, detail: {} }, sender, 60);
}

/** A message that says nothing but that it has arrived. */
export function testMessage(at: UnixMs, by: string, sender: Sender): Buffer {
  const head = headOf({ at, event: "test-message" }, sender, notice);
  return Buffer.from(`${head} - ${text(`Test message of Handrail, sent by ${by}`)}`);
}

function compose(row: SentRow, sender: Sender, maxLength: number): Buffer {
  const cut = (value: string) =>
    value.length > maxLength ? `${value.slice(0, maxLength)}…` : value;
  const { seq, event, who, whoId, lsid, hash } = row;
  const facts = { seq, event, who, whoId, lsid, hash };
  const head = headOf(row, sender, isTrouble.test(event) ? warning : notice);
  const data = element("audit", facts, cut) + element("detail", row.detail, cut);
  const details = Object.entries(row.detail).map(
    ([name, value]) => `${name}=${cut(String(value))}`,
  );
  return Buffer.from(`${head} ${data} ${text([`${cut(who)}:`, event, ...details].join(" "))}`);
}

function headOf(
  { at, event }: { at: UnixMs; event: string },
  { host, facility }: Sender,
  severity: number,
): string {
  const priority = facilities[facility] * 8 + severity;
  const when = new Date(at).toISOString();
  const name = printable(host, 255);
  return `<${priority}>1 ${when} ${name} handrail ${process.pid} ${printable(event, 32)}`;
}

/** An element of structured data; none of it when there is nothing to say. Source: RFC 5424, 6.3. */
function element(
  name: string,
  facts: AuditDetail | Readonly<Record<string, string | number | undefined>>,
  cut: (value: string) => string,
): string {
  const parameters = Object.entries(facts).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const escaped = neutral(cut(String(value))).replace(/["\\\]]/g, "\\$&");
    return [` ${printable(key, 32)}="${escaped}"`];
  });
  return parameters.length === 0 ? "" : `[${name}@${enterprise}${parameters.join("")}]`;
}

/** The text; one that is not ASCII says first that it is UTF-8. Source: RFC 5424, 6.4. */
function text(said: string): string {
  const safe = neutral(said);
  return /^[ -~]*$/.test(safe) ? safe : `\ufeff${safe}`;
}

/**
 * What ends lines, steers terminals or turns the direction of writing is written down instead of
 * done, and what is no character becomes the one that says so.
 */
function neutral(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`);
}

/** A name as heads and parameters have it. */
function printable(name: string, maxLength: number): string {
  return name.replace(/[^!#-<>-\\^-~]/g, "_").slice(0, maxLength) || "-";
}
