import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "../support/root.ts";

const allowed = new Set([
  ...["extension", "appliance", "packer", "media", "test"],
  ...["package.json", "package-lock.json", "tsconfig.json"],
  // The extension's manifest, which is the package.json, has its texts beside it.
  ...["package.nls.json", "package.nls.fr.json"],
  ...["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"],
]);
const made = new Set(["node_modules", "dist"]);

test("the top level holds the five rooms and what tools insist on", () => {
  const strange = readdirSync(root).filter(
    (name) => !name.startsWith(".") && !allowed.has(name) && !made.has(name),
  );
  expect(strange).toEqual([]);
});
