import {
  encodeText,
  maxSystemRows,
  type SystemCategory,
  type SystemFields,
  type SystemList,
  type SystemReport,
  systemAnswer,
  type SystemValue,
} from "@handrail/protocol";

/** Reads one category. Throws when this computer cannot say. */
export type Reader = () => Promise<SystemReport>;
/** A reader for every category. */
export type Readers = Readonly<Record<SystemCategory, Reader>>;

/** What was found of a field; empty, negative and missing values are not known. */
export type Found = Readonly<Record<string, SystemValue | null | undefined>>;

/** A report of what is known. */
export function reportOf(facts: Found, lists: readonly SystemList[] = []): SystemReport {
  return { facts: known(facts), lists: [...lists] };
}

/** A list of what is known, as long as it may be. */
export function listOf(name: string, rows: readonly Found[]): SystemList {
  const kept = rows.slice(0, maxSystemRows);
  return { name, rows: kept.map(known), omitted: rows.length - kept.length };
}

/** One digit after the point is what a percentage is worth. */
export function percent(value: number | null | undefined): number | undefined {
  return typeof value === "number" ? Math.round(value * 10) / 10 : undefined;
}

/** A date as programs write it, Unix ms. */
export function timeOf(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** The report that a process wrote. @throws HandrailError `protocol-violation` */
export function reportFrom(json: string): SystemReport {
  const answer = systemAnswer.decode(
    encodeText(`{"answer":"report","id":1,"takenAt":0,"report":${json}}`),
  );
  if (answer.answer !== "report") throw new Error("not a report");
  return answer.report;
}

function known(found: Found): SystemFields & Record<string, SystemValue> {
  const fields: Record<string, SystemValue> = {};
  for (const [name, value] of Object.entries(found)) {
    if (value === null || value === undefined || value === "" || value === "-") continue;
    if (typeof value === "number" && !(Number.isFinite(value) && value >= 0)) continue;
    fields[name] = typeof value === "string" ? value.slice(0, 1024) : value;
  }
  return fields;
}
