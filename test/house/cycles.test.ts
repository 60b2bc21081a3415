import { expect, test } from "vitest";
import { importsOf } from "./import-statements.ts";
import { sources } from "./sources.ts";

type Graph = ReadonlyMap<string, readonly string[]>;

// What is imported for its types only is gone at run time, and cannot be met half made.
const graph: Graph = new Map(
  sources.map((source) => [
    source.path,
    importsOf(source)
      .filter(({ isOfTypes }) => !isOfTypes)
      .flatMap(({ file }) => (file === undefined ? [] : [file])),
  ]),
);

test("no file imports itself by way of others", () => {
  expect(cyclesIn(graph)).toEqual([]);
});

test("a cycle is found, and told as the way around", () => {
  const ring: Graph = new Map([
    ["main", ["a"]],
    ["a", ["b", "c"]],
    ["b", ["c"]],
    ["c", ["a"]],
  ]);
  expect(cyclesIn(ring)).toEqual(["a → b → c → a"]);
});

/** The cycles that a walk through the graph closes; none only when there are none. */
function cyclesIn(files: Graph): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) cycles.push([...way.slice(way.indexOf(file)), file].join(" → "));
    if (way.includes(file) || done.has(file)) return;
    for (const next of files.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of files.keys()) walk(file, []);
  return cycles;
}
