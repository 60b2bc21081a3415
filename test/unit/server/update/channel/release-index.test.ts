import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newestFor } from "../../../../../appliance/server/update/channel/release-index.ts";
import { writeIndex } from "../../../../../packer/release/channel.ts";
import { makeSigner, makeSmallTree, packRelease } from "../../../../support/release.ts";

const platform = `${process.platform}-${process.arch}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-index-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("has the same bytes for the same folder, and counts each change", async () => {
  const [signer, stranger] = [makeSigner(folder), makeSigner(folder, "stranger")];
  const channel = path.join(folder, "channel");
  mkdirSync(channel);
  const put = async (version: string) => {
    const bundle = await packRelease(makeSmallTree(folder, version), signer);
    copyFileSync(bundle, path.join(channel, `handrail-${version}.hrupdate`));
  };
  const bytes = () => readFileSync(path.join(channel, "index.json"), "utf8");
  const publish = () => writeIndex(channel, signer.privateFile);
  await put("1.9.0");
  expect(await publish()).toMatchObject({ serial: 1, releases: [{ version: "1.9.0", notes: "" }] });
  const first = bytes();
  await publish();
  expect(bytes()).toBe(first);
  await put("1.10.0");
  await put("1.11.0-rc.1");
  writeFileSync(path.join(channel, "handrail-1.10.0.txt"), "New.\n");
  const index = await publish();
  expect(index.serial).toBe(2);
  const found = index.releases.map(({ version, notes }) => `${version} ${notes}`);
  expect(found).toEqual(["1.11.0-rc.1 ", "1.10.0 New.", "1.9.0 "]);
  expect(newestFor(index, { version: "1.9.0", platform })?.version).toBe("1.11.0-rc.1");
  expect(newestFor(index, { version: "1.11.0", platform })).toBeUndefined();
  expect(newestFor(index, { version: "1.9.0", platform: "other-x64" })).toBeUndefined();
  rmSync(path.join(channel, "handrail-1.11.0-rc.1.hrupdate"));
  expect(await publish()).toMatchObject({ serial: 3, releases: { length: 2 } });
  await expect(writeIndex(channel, stranger.privateFile)).rejects.toThrow(
    "signed with another key",
  );
});
