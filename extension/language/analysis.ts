import {
  checkScript,
  isAdvice,
  isMacroName,
  macroNames,
  permissions,
  readScript,
  type ScriptField,
  scriptFields,
  scriptPlatforms,
  variableOf,
} from "@handrail/protocol";
import type { LanguageTexts } from "./texts.ts";

/** A place in a document: line and column from 0. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** From a place to another, which is no part of it. */
export interface Span {
  readonly start: Place;
  readonly end: Place;
}

/** Something wrong in a document. */
export interface Problem {
  readonly range: Span;
  readonly code: string;
  readonly message: string;
  readonly isError: boolean;
}

/** What may be written at a place, in place of `range`. */
export interface Proposal {
  readonly label: string;
  readonly kind: "macro" | "field" | "value";
  readonly detail: string;
  readonly range: Span;
}

/** All that is wrong with a document. */
export function problemsOf(document: string, texts: LanguageTexts): Problem[] {
  return checkScript(document).faults.map((fault) => ({
    range: span(fault.line, fault.start, fault.end),
    code: fault.code,
    message: texts.faults[fault.code](fault.subject),
    isError: !isAdvice(fault),
  }));
}

/** What may be written at a place: macros in the script, fields and their values above it. */
export function proposalsAt(document: string, place: Place, texts: LanguageTexts): Proposal[] {
  const line = lineAt(document, place);
  const before = line.slice(0, place.character);
  if (isInScript(document, place)) return macroProposals(line, place, texts);
  const value = /^([a-z]+)\s*:\s*(?:.*[[,]\s*|)([\w-]*)$/.exec(before);
  const [, field = "", typed = ""] = value ?? [];
  if (value) return valueProposals(field, rangeBefore(place, typed.length));
  if (!/^[a-z]*$/.test(before) || place.line === 0) return [];
  const range = rangeBefore(place, before.length);
  const said = new Set(document.match(/^[a-z]+(?=\s*:)/gm));
  const fields = (Object.keys(scriptFields) as ScriptField[]).filter((each) => !said.has(each));
  return fields.map((name) => ({
    ...{ label: `${name}: `, kind: "field" as const, detail: texts.fields[name], range },
  }));
}

/** What is to be said of a place, as Markdown. */
export function hoverAt(
  document: string,
  place: Place,
  texts: LanguageTexts,
): { range: Span; markdown: string } | undefined {
  const line = lineAt(document, place);
  if (!isInScript(document, place)) {
    const name = /^([a-z]+)\s*:/.exec(line)?.[1] ?? "";
    if (!isField(name) || place.character > name.length) return undefined;
    return { range: span(place.line, 0, name.length), markdown: texts.fields[name] };
  }
  for (const found of line.matchAll(/\$\{([\w.-]+)\}/g)) {
    const [written, name = ""] = found;
    const end = found.index + written.length;
    if (place.character < found.index || place.character > end || !isMacroName(name)) continue;
    const markdown = `${texts.macros[name]}\n\n${texts.variable(variableOf(name))}`;
    return { range: span(place.line, found.index, end), markdown };
  }
  return undefined;
}

function macroProposals(line: string, place: Place, texts: LanguageTexts): Proposal[] {
  const typed = /\$(?:\{[\w.]*)?$/.exec(line.slice(0, place.character))?.[0];
  if (typed === undefined) return [];
  const isClosed = line.slice(place.character).startsWith("}");
  const { start, end } = rangeBefore(place, typed.length);
  const after = isClosed ? { line: end.line, character: end.character + 1 } : end;
  return macroNames.map((name) => ({
    label: `\${${name}}`,
    kind: "macro",
    detail: texts.macros[name],
    range: { start, end: after },
  }));
}

function valueProposals(field: string, range: Span): Proposal[] {
  const values: Partial<Record<string, readonly string[]>> = {
    platforms: scriptPlatforms,
    needs: permissions,
  };
  return (values[field] ?? []).map((label) => ({ label, kind: "value", detail: "", range }));
}

function isInScript(document: string, { line }: Place): boolean {
  const { textLine } = readScript(document);
  return textLine > 0 && line >= textLine;
}

function lineAt(document: string, { line }: Place): string {
  return document.split("\n")[line]?.replace(/\r$/, "") ?? "";
}

function rangeBefore({ line, character }: Place, length: number): Span {
  return span(line, character - length, character);
}

function span(line: number, start: number, end: number): Span {
  return { start: { line, character: start }, end: { line, character: end } };
}

function isField(name: string): name is ScriptField {
  return Object.hasOwn(scriptFields, name);
}
