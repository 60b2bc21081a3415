import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "../support/root.ts";
import { filesUnder, textOf } from "./sources.ts";

/** What belongs to one machine or one network, and to nobody who clones this. */
const foreign = [
  /(^|[\s"'`(=:])\/(wor[k]|far[m]|hom[e]|User[s])\/[a-z]/m,
  /\/roo[t]\/[a-z.]/,
  /registr[y]\.(npmj[s]|yarnpk[g])/,
  /(de[b]|securit[y]|archiv[e])\.(debia[n]|ubunt[u])\./,
];

const binary = /\.(png|ico|woff2?|zst|bin|hex)$/;
const files = [".ci", "extension", "appliance", "media", "packer", "test"]
  .flatMap(filesUnder)
  .concat(
    readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name),
  )
  .filter((file) => !binary.test(file));

test("no file names a folder of somebody's machine or the host of a package registry", () => {
  const found = files.filter((file) => foreign.some((pattern) => pattern.test(textOf(file))));
  expect(found).toEqual([]);
});
