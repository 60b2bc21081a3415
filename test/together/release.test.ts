import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Manifest } from "../../appliance/server/update/manifest.ts";
import { makeTree } from "../../packer/release/tree.ts";
import { Program } from "../support/processes.ts";
import { root } from "../support/root.ts";

// Node alone is 120 MB, to be copied and read.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let folder: string;
let first: Manifest;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-tree-"));
  first = await makeTree({ root, out: path.join(folder, "a") });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the tree of a release", () => {
  it("is the same when it is made again", async () => {
    const again = await makeTree({ root, out: path.join(folder, "b") });
    // The commit may be another by now, on a machine where somebody works.
    expect({ ...again, commit: "", committedAt: 0 }).toEqual({
      ...first,
      commit: "",
      committedAt: 0,
    });
    const seen = (name: string) => {
      const { mode, mtimeMs } = lstatSync(path.join(folder, "a", name));
      return { mode, mtimeMs };
    };
    expect(new Set(first.files.map(({ path: name }) => seen(name).mtimeMs))).toEqual(
      new Set([first.committedAt]),
    );
  });

  it("holds what an appliance runs, and nothing of how it is made", () => {
    const names = first.files.map(({ path: name }) => name);
    expect(names).toContain("appliance/server/main.js");
    expect(names).toContain("appliance/server/store/schema/0001-accounts.sql");
    expect(names).toContain("dist/client/linux-x64/app.mjs");
    expect(names).toContain("dist/media/login/index.html");
    expect(names).toContain("node/bin/node");
    expect(
      names.filter((name) => /(^|\/)(typescript|vitest)\/|\.test\.|\.map$|\.ts$/.test(name)),
    ).toEqual([]);
    expect(names).toEqual(names.toSorted());
    const found = execFileSync("find", [".", "-type", "f"], {
      cwd: path.join(folder, "a"),
      encoding: "utf8",
    });
    expect(found.trim().split("\n").toSorted()).toEqual(
      [...names, "manifest.json"].map((name) => `./${name}`).toSorted(),
    );
    expect(statSync(path.join(folder, "a/node/bin/node")).mode & 0o777).toBe(0o755);
    expect(statSync(path.join(folder, "a/appliance/server/main.js")).mode & 0o777).toBe(0o644);
    expect(first.links).toEqual([
      { path: "node_modules/@handrail/protocol", target: "../../appliance/protocol" },
    ]);
  });

  it("runs by itself", async () => {
    const at = (name: string) => path.join(folder, "a", name);
    const env = {
      HANDRAIL_ADDRESS: "127.0.0.1",
      HANDRAIL_PORT: "0",
      HANDRAIL_DATA_DIRECTORY: path.join(folder, "data"),
    };
    const args = [at("appliance/server/main.js")];
    await using server = new Program(at("node/bin/node"), { args, env });
    await server.line(/"event":"listening"/);
    expect(existsSync(path.join(folder, "data/handrail.sqlite"))).toBe(true);
  });

  it("is not made over something else", async () => {
    writeFileSync(path.join(folder, "mine"), "");
    await expect(makeTree({ root, out: folder })).rejects.toThrow("holds something else");
    expect(existsSync(path.join(folder, "mine"))).toBe(true);
  });
});
