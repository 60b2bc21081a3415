import path from "node:path";
import { expect, test } from "vitest";
import { sources } from "./sources.ts";

/** Names that say nothing of what is inside. */
const empty = /(^|-)(utils?|helpers?|common|misc|shared|managers?|types)$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const parts = [
  ...new Set(sources.flatMap(({ path: file }) => path.dirname(file).split("/"))),
  ...sources.map(({ path: file }) =>
    path.basename(file).replace(/(\.test|\.d|\.config)?\.tsx?$/, ""),
  ),
];

test("no file or folder has a name that says nothing", () => {
  expect(parts.filter((name) => empty.test(name))).toEqual([]);
});

test("files and folders are written in small letters with dashes", () => {
  expect(parts.filter((name) => !kebab.test(name))).toEqual([]);
});
