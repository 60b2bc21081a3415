import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { consentRule, type Permission, permissions, siteDefaults } from "@handrail/protocol";
import { describe, expect, test } from "vitest";
import { en } from "../../media/kit/texts.ts";
import { packedReadme } from "../setup/tasks/pack.ts";
import { root } from "../support/root.ts";
import { filesUnder, textOf } from "./sources.ts";

const pictures = "media/pictures";
const maxPictureBytes = 150_000;
const documents = filesUnder(".").filter((file) => file.endsWith(".md"));
/** Where each document leads within the repository. */
const targets = documents.flatMap((document) =>
  [...textOf(document).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^(\w+:|#)/.test(target))
    .map((target) => ({ document, file: fileOf(document, target) })),
);

describe("the documents", () => {
  test("lead to files that are there", () => {
    expect(targets.filter(({ file }) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  test("show every picture that is kept for them, and each is small", () => {
    const shown = new Set(targets.map(({ file }) => file));
    const kept = filesUnder(pictures);
    expect(kept.filter((file) => !shown.has(file))).toEqual([]);
    const sizeBytes = (file: string) => statSync(path.join(root, file)).size;
    expect(kept.filter((file) => sizeBytes(file) > maxPictureBytes)).toEqual([]);
  });
});

test("the console's README is packed with links to its pictures, once the project has an address", () => {
  const readme = textOf("extension/README.md");
  const count = (text: string, what: RegExp) => [...text.matchAll(what)].length;
  const published = packedReadme(readme, "https://example.org/handrail.git");
  const links = /!\[[^\]]+\]\(https:\/\/example\.org\/handrail\/raw\/HEAD\/media\/pictures\//g;
  expect(count(published, links)).toBe(count(readme, /!\[/g));
  const unpublished = packedReadme(readme, "https://example.invalid/handrail.git");
  for (const packed of [published, unpublished]) {
    expect(packed.match(/\]\((?!https:|#)[^)]*\)/g)).toBeNull();
  }
});

test("the administrators' guide says of each permission what the policy says", () => {
  const rows = textOf("appliance/README.md").matchAll(
    /^\| (.+?) \(`([\w-]+)`\) +\|.*?\| (\w+) .*?\| (.+?) +\|$/gm,
  );
  const said = [...rows].map(([, label, name, setting, asked = ""]) => {
    return { name, label, setting, asked: asked.split(";")[0] };
  });
  expect(said).toEqual(permissions.map(saidOf));
});

function saidOf(name: Permission) {
  const denied = siteDefaults.rules[name]?.setting === "deny";
  const asked = {
    always: "each time",
    once: "once in a session",
    never: en.asksItself[name] === undefined ? "never" : "each time",
  } as const;
  return {
    ...{ name, label: en.permission[name], setting: denied ? "denied" : "allowed" },
    asked: asked[consentRule(name, [siteDefaults])],
  };
}

function fileOf(document: string, target: string): string {
  return path.posix.normalize(path.posix.join(path.dirname(document), target.replace(/#.*/, "")));
}
