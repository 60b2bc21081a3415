import { type FilesWriteConsoleMessage, keepMode, type SmallUpload } from "@handrail/protocol";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { questions, Stand, writes } from "./lane-record.ts";

const none = new Uint8Array(0);
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const hex = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

type Talk = ReturnType<typeof writes>;

function file(name: string, content: string, more: Partial<SmallUpload> = {}): SmallUpload {
  const wishes = { mode: keepMode, modifiedAt: 0, condition: "any", version: none } as const;
  return { ...wishes, name: bytes(name), content: bytes(content), ...more };
}

/** Puts one file, and gives what became of it. */
async function put(talk: Talk, id: number, folder: Buffer, one: SmallUpload) {
  const answer = await talk.ask({ type: "put", id, folder, isDurable: true, files: [one] });
  return answer.type === "put" ? answer.results[0] : answer;
}

async function versionOf(stand: Stand, path: Buffer) {
  using talk = questions(stand);
  const answer = await talk.ask({ type: "stat", id: 1, path });
  if (answer.type !== "stat") throw new Error("nothing there");
  return answer.version;
}

function partsIn(stand: Stand): string[] {
  return readdirSync(stand.folder).filter((name) => name.startsWith(".handrail-part-"));
}

describe("saving", () => {
  it("replaces a file whole, keeps its mode, and writes down both hashes", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    writeFileSync(stand.at("file"), "before");
    chmodSync(stand.at("file"), 0o640);
    const before = lstatSync(stand.at("file")).ino;
    const result = await put(talk, 1, stand.at(), file("file", "after"));
    expect(result).toMatchObject({ outcome: "ok", sha256: sha256(Buffer.from("after")) });
    expect(readFileSync(stand.at("file"), "utf8")).toBe("after");
    expect(lstatSync(stand.at("file")).mode & 0o7777).toBe(0o640);
    expect(lstatSync(stand.at("file")).ino).not.toBe(before);
    expect(talk.lane.reported).toEqual([
      [
        "file.saved",
        {
          ...{ path: stand.at("file").toString(), sizeBytes: 5, sha256: hex("after") },
          ...{ sizeBefore: 6, sha256Before: hex("before") },
        },
      ],
    ]);
    expect(partsIn(stand)).toEqual([]);
  });

  it("refuses when the file is not what the console has seen", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    writeFileSync(stand.at("file"), "seen");
    const version = await versionOf(stand, stand.at("file"));
    writeFileSync(stand.at("file"), "changed by somebody");
    const stale = file("file", "mine", { condition: "version", version });
    expect(await put(talk, 1, stand.at(), stale)).toMatchObject({ outcome: "changed" });
    const absent = file("file", "mine", { condition: "absent" });
    expect(await put(talk, 2, stand.at(), absent)).toMatchObject({ outcome: "exists" });
    expect(readFileSync(stand.at("file"), "utf8")).toBe("changed by somebody");
    const now = await versionOf(stand, stand.at("file"));
    const fresh = file("file", "mine", { condition: "version", version: now });
    expect(await put(talk, 3, stand.at(), fresh)).toMatchObject({ outcome: "ok" });
    expect(partsIn(stand)).toEqual([]);
  });

  it("writes through a link to what it leads to, and leaves the link", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    mkdirSync(stand.at("real"));
    writeFileSync(stand.at("real", "file"), "before");
    symlinkSync("real/file", stand.at("link"));
    expect(await put(talk, 1, stand.at(), file("link", "after"))).toMatchObject({ outcome: "ok" });
    expect(readlinkSync(stand.at("link"))).toBe("real/file");
    expect(readFileSync(stand.at("real", "file"), "utf8")).toBe("after");
  });

  it("gives new files the mode and time wanted, or what this computer gives", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    await put(talk, 1, stand.at(), file("plain", ""));
    const umask = process.umask();
    expect(lstatSync(stand.at("plain")).mode & 0o7777).toBe(0o666 & ~umask);
    const at = Date.UTC(2020, 1, 2, 3, 4, 5, 678);
    await put(talk, 2, stand.at(), file("dressed", "x", { mode: 0o751, modifiedAt: at }));
    expect(lstatSync(stand.at("dressed")).mode & 0o7777).toBe(0o751);
    expect(Math.round(lstatSync(stand.at("dressed")).mtimeMs)).toBe(at);
  });

  it("writes neither over folders and devices nor outside the folder", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    mkdirSync(stand.at("folder"));
    const put1 = (id: number, folder: Buffer, name: string) =>
      put(talk, id, folder, file(name, "x"));
    expect(await put1(1, stand.at(), "folder")).toMatchObject({ outcome: "is-folder" });
    expect(await put1(2, Buffer.from("/dev"), "null")).toMatchObject({ outcome: "not-supported" });
    expect(await put1(3, stand.at(), "../out")).toMatchObject({ outcome: "bad-path" });
    expect(await put1(4, stand.at("gone"), "x")).toMatchObject({ outcome: "not-found" });
    expect(await put1(5, Buffer.from("gone"), "x")).toMatchObject({ error: "bad-path" });
    expect(existsSync(stand.at("..", "out"))).toBe(false);
    expect(talk.lane.reported).toEqual([]);
  });

  it("writes many small files with few rows, and one for each that was there before", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    writeFileSync(stand.at("file 7"), "was here");
    const files = Array.from({ length: 500 }, (_, i) => file(`file ${i}`, `content ${i}`));
    talk.say({ type: "put", id: 1, folder: stand.at(), isDurable: false, files });
    await talk.hears(1, (each) => each.type === "put" && each.first + each.results.length === 500);
    expect(readFileSync(stand.at("file 499"), "utf8")).toBe("content 499");
    expect(talk.lane.facts("file.saved")).toMatchObject([{ sha256Before: hex("was here") }]);
    const rows = talk.lane.facts("files.saved");
    expect(rows.length).toBeLessThan(6);
    expect(rows.reduce((sum, row) => sum + Number(row["count"]), 0)).toBe(499);
    expect(partsIn(stand)).toEqual([]);
  });
});

describe("uploading", () => {
  const token = new Uint8Array(16).fill(7);
  const begin = (stand: Stand, content: Uint8Array, more = {}) =>
    ({
      ...{ type: "begin", id: 1, path: stand.at("file"), token, sizeBytes: content.length },
      ...{ mode: keepMode, modifiedAt: 0, condition: "any", version: none, ...more },
    }) as const satisfies FilesWriteConsoleMessage;

  it("takes pieces, and shows the file only when it is whole", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    const content = randomBytes(100_000);
    expect(await talk.ask(begin(stand, content))).toEqual({ type: "ready", id: 1, offset: 0 });
    talk.say({ type: "data", id: 1, bytes: content.subarray(0, 60_000) });
    expect(existsSync(stand.at("file"))).toBe(false);
    talk.say({ type: "data", id: 1, bytes: content.subarray(60_000) });
    talk.say({ type: "finish", id: 1, sha256: sha256(content) });
    const written = await talk.hears(1, ({ type }) => type === "written");
    expect(readFileSync(stand.at("file")).equals(content)).toBe(true);
    expect(written).toMatchObject({ version: await versionOf(stand, stand.at("file")) });
    expect(talk.lane.facts("file.saved")).toEqual([
      { path: stand.at("file").toString(), sizeBytes: 100_000, sha256: hex(content) },
    ]);
    expect(partsIn(stand)).toEqual([]);
  });

  it("goes on where it was when the channel is lost, also in another client", async () => {
    await using stand = await Stand.make();
    const content = randomBytes(100_000);
    const first = writes(stand);
    await first.ask(begin(stand, content));
    first.say({ type: "data", id: 1, bytes: content.subarray(0, 70_001) });
    first[Symbol.dispose]();
    expect(partsIn(stand).length).toBe(1);
    await using another = await Stand.make();
    using talk = writes({ ...another, desk: another.desk } as Stand);
    expect(await talk.ask(begin(stand, content))).toMatchObject({ type: "ready", offset: 70_001 });
    talk.say({ type: "data", id: 1, bytes: content.subarray(70_001) });
    talk.say({ type: "finish", id: 1, sha256: sha256(content) });
    await talk.hears(1, ({ type }) => type === "written");
    expect(readFileSync(stand.at("file")).equals(content)).toBe(true);
  });

  it("is gone on with while its earlier channel is not given up yet, which then has it no more", async () => {
    await using stand = await Stand.make();
    using first = writes(stand);
    using second = writes(stand);
    const content = randomBytes(50_000);
    await first.ask(begin(stand, content));
    first.say({ type: "data", id: 1, bytes: content.subarray(0, 20_000) });
    expect(await second.ask(begin(stand, content))).toMatchObject({ offset: 20_000 });
    const lost = await first.hears(1, ({ type }) => type === "failed");
    expect(lost).toMatchObject({ error: "busy" });
    first.say({ type: "data", id: 1, bytes: randomBytes(30_000) });
    second.say({ type: "data", id: 1, bytes: content.subarray(20_000) });
    second.say({ type: "finish", id: 1, sha256: sha256(content) });
    await second.hears(1, ({ type }) => type === "written");
    expect(readFileSync(stand.at("file")).equals(content)).toBe(true);
  });

  it("is refused when what came is not what was sent, and leaves nothing", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    const content = randomBytes(1000);
    writeFileSync(stand.at("file"), "untouched");
    await talk.ask(begin(stand, content));
    talk.say({ type: "data", id: 1, bytes: content.subarray(0, 999) });
    talk.say({ type: "finish", id: 1, sha256: sha256(content) });
    expect(await talk.hears(1, ({ type }) => type === "failed")).toMatchObject({
      error: "changed",
    });
    await talk.ask(begin(stand, content, { id: 2 }));
    talk.say({ type: "data", id: 2, bytes: new Uint8Array(1001) });
    expect(await talk.hears(2, ({ type }) => type === "failed")).toMatchObject({
      error: "too-large",
    });
    expect(readFileSync(stand.at("file"), "utf8")).toBe("untouched");
    expect(partsIn(stand)).toEqual([]);
  });

  it("leaves nothing when it is cancelled, or when the right is taken away", async () => {
    await using stand = await Stand.make();
    const talk = writes(stand);
    const content = randomBytes(1000);
    await talk.ask(begin(stand, content));
    talk.say({ type: "cancel", id: 1 });
    expect(partsIn(stand)).toEqual([]);
    await talk.ask(begin(stand, content, { id: 2 }));
    talk[Symbol.dispose]();
    expect(partsIn(stand).length).toBe(1);
    stand.desk.parts.removeAll();
    expect(partsIn(stand)).toEqual([]);
  });

  it("takes away what was left behind long ago, and no file of anybody else", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    const old = `.handrail-part-${"a".repeat(32)}`;
    const young = `.handrail-part-${"b".repeat(32)}`;
    for (const name of [old, young, ".handrail-part-notes"]) writeFileSync(stand.at(name), "");
    const longAgo = new Date(Date.now() - 25 * 3600 * 1000);
    for (const name of [old, ".handrail-part-notes"]) utimesSync(stand.at(name), longAgo, longAgo);
    await talk.ask(begin(stand, randomBytes(10)));
    expect(partsIn(stand)).not.toContain(old);
    expect(partsIn(stand)).toEqual(expect.arrayContaining([young, ".handrail-part-notes"]));
  });

  it("never goes on with a part that somebody else has laid there", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    const content = randomBytes(10);
    writeFileSync(stand.at("victim"), "untouched");
    const part = `.handrail-part-${Buffer.from(token).toString("hex")}`;
    symlinkSync("victim", stand.at(part));
    expect(await talk.ask(begin(stand, content))).toMatchObject({ offset: 0 });
    talk.say({ type: "data", id: 1, bytes: content });
    talk.say({ type: "finish", id: 1, sha256: sha256(content) });
    await talk.hears(1, ({ type }) => type === "written");
    expect(readFileSync(stand.at("victim"), "utf8")).toBe("untouched");
    expect(lstatSync(stand.at("file")).isFile()).toBe(true);
  });

  it("takes no data before it is ready, and gives credit for what is written", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    talk.say(begin(stand, randomBytes(10)));
    const early = () => talk.say({ type: "data", id: 1, bytes: new Uint8Array(5) });
    expect(early).toThrow("not ready");
    await talk.hears(1);
    const before = talk.lane.consumed;
    talk.say({ type: "data", id: 1, bytes: new Uint8Array(5) });
    expect(talk.lane.consumed - before).toBe(10);
  });
});

describe("changing", () => {
  it("makes, renames, copies, links, dresses and removes", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    const { folder } = stand;
    expect(await talk.ask({ type: "makeFolder", id: 1, path: stand.at("a"), mode: 0o750 })).toEqual(
      { type: "done", id: 1, count: 1, sizeBytes: 0 },
    );
    expect(statSync(stand.at("a")).mode & 0o7777).toBe(0o750);
    writeFileSync(stand.at("a", "file"), "12345");
    symlinkSync("file", stand.at("a", "link"));
    utimesSync(stand.at("a", "file"), 1000, 2000);
    const both = { path: stand.at("a"), to: stand.at("b"), isOverwriting: false };
    expect(await talk.ask({ type: "copy", id: 2, ...both })).toEqual({
      ...{ type: "done", id: 2, count: 3, sizeBytes: 5 },
    });
    expect(readlinkSync(stand.at("b", "link"))).toBe("file");
    expect(statSync(stand.at("b", "file")).mtimeMs).toBe(2_000_000);
    expect(statSync(stand.at("b")).mode & 0o7777).toBe(0o750);
    const renamed = { path: stand.at("b"), to: stand.at("c"), isOverwriting: false };
    await talk.ask({ type: "rename", id: 3, ...renamed });
    expect(existsSync(stand.at("c", "file"))).toBe(true);
    await talk.ask({ type: "link", id: 4, path: stand.at("l"), target: bytes("c") });
    expect(readlinkSync(stand.at("l"))).toBe("c");
    const dressed = { path: stand.at("c", "file"), mode: 0o600, modifiedAt: 3_000_000 };
    await talk.ask({ type: "change", id: 5, ...dressed });
    expect(statSync(stand.at("c", "file")).mtimeMs).toBe(3_000_000);
    const removed = { path: stand.at("c"), isRecursive: true };
    expect(await talk.ask({ type: "remove", id: 6, ...removed })).toMatchObject({ count: 3 });
    expect(readdirSync(folder).sort()).toEqual(["a", "l"]);
    expect(talk.lane.reported.map(([event]) => event)).toEqual([
      ...["folder.made", "file.copied", "file.renamed", "file.linked", "file.changed"],
      "file.removed",
    ]);
  });

  it("refuses what would harm, each with its reason", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    mkdirSync(stand.at("a", "b"), { recursive: true });
    writeFileSync(stand.at("file"), "");
    const why = async (message: FilesWriteConsoleMessage) => {
      const answer = await talk.ask(message);
      return answer.type === "failed" ? answer.error : answer.type;
    };
    const a = stand.at("a");
    const to = (id: number, path: Buffer, target: Buffer, isOverwriting = false) =>
      why({ type: "rename", id, path, to: target, isOverwriting });
    expect(await to(1, a, stand.at("a", "b", "c"))).toBe("bad-path");
    expect(await to(2, a, stand.at("file"))).toBe("exists");
    expect(await to(3, a, stand.at("file"), true)).toBe("not-folder");
    expect(await to(4, stand.at("gone"), stand.at("x"))).toBe("not-found");
    expect(await why({ type: "remove", id: 5, path: a, isRecursive: false })).toBe("not-empty");
    expect(await why({ type: "remove", id: 6, path: Buffer.from("/"), isRecursive: true })).toBe(
      "bad-path",
    );
    expect(await why({ type: "makeFolder", id: 7, path: a, mode: keepMode })).toBe("exists");
    const long = stand.at("x".repeat(255));
    expect(await why({ type: "makeFolder", id: 8, path: long, mode: keepMode })).toBe("done");
    expect(await why({ type: "link", id: 9, path: stand.at("l"), target: none })).toBe("bad-path");
  });

  it("copies and moves no folder into itself, whatever way leads there", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    mkdirSync(stand.at("a", "b"), { recursive: true });
    writeFileSync(stand.at("a", "file"), "12345");
    symlinkSync("a/b", stand.at("short"));
    const both = { path: stand.at("a"), to: stand.at("short", "copy"), isOverwriting: false };
    for (const type of ["copy", "rename"] as const) {
      expect(await talk.ask({ type, id: type.length, ...both })).toMatchObject({
        error: "bad-path",
      });
    }
    expect(readdirSync(stand.at("a", "b"))).toEqual([]);
    expect(talk.lane.reported).toEqual([]);
    // What a link leads to lies elsewhere, and is no part of the folder.
    const beside = { path: stand.at("a", "b"), to: stand.at("a", "c"), isOverwriting: false };
    expect(await talk.ask({ type: "copy", id: 9, ...beside })).toMatchObject({ count: 1 });
  });

  it.runIf(process.geteuid?.() === 0)("stops when a mount leads back to the copy", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    mkdirSync(stand.at("a", "b"), { recursive: true });
    mkdirSync(stand.at("elsewhere"));
    try {
      execFileSync("mount", [
        "--bind",
        stand.at("a", "b").toString(),
        stand.at("elsewhere").toString(),
      ]);
    } catch {
      // Not every place where tests run may mount.
      return;
    }
    try {
      const both = { path: stand.at("a"), to: stand.at("elsewhere", "copy"), isOverwriting: false };
      expect(await talk.ask({ type: "copy", id: 1, ...both })).toMatchObject({ error: "bad-path" });
      expect(readdirSync(stand.at("a", "b"))).toEqual([]);
    } finally {
      execFileSync("umount", [stand.at("elsewhere").toString()]);
    }
  });

  it("removes links and never what they lead to", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    mkdirSync(stand.at("kept"));
    writeFileSync(stand.at("kept", "file"), "");
    mkdirSync(stand.at("gone", "deep"), { recursive: true });
    symlinkSync("../../kept", stand.at("gone", "deep", "link"));
    await talk.ask({ type: "remove", id: 1, path: stand.at("gone"), isRecursive: true });
    expect(readdirSync(stand.folder)).toEqual(["kept"]);
    expect(existsSync(stand.at("kept", "file"))).toBe(true);
  });

  it("stops a long removal when it is cancelled, and writes down what is gone", async () => {
    await using stand = await Stand.make();
    using talk = writes(stand);
    mkdirSync(stand.at("many"));
    for (let i = 0; i < 3000; i++) writeFileSync(stand.at("many", `${i}`), "");
    talk.say({ type: "remove", id: 1, path: stand.at("many"), isRecursive: true });
    await new Promise((resolve) => {
      const look = () =>
        readdirSync(stand.at("many")).length < 3000 ? resolve(0) : setImmediate(look);
      look();
    });
    talk.say({ type: "cancel", id: 1 });
    const left = readdirSync(stand.at("many")).length;
    expect(left).toBeGreaterThan(0);
    expect(talk.lane.facts("file.removed")).toMatchObject([
      { count: 3000 - left, error: "stopped" },
    ]);
  });
});
