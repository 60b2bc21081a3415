import { macroNames, scriptFaultCodes, scriptFields } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { hoverAt, problemsOf, proposalsAt } from "../../../../extension/language/analysis.ts";
import { languageTexts } from "../../../../extension/language/texts.ts";

const texts = languageTexts("en");
const head = "---\nname: a\nplatforms: [lin]\n\n---\n";
const labels = (document: string, line: number, character: number) =>
  proposalsAt(document, { line, character }, texts).map(({ label }) => label);

describe("what may be written", () => {
  const script = `${head}#!/bin/sh\necho "\${session.cus}" $HOME\n`;

  it("are the macros of the session, in place of what was typed", () => {
    const proposals = proposalsAt(script, { line: 6, character: 19 }, texts);
    expect(proposals.map(({ label }) => label)).toEqual(macroNames.map((name) => `\${${name}}`));
    expect(proposals[0]?.range).toEqual({
      start: { line: 6, character: 6 },
      end: { line: 6, character: 20 },
    });
  });

  it("is nothing of ours where no macro begins", () => {
    expect(labels(script, 6, 4)).toEqual([]);
    expect(labels(script, 5, 3)).toEqual([]);
    expect(labels(script, 6, 26)).toEqual([]);
  });

  it("are the fields that were not said, and the values that there are", () => {
    expect(labels(head, 3, 0)).toEqual(["description: ", "categories: ", "teams: ", "needs: "]);
    expect(labels(head, 2, 15)).toEqual(["linux", "macos", "windows"]);
    expect(labels("---\nneeds: [shell, \n---\n", 1, 15)).toContain("system");
    expect(labels(head, 1, 7)).toEqual([]);
  });

  it("is all there again after the first of a list", () => {
    expect(labels("---\nplatforms: [linux, mac]\n---\n", 1, 22)).toContain("macos");
  });
});

describe("what is said of a place", () => {
  const script = `${head}#!/bin/sh\necho "\${session.issue}\${session.customer.name}"\n`;

  it("is what a macro stands for, and in which variable it is", () => {
    const found = hoverAt(script, { line: 6, character: 30 }, texts);
    expect(found?.markdown).toContain(texts.macros["session.customer.name"]);
    expect(found?.markdown).toContain("`HANDRAIL_SESSION_CUSTOMER_NAME`");
    expect(hoverAt(script, { line: 6, character: 10 }, texts)).toBeUndefined();
  });

  it("is what a field is for", () => {
    expect(hoverAt(script, { line: 2, character: 3 }, texts)?.markdown).toBe(
      texts.fields.platforms,
    );
    expect(hoverAt(script, { line: 2, character: 14 }, texts)).toBeUndefined();
  });
});

it("says what is wrong, errors and advice", () => {
  const problems = problemsOf(`${head}#!/bin/sh\necho \${session.nobody}\n`, texts);
  const errors = problems.filter(({ isError }) => isError).map(({ message }) => message);
  expect(errors).toEqual([
    "“lin” is none of: linux, macos, windows.",
    "There is no macro “session.nobody”.",
  ]);
  expect(problems.filter(({ isError }) => !isError).map(({ code }) => code)).toEqual([
    ...["missing-description", "missing-categories"],
  ]);
});

it("has every text in both languages, and no two languages the same", () => {
  const french = languageTexts("fr-CA");
  for (const code of scriptFaultCodes) {
    expect(french.faults[code]("x"), code).not.toBe(texts.faults[code]("x"));
  }
  for (const name of macroNames) expect(french.macros[name]).not.toBe(texts.macros[name]);
  for (const field of Object.keys(scriptFields) as (keyof typeof scriptFields)[]) {
    expect(french.fields[field]).not.toBe(texts.fields[field]);
  }
  expect(languageTexts("de")).toBe(texts);
});
