import { oneLine } from "../person-text.ts";
import { type Permission, permissions } from "../session/policy.ts";

/**
 * A canned script as a document: what is said of it between two lines `---`, one `field: value` a
 * line, then the script, which begins with its `#!` line. A list is `[a, b]` or `a, b`; a value may
 * stand in double quotes; `#` at the beginning of a line begins a remark. It looks like YAML and is
 * much less, so that each end reads the same without a library.
 */
export const scriptFields = {
  name: { isList: false, isNeeded: true },
  description: { isList: false, isNeeded: false },
  platforms: { isList: true, isNeeded: false },
  categories: { isList: true, isNeeded: false },
  teams: { isList: true, isNeeded: false },
  needs: { isList: true, isNeeded: false },
} as const;
/** A field of the part that says what the script is. */
export type ScriptField = keyof typeof scriptFields;

/** Computers that a script may be for. */
export const scriptPlatforms = ["linux", "macos", "windows"] as const;
/** One of them. */
export type ScriptPlatform = (typeof scriptPlatforms)[number];

/** Most characters of a document, which fits into a control message however it is written. */
export const maxScriptLength = 40_000;
/** Most characters of a name. */
export const maxScriptNameLength = 100;
const maxValueLength = 200;
const maxItems = 16;

/**
 * What may be wrong with a document; `isAdvice` tells what is no reason to refuse it.
 */
export const scriptFaultCodes = [
  ...["no-head", "head-open", "bad-line", "unknown-field", "doubled-field", "missing-name"],
  ...["bad-name", "bad-value", "too-long", "unknown-platform", "unknown-permission", "no-script"],
  ...["unknown-macro", "macro-elsewhere"],
  ...["missing-description", "missing-platforms", "missing-categories", "no-interpreter"],
  ...["wrong-platform", "macro-unquoted", "macro-single-quoted"],
] as const;
/** One of them. */
export type ScriptFaultCode = (typeof scriptFaultCodes)[number];

/** Where something is wrong: `line` and the columns from 0, `end` behind the last; `subject`: what. */
export interface ScriptFault {
  readonly code: ScriptFaultCode;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly subject: string;
}

/** What a document says of its script. Empty `teams` means all teams, empty `platforms` all platforms. */
export interface ScriptHead {
  readonly name: string;
  readonly description: string;
  readonly platforms: readonly ScriptPlatform[];
  readonly categories: readonly string[];
  readonly teams: readonly string[];
  /** Permissions that the representative has to have in the session, besides `scripts`. */
  readonly needs: readonly Permission[];
}

/** A document that was read. `text`: the script, from its `#!` line on, at `textLine` from 0. */
export interface ScriptDocument extends ScriptHead {
  readonly text: string;
  readonly textLine: number;
  readonly faults: readonly ScriptFault[];
}

interface Value {
  readonly line: number;
  readonly start: number;
  readonly items: readonly { readonly text: string; readonly start: number }[];
}

const mark = /^---\s*$/;

/** Reads a document; says what is wrong with its head, and goes on. */
export function readScript(document: string): ScriptDocument {
  const lines = document.replaceAll("\r\n", "\n").split("\n");
  const faults: ScriptFault[] = [];
  if (document.length > maxScriptLength) faults.push(whole("too-long", lines[0]));
  const end = mark.test(lines[0] ?? "")
    ? lines.findIndex((line, at) => at > 0 && mark.test(line))
    : -1;
  if (end < 0) {
    faults.push(whole(mark.test(lines[0] ?? "") ? "head-open" : "no-head", lines[0]));
    return { ...emptyHead, text: document, textLine: 0, faults };
  }
  const values = readHead(lines.slice(0, end), faults);
  const head = headOf(values, faults);
  const textLine = end + 1;
  const text = lines.slice(textLine).join("\n");
  if (text.trim() === "") faults.push({ ...whole("no-script", lines[end]), line: end });
  return { ...head, text, textLine, faults };
}

/** The document with another name, otherwise as it is. */
export function renameScript(document: string, name: string): string {
  const lines = document.split("\n");
  const at = lines.findIndex((line) => /^name\s*:/.test(line));
  const line = `name: ${written(name)}`;
  if (at < 0) lines.splice(1, 0, line);
  else lines[at] = line;
  return lines.join("\n");
}

/** What stands in a new script until its writer says it better, in their language. */
export interface NewScriptWords {
  readonly description: string;
  readonly category: string;
}

/** What a new script begins with. */
export function newScript(name: string, { description, category }: NewScriptWords): string {
  return [
    ...["---", `name: ${written(name)}`, `description: ${written(description)}`],
    ...["platforms: [linux]", `categories: [${written(category)}]`],
    ...["teams: []", "needs: []", "---", "#!/bin/bash", "set -eu", ""],
  ].join("\n");
}

const emptyHead: ScriptHead = {
  ...{ name: "", description: "", platforms: [], categories: [], teams: [], needs: [] },
};

function readHead(lines: readonly string[], faults: ScriptFault[]): Map<ScriptField, Value> {
  const values = new Map<ScriptField, Value>();
  for (const [line, text] of lines.entries()) {
    if (line === 0 || text.trim() === "" || text.startsWith("#")) continue;
    // What surrounds the value is cut off afterwards: a pattern would try each of many spaces.
    const found = /^([A-Za-z]+)\s*:(.*)$/.exec(text);
    const fault = (code: ScriptFaultCode, subject: string) =>
      faults.push({ code, line, start: 0, end: text.length, subject });
    const [, field = "", rest = ""] = found ?? [];
    const value = rest.trim();
    const start = text.length - rest.trimStart().length;
    if (!found) fault("bad-line", text.slice(0, 80));
    else if (!isField(field)) fault("unknown-field", field);
    else if (values.has(field)) fault("doubled-field", field);
    else values.set(field, valueOf(field, { line, value, start }));
  }
  return values;
}

function valueOf(field: ScriptField, at: { line: number; value: string; start: number }): Value {
  const { line, value, start } = at;
  if (!scriptFields[field].isList) {
    return { line, start, items: value === "" ? [] : [{ text: unquoted(value), start }] };
  }
  const open = /^\[(.*)\]$/.exec(value);
  const inside = open?.[1] ?? value;
  let place = start + (open ? 1 : 0);
  const items = inside.split(",").map((part) => {
    const item = {
      text: unquoted(part.trim()),
      start: place + part.length - part.trimStart().length,
    };
    place += part.length + 1;
    return item;
  });
  return { line, start, items: items.filter(({ text }) => text !== "") };
}

function headOf(values: ReadonlyMap<ScriptField, Value>, faults: ScriptFault[]): ScriptHead {
  const list = (field: ScriptField) => {
    const value = values.get(field);
    const texts = value?.items.map(({ text }) => oneLine(text)) ?? [];
    const isLong = texts.some((text) => text.length > maxValueLength) || texts.length > maxItems;
    if (value && isLong) faults.push(faultAt("bad-value", value, field));
    return texts;
  };
  const known = <T extends string>(
    field: ScriptField,
    all: readonly T[],
    code: ScriptFaultCode,
  ) => {
    const value = values.get(field);
    for (const { text, start } of value?.items ?? []) {
      if ((all as readonly string[]).includes(text)) continue;
      const line = value?.line ?? 0;
      faults.push({ code, line, start, end: start + text.length, subject: text });
    }
    return all.filter((each) => list(field).includes(each));
  };
  const name = list("name")[0] ?? "";
  const named = values.get("name");
  if (name === "") faults.push({ ...whole("missing-name", "---"), line: named?.line ?? 0 });
  else if (named && (name.length > maxScriptNameLength || /[/\\]|^\./.test(name))) {
    faults.push(faultAt("bad-name", named, name));
  }
  for (const field of ["description", "platforms", "categories"] as const) {
    if (list(field).length > 0) continue;
    const line = values.get(field)?.line ?? 0;
    faults.push({ ...whole(`missing-${field}`, "---"), line });
  }
  return {
    name,
    description: list("description")[0] ?? "",
    platforms: known("platforms", scriptPlatforms, "unknown-platform"),
    categories: list("categories"),
    teams: list("teams"),
    needs: known("needs", permissions, "unknown-permission"),
  };
}

function isField(name: string): name is ScriptField {
  return Object.hasOwn(scriptFields, name);
}

function faultAt(
  code: ScriptFaultCode,
  { line, start, items }: Value,
  subject: string,
): ScriptFault {
  const last = items.at(-1);
  return { code, line, start, end: last ? last.start + last.text.length : start + 1, subject };
}

/** On the first line, from its beginning to its end. */
function whole(code: ScriptFaultCode, line = ""): ScriptFault {
  return { code, line: 0, start: 0, end: Math.max(1, Math.min(line.length, 200)), subject: "" };
}

function unquoted(value: string): string {
  if (!/^".*"$/.test(value) || value.length < 2) return value;
  return value.slice(1, -1).replace(/\\(["\\])/g, "$1");
}

/** A value as it may stand in a document. */
function written(value: string): string {
  const line = oneLine(value);
  return /^["[#]|["\\]/.test(line) ? `"${line.replace(/["\\]/g, "\\$&")}"` : line;
}
