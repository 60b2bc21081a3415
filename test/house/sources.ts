import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { root } from "../support/root.ts";

/** A TypeScript file of ours. */
export interface Source {
  /** From the project's top, with slashes: "appliance/server/main.ts". */
  path: string;
  text: string;
  ast: ts.SourceFile;
}

/** The rooms whose code ships, deepest first where one lies in another. */
export const rooms = [
  "appliance/protocol",
  "appliance/server",
  "appliance/jumpoint",
  "appliance/client",
  "media",
  "extension",
  "packer",
] as const;

const skipped = new Set([
  "node_modules",
  "dist",
  "build",
  "artifacts",
  ".vscode-server-dist",
  ".git",
]);

/** The paths of all files under a folder, from the project's top, without what is made or fetched. */
export function filesUnder(folder: string): string[] {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  return entries
    .filter((entry) => !skipped.has(entry.name))
    .flatMap((entry) => {
      const place = folder === "." ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(place) : [place];
    });
}

/** The text of a file, by its path from the project's top. */
export function textOf(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

/** Every TypeScript file of ours, tests among them. */
export const sources: readonly Source[] = [...rooms, "test"]
  // A room that holds nothing yet is not in a clone.
  .filter((room) => existsSync(path.join(root, room)))
  .flatMap(filesUnder)
  .filter((file) => /\.tsx?$/.test(file))
  .map(parse);

/** The files that ship. */
export const shipped = sources.filter((source) => !source.path.startsWith("test/"));

/** All nodes of a file of a kind that `is` tells. */
export function nodesOf<T extends ts.Node>(
  source: Source,
  is: (node: ts.Node) => node is T,
): readonly T[] {
  const found: T[] = [];
  const visit = (node: ts.Node): void => {
    if (is(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source.ast);
  return found;
}

/** Where a node is, as people and editors take it: "media/build.ts:12". */
export function placeOf(source: Source, node: ts.Node): string {
  const { line } = source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast));
  return `${source.path}:${line + 1}`;
}

function parse(file: string): Source {
  const text = textOf(file);
  return { path: file, text, ast: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}
