import ts from "typescript";
import { describe, expect, test } from "vitest";
import { nodesOf, placeOf, rooms, shipped, type Source, sources } from "./sources.ts";

const maxFileLines = 500;
const usualFileLines = 300;
const minCommentsPer100 = 8;
const maxCastsPer1000 = 4;

/** These read their configuration from a default export. */
const defaultExporters = new Set(["test/vitest.config.ts", "test/image/reporter.ts"]);

describe("a file", () => {
  test(`has at most ${maxFileLines} lines`, () => {
    const long = sources.filter(
      (source) => !isTextTable(source) && linesOf(source).length > maxFileLines,
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test(`has at most ${usualFileLines} lines in 95 of 100 cases`, () => {
    const long = shipped.filter((source) => linesOf(source).length > usualFileLines);
    expect(long.map(({ path }) => path).slice(Math.ceil(shipped.length * 0.05))).toEqual([]);
  });

  test("never says any", () => {
    expect(places((node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([]);
  });

  test("never claims with ! that something is there", () => {
    expect(
      places(
        (node) =>
          ts.isNonNullExpression(node) ||
          ((ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) &&
            node.exclamationToken !== undefined),
      ),
    ).toEqual([]);
  });

  test("exports by name", () => {
    const found = places(
      isDefaultExport,
      sources.filter(({ path }) => !defaultExporters.has(path)),
    );
    expect(found).toEqual([]);
  });

  test("has no empty catch", () => {
    expect(places((node) => ts.isCatchClause(node) && node.block.statements.length === 0)).toEqual(
      [],
    );
  });

  test("that ships does not write to the console", () => {
    const quiet = shipped.filter(({ path }) => !/^packer\/|(^|\/)(log|build)\.ts$/.test(path));
    const isConsole = (node: ts.Node): boolean =>
      ts.isPropertyAccessExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === "console" &&
      /^(log|error|warn|info|debug|trace)$/.test(node.name.text);
    expect(places(isConsole, quiet)).toEqual([]);
  });

  test("silences no checker, and leaves no note of things to do", () => {
    const marks = [
      /eslint-disab(le)/,
      /@ts-(ignor(e)|nocheck|expect-erro(r))/,
      /\b(TOD(O)|FIXM(E))\b/,
    ];
    const marked = sources.filter(({ text }) => marks.some((mark) => mark.test(text)));
    expect(marked.map(({ path }) => path)).toEqual([]);
  });
});

describe.each(rooms.filter((room) => inRoom(room).length > 0))("the room %s", (room) => {
  test(`has at least ${minCommentsPer100} comment lines per 100 of code`, () => {
    const lines = inRoom(room)
      .filter((source) => !isTextTable(source))
      .flatMap(linesOf);
    const comments = lines.filter((line) => /^(\/\/|\/?\*)/.test(line)).length;
    const code = lines.filter((line) => line !== "").length - comments;
    expect((comments / code) * 100).toBeGreaterThanOrEqual(minCommentsPer100);
  });

  test(`casts at most ${maxCastsPer1000} times per 1000 lines`, () => {
    const casts = places(isCast, inRoom(room));
    const lines = inRoom(room).flatMap(linesOf).length;
    expect(casts.slice(Math.ceil((lines / 1000) * maxCastsPer1000))).toEqual([]);
  });
});

function inRoom(room: string): Source[] {
  return shipped.filter(({ path }) => path.startsWith(`${room}/`));
}

function linesOf({ text }: Source): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.trim());
}

// A table of texts is as long as there are texts, and nobody reads it through.
function isTextTable({ path }: Source): boolean {
  return /[/-]texts(-fr)?\.ts$/.test(path);
}

function places(is: (node: ts.Node) => boolean, among: readonly Source[] = sources): string[] {
  const matches = (node: ts.Node): node is ts.Node => is(node);
  return among.flatMap((source) => nodesOf(source, matches).map((node) => placeOf(source, node)));
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  // As a modifier; the word is also a part of every switch.
  const isModifier = node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent);
  return ts.isExportAssignment(node) || isModifier;
}

function isCast(node: ts.Node): boolean {
  if (ts.isTypeAssertionExpression(node)) return true;
  return ts.isAsExpression(node) && !isConst(node.type);
}

function isConst(type: ts.TypeNode): boolean {
  return ts.isTypeReferenceNode(type) && type.getText() === "const";
}
