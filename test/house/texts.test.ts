import ts from "typescript";
import { describe, expect, test } from "vitest";
import { type Catalogue, catalogueOf } from "./catalogue.ts";
import { filesUnder, nodesOf, shipped, type Source, textOf } from "./sources.ts";

const catalogues = shipped
  .map(catalogueOf)
  .filter((catalogue): catalogue is Catalogue => catalogue !== undefined);

describe.each(catalogues)("the texts of $path", ({ en, fr }) => {
  test("are there in English and in French", () => {
    expect([...fr.keys()].map(place).sort()).toEqual([...en.keys()].map(place).sort());
  });

  test("are in French where they are to be: no sentence is the same in both", () => {
    const same = [...en].filter(([key, text]) => isSentence(text) && fr.get(key) === text);
    expect(same).toEqual([]);
  });
});

test("every file that is named for its texts has a catalogue", () => {
  const named = shipped.filter(({ path }) => /(^|\/)texts?\.tsx?$/.test(path));
  const without = named.filter(({ path }) => !catalogues.some((found) => found.path === path));
  expect(without.map(({ path }) => path)).toEqual([]);
});

const hasManifestTexts = filesUnder(".").includes("package.nls.json");
describe.runIf(hasManifestTexts)("the texts of the extension's manifest", () => {
  test("are the same in English and in French", () => {
    expect(keys(read("package.nls.fr.json"))).toEqual(keys(read("package.nls.json")));
  });

  test("are those that the manifest names", () => {
    const manifest = textOf("package.json");
    const named = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? "");
    expect([...new Set(named)].sort()).toEqual(keys(read("package.nls.json")));
  });
});

const said = shipped.filter(({ path }) => path.startsWith("extension/")).flatMap(localised);
describe.runIf(said.length > 0)("the texts of the extension", () => {
  const french = said.length > 0 ? read("extension/l10n/bundle.l10n.fr.json") : {};

  test("are all in the French bundle, and nothing else is", () => {
    expect(keys(french)).toEqual([...new Set(said)].sort());
  });

  test("name the same things in French: {0} and {name} are all there", () => {
    const differing = Object.entries(french).filter(
      ([en, fr]) => placeholders(en) !== placeholders(fr),
    );
    expect(differing).toEqual([]);
  });
});

/** Where a text stands, whatever the language: texts of another file are taken over as a whole. */
function place(key: string): string {
  return key.replace(/\.\.\.(?:en|fr)(?=[A-Z])/, "...").replace(/(\.\.\..*)\.(?:en|fr)$/, "$1");
}

function read(file: string): Record<string, string> {
  return JSON.parse(textOf(file)) as Record<string, string>;
}

function keys(texts: Record<string, string>): string[] {
  return Object.keys(texts).sort();
}

function placeholders(text: string): string {
  return [...text.matchAll(/\{\w+\}/g)]
    .map(([found]) => found)
    .sort()
    .join();
}

// A name or a short word may well be the same in both languages.
function isSentence(code: string): boolean {
  const words = code.replace(/\{\w+\}/g, "").match(/\p{L}{2,}/gu);
  return code.startsWith('"') && (words?.length ?? 0) > 2;
}

/** The texts given to `l10n.t` in a file: the first argument, or its `message`. */
function localised(source: Source): string[] {
  return nodesOf(source, ts.isCallExpression)
    .filter((call) => /(^|\.)l10n\.t$/.test(call.expression.getText()))
    .flatMap((call) => messageOf(call.arguments[0]));
}

function messageOf(argument: ts.Expression | undefined): string[] {
  if (!argument) return [];
  if (ts.isStringLiteralLike(argument)) return [argument.text];
  if (!ts.isObjectLiteralExpression(argument)) {
    throw new Error(`l10n.t takes a plain text, not ${argument.getText()}`);
  }
  return argument.properties
    .filter(ts.isPropertyAssignment)
    .filter((property) => property.name.getText() === "message")
    .flatMap((property) => messageOf(property.initializer));
}
