import { errorCatalogue } from "@handrail/protocol";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { catalogueOf } from "./catalogue.ts";
import { nodesOf, shipped, textOf } from "./sources.ts";

const codes = Object.keys(errorCatalogue).sort();

test("the catalogue of errors and its table in the README say the same", () => {
  const rows = Object.entries(errorCatalogue).map(([code, entry]) =>
    [
      ...[`\`${code}\``, entry.wire, entry.status, entry.close],
      ...[entry.retry ? "yes" : "no", entry.shownTo],
    ].join(" | "),
  );
  expect(tableRows("appliance/protocol/README.md")).toEqual(rows);
});

test("no number of the wire stands for two errors", () => {
  const numbers = Object.values(errorCatalogue).map(({ wire }) => wire);
  expect(new Set(numbers).size).toBe(numbers.length);
});

describe("every error has its words", () => {
  test("for representatives, in the console", () => {
    const source = shipped.find(({ path }) => path === "extension/error-text.ts");
    const named = source ? nodesOf(source, ts.isPropertyAssignment).map(nameOf) : [];
    expect(codes.filter((code) => !named.includes(code))).toEqual([]);
  });

  test("for administrators, in English and in French", () => {
    const source = shipped.find(({ path }) => path === "media/login/texts.ts");
    const catalogue = source && catalogueOf(source);
    const missing = codes.filter(
      (code) => !hasText(catalogue?.en, code) || !hasText(catalogue?.fr, code),
    );
    expect(missing).toEqual([]);
  });
});

function tableRows(file: string): string[] {
  return textOf(file)
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => cells.length === 8 && codes.includes((cells[1] ?? "").replaceAll("`", "")))
    .map((cells) => cells.slice(1, -1).join(" | "));
}

function hasText(texts: ReadonlyMap<string, string> | undefined, code: string): boolean {
  return [...(texts ?? [])].some(([key]) => key.endsWith(`.${code}`));
}

function nameOf({ name }: ts.PropertyAssignment): string {
  return ts.isStringLiteral(name) ? name.text : name.getText();
}
