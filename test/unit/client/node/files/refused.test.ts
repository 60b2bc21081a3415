import { keepMode } from "@handrail/protocol";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { downloads, questions, Stand, writes } from "./lane-record.ts";

const none = new Uint8Array(0);
const nobody = 65_534;
const isRoot = process.geteuid?.() === 0;
const wishes = { mode: keepMode, modifiedAt: 0, condition: "any", version: none } as const;

/** Takes the rights of an administrator away for a while, where there are any. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (isRoot) process.seteuid?.(nobody);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

/** A stand whose files nobody but an administrator may touch. */
async function closedStand(): Promise<Stand> {
  const stand = await Stand.make();
  chmodSync(stand.folder, 0o755);
  writeFileSync(stand.at("secret"), "secret", { mode: isRoot ? 0o600 : 0o000 });
  mkdirSync(stand.at("closed"), { mode: isRoot ? 0o700 : 0o000 });
  if (!isRoot) chmodSync(stand.folder, 0o555);
  return stand;
}

/** So that it can be taken away. */
function reopen(stand: Stand): void {
  if (isRoot) return;
  chmodSync(stand.folder, 0o755);
  chmodSync(stand.at("closed"), 0o755);
}

describe("without the right to it", () => {
  it("nothing is read, and what there is is told", async () => {
    await using stand = await closedStand();
    using asked = questions(stand);
    using talk = downloads(stand);
    await asNobody(async () => {
      const stat = await asked.ask({ type: "stat", id: 1, path: stand.at("secret") });
      expect(stat).toMatchObject({ kind: "file", sizeBytes: 6 });
      // Asked for is what the person may do whose client it is, not what was borrowed here.
      if (!isRoot) expect(stat).toMatchObject({ mayWrite: false });
      expect(await asked.ask({ type: "list", id: 2, path: stand.at("closed") })).toMatchObject({
        error: "no-right",
      });
      const read = { path: stand.at("secret"), offset: 0, version: none };
      expect(await talk.ask({ type: "read", id: 1, ...read })).toMatchObject({ error: "no-right" });
    });
    expect(talk.lane.reported).toEqual([]);
    reopen(stand);
  });

  it("nothing is written, removed or renamed, and nothing is left behind", async () => {
    await using stand = await closedStand();
    using talk = writes(stand);
    await asNobody(async () => {
      const file = { ...wishes, name: Buffer.from("secret"), content: none };
      const put = { folder: stand.at(), isDurable: true, files: [file] };
      expect(await talk.ask({ type: "put", id: 1, ...put })).toMatchObject({
        results: [{ outcome: "no-right" }],
      });
      const path = stand.at("secret");
      const removed = await talk.ask({ type: "remove", id: 2, path, isRecursive: true });
      expect(removed).toMatchObject({ error: "no-right" });
      const renamed = { path, to: stand.at("mine"), isOverwriting: false };
      expect(await talk.ask({ type: "rename", id: 3, ...renamed })).toMatchObject({
        error: "no-right",
      });
      const token = new Uint8Array(16);
      const begin = { ...wishes, path: stand.at("new"), token, sizeBytes: 1 };
      expect(await talk.ask({ type: "begin", id: 4, ...begin })).toMatchObject({
        error: "no-right",
      });
    });
    reopen(stand);
    expect(readdirSync(stand.folder).sort()).toEqual(["closed", "secret"]);
    expect(talk.lane.reported).toEqual([]);
  });
});

describe.runIf(isRoot)("with an administrator's rights", () => {
  it("a file that is replaced keeps its owner", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    writeFileSync(stand.at("file"), "before");
    chownSync(stand.at("file"), nobody, nobody);
    chmodSync(stand.at("file"), 0o4755);
    const file = { ...wishes, name: Buffer.from("file"), content: Buffer.from("after") };
    const put = { folder: stand.at(), isDurable: false, files: [file] };
    expect(await talk.ask({ type: "put", id: 1, ...put })).toMatchObject({
      results: [{ outcome: "ok" }],
    });
    expect(statSync(stand.at("file"))).toMatchObject({ uid: nobody, gid: nobody });
    expect(statSync(stand.at("file")).mode & 0o7777).toBe(0o4755);
  });
});

/** A disk of 1 MB of its own, where that can be made. */
function smallDisk(stand: Stand) {
  const root = stand.at("disk").toString();
  mkdirSync(root);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", root]);
  return {
    at: (...names: string[]) => stand.at("disk", ...names),
    [Symbol.dispose]: () => execFileSync("umount", [root]),
  };
}

function mayMount(): boolean {
  if (!isRoot) return false;
  try {
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.runIf(mayMount())("on a full disk", () => {
  const token = new Uint8Array(16).fill(3);
  const content = Buffer.alloc(900_000, "x");
  const sha256 = createHash("sha256").update(content).digest();

  it("an upload that cannot fit is refused before anything is sent", async () => {
    await using stand = await Stand.make();
    using disk = smallDisk(stand);
    using talk = writes(stand);
    const begin = { ...wishes, path: disk.at("file"), token, sizeBytes: 2_000_000 };
    expect(await talk.ask({ type: "begin", id: 1, ...begin })).toMatchObject({
      error: "disk-full",
    });
    expect(readdirSync(disk.at())).toEqual([]);
  });

  it("an upload stops, leaves the old file as it is, and goes on when there is room", async () => {
    await using stand = await Stand.make();
    using disk = smallDisk(stand);
    using talk = writes(stand);
    const path = disk.at("file");
    writeFileSync(path, "before");
    const begin = { ...wishes, type: "begin", path, token, sizeBytes: content.length } as const;
    await talk.ask({ ...begin, id: 1 });
    writeFileSync(disk.at("other"), Buffer.alloc(500_000));
    for (let at = 0; at < content.length; at += 16_000) {
      talk.say({ type: "data", id: 1, bytes: content.subarray(at, at + 16_000) });
    }
    const failed = await talk.hears(1, ({ type }) => type === "failed");
    expect(failed).toMatchObject({ error: "disk-full", detail: "ENOSPC" });
    expect(readFileSync(path, "utf8")).toBe("before");
    writeFileSync(disk.at("other"), "");
    const ready = await talk.ask({ ...begin, id: 2 });
    if (ready.type !== "ready") throw new Error("it does not go on");
    expect(ready.offset).toBeGreaterThan(100_000);
    talk.say({ type: "data", id: 2, bytes: content.subarray(ready.offset) });
    talk.say({ type: "finish", id: 2, sha256 });
    await talk.hears(2, ({ type }) => type === "written");
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it("a small file is refused, and nothing of it stays", async () => {
    await using stand = await Stand.make();
    using disk = smallDisk(stand);
    using talk = writes(stand);
    writeFileSync(disk.at("other"), Buffer.alloc(1_000_000));
    const file = { ...wishes, name: Buffer.from("file"), content: content.subarray(0, 200_000) };
    const put = { folder: disk.at(), isDurable: true, files: [file] };
    expect(await talk.ask({ type: "put", id: 1, ...put })).toMatchObject({
      results: [{ outcome: "disk-full" }],
    });
    expect(readdirSync(disk.at())).toEqual(["other"]);
  });

  it("moving to another disk copies, puts in place at once, and removes", async () => {
    await using stand = await Stand.make();
    using disk = smallDisk(stand);
    using talk = writes(stand);
    mkdirSync(stand.at("folder"));
    writeFileSync(stand.at("folder", "file"), "content");
    const to = disk.at("folder");
    const rename = { path: stand.at("folder"), to, isOverwriting: false };
    expect(await talk.ask({ type: "rename", id: 1, ...rename })).toMatchObject({ type: "done" });
    expect(readFileSync(disk.at("folder", "file"), "utf8")).toBe("content");
    expect(readdirSync(stand.folder)).toEqual(["disk"]);
    expect(talk.lane.reported.map(([event]) => event)).toEqual(["file.copied", "file.removed"]);
    writeFileSync(stand.at("large"), content);
    const tooMuch = { path: stand.at("large"), to: disk.at("large") };
    writeFileSync(disk.at("other"), Buffer.alloc(500_000));
    expect(
      await talk.ask({ type: "rename", id: 2, ...tooMuch, isOverwriting: false }),
    ).toMatchObject({ error: "disk-full" });
    expect(readdirSync(disk.at()).sort()).toEqual(["folder", "other"]);
    expect(readFileSync(stand.at("large")).equals(content)).toBe(true);
  });
});
