import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { expect, it } from "vitest";
import { pathBytes, pathText } from "@handrail/protocol";
import { poll } from "../../../../support/poll.ts";
import { questions, Stand } from "./lane-record.ts";

const none = new Uint8Array(0);
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

it("says where to begin, and what is there", async () => {
  await using stand = await Stand.make();
  using talk = questions(stand);
  expect(await talk.ask({ type: "places", id: 1 })).toEqual({
    ...{ type: "places", id: 1, home: bytes(homedir()) },
    isElevated: process.geteuid?.() === 0,
  });
  writeFileSync(stand.at("a b.txt"), "hello", { mode: 0o640 });
  expect(await talk.ask({ type: "stat", id: 2, path: stand.at("a b.txt") })).toMatchObject({
    ...{ type: "stat", kind: "file", leadsTo: "file", sizeBytes: 5, mode: 0o640 },
    ...{ target: none, mayWrite: true },
  });
  expect(await talk.ask({ type: "stat", id: 3, path: stand.at("gone") })).toEqual({
    ...{ type: "failed", id: 3, error: "not-found", detail: "ENOENT" },
  });
  const space = await talk.ask({ type: "space", id: 4, path: stand.at() });
  if (space.type !== "space") throw new Error("no space");
  expect(space.totalBytes).toBeGreaterThan(space.freeBytes);
});

it("tells a link from what it leads to", async () => {
  await using stand = await Stand.make();
  using talk = questions(stand);
  mkdirSync(stand.at("folder"));
  symlinkSync("folder", stand.at("to folder"));
  symlinkSync("nowhere", stand.at("to nothing"));
  symlinkSync("circle", stand.at("circle"));
  const stat = (id: number, name: string) => talk.ask({ type: "stat", id, path: stand.at(name) });
  expect(await stat(1, "to folder")).toMatchObject({
    ...{ kind: "link", leadsTo: "folder", target: bytes("folder") },
  });
  expect(await stat(2, "to nothing")).toMatchObject({ kind: "link", leadsTo: "none" });
  expect(await stat(3, "circle")).toMatchObject({ kind: "link", leadsTo: "none" });
});

it("lists names as they are: no UTF-8, line feeds, 255 bytes, and as many as there are", async () => {
  await using stand = await Stand.make();
  using talk = questions(stand);
  const odd = [Buffer.from([0x66, 0xff, 0xfe]), Buffer.from("two\nlines"), Buffer.alloc(255, "n")];
  for (const name of odd) writeFileSync(Buffer.concat([stand.at(), Buffer.from("/"), name]), "x");
  for (let i = 0; i < 3000; i++) writeFileSync(stand.at(`file ${i}`), "");
  talk.say({ type: "list", id: 1, path: stand.at() });
  await talk.hears(1, (message) => message.type === "entries" && message.isLast);
  const pages = talk.heard.flatMap((message) => (message.type === "entries" ? [message] : []));
  expect(pages.length).toBeGreaterThan(5);
  const names = pages.flatMap(({ entries }) => entries.map(({ name }) => pathText(name)));
  expect(names.length).toBe(3003);
  expect(new Set(names).size).toBe(3003);
  for (const name of odd) expect(names).toContain(pathText(name));
  const last = pathText(odd[0] ?? none);
  const path = Buffer.concat([stand.at(), Buffer.from("/"), pathBytes(last)]);
  expect(await talk.ask({ type: "stat", id: 2, path })).toMatchObject({ kind: "file" });
});

it("sends no more of a folder than is taken", async () => {
  await using stand = await Stand.make();
  using talk = questions(stand);
  for (let i = 0; i < 1000; i++) writeFileSync(stand.at(`file ${i}`), "");
  talk.lane.fullAfter = 0;
  talk.say({ type: "list", id: 1, path: stand.at() });
  using other = questions(stand);
  await other.ask({ type: "places", id: 1 });
  expect(talk.heard).toEqual([]);
  talk.lane.fullAfter = Infinity;
  stand.desk.rounds.wake();
  await talk.hears(1, (message) => message.type === "entries" && message.isLast);
});

it("refuses paths that are none", async () => {
  await using stand = await Stand.make();
  using talk = questions(stand);
  const paths = [
    "",
    "etc",
    "/etc/../etc",
    "/etc/./x",
    "//etc",
    "/etc/",
    "/a\0b",
    `/${"x".repeat(256)}`,
  ];
  for (const [id, path] of paths.entries()) {
    expect(await talk.ask({ type: "stat", id, path: Buffer.from(path) })).toMatchObject({
      ...{ type: "failed", error: "bad-path" },
    });
  }
});

it("hashes a file, but no device, no pipe and no folder", async () => {
  await using stand = await Stand.make();
  using talk = questions(stand);
  const content = Buffer.alloc(3_000_000, "abc");
  writeFileSync(stand.at("file"), content);
  execFileSync("mkfifo", [stand.at("pipe").toString()]);
  const hash = (id: number, path: Buffer) => talk.ask({ type: "hash", id, path });
  expect(await hash(1, stand.at("file"))).toMatchObject({
    ...{ type: "hashed", sizeBytes: content.length },
    sha256: new Uint8Array(createHash("sha256").update(content).digest()),
  });
  expect(await hash(2, stand.at("pipe"))).toMatchObject({ error: "not-supported" });
  expect(await hash(3, Buffer.from("/dev/zero"))).toMatchObject({ error: "not-supported" });
  expect(await hash(4, stand.at())).toMatchObject({ error: "is-folder" });
});

it("has it written down which files are hashed, and which folders are looked into, in one row", async () => {
  await using stand = await Stand.make();
  const talk = questions(stand);
  writeFileSync(stand.at("file"), "abc");
  mkdirSync(stand.at("deep"));
  await talk.ask({ type: "hash", id: 1, path: stand.at("file") });
  const sha256 = createHash("sha256").update("abc").digest("hex");
  const path = stand.at("file").toString();
  expect(talk.lane.reported).toEqual([["file.hashed", { path, sizeBytes: 3, sha256 }]]);
  for (const [at, folder] of [stand.at(), stand.at("deep"), stand.at()].entries()) {
    await talk.ask({ type: "list", id: 10 + at, path: folder });
  }
  await talk.ask({ type: "list", id: 20, path: stand.at("gone") });
  expect(talk.lane.facts("files.listed")).toEqual([]);
  talk[Symbol.dispose]();
  const folders = `${stand.folder}/${stand.folder}/deep`;
  expect(talk.lane.facts("files.listed")).toEqual([{ count: 3, folders }]);
});

it("finds by a part of the name or by a pattern, and follows no link", async () => {
  await using stand = await Stand.make();
  using talk = questions(stand);
  mkdirSync(stand.at("deep", "er"), { recursive: true });
  writeFileSync(stand.at("deep", "er", "Report 2026.PDF"), "");
  writeFileSync(stand.at("notes.txt"), "");
  symlinkSync("..", stand.at("deep", "up"));
  const find = async (id: number, pattern: string, most = 100) => {
    talk.say({ type: "search", id, path: stand.at(), pattern, most });
    await talk.hears(id, (message) => message.type === "found" && message.isLast);
    const pages = talk.heard.flatMap((message) =>
      message.type === "found" && message.id === id ? [message] : [],
    );
    const found = pages.flatMap((page) => page.found.map(({ path }) => pathText(path)));
    return { found: found.sort(), isCut: pages.at(-1)?.isCut };
  };
  const report = stand.at("deep", "er", "Report 2026.PDF").toString();
  expect(await find(1, "report")).toEqual({ found: [report], isCut: false });
  expect(await find(2, "*.pdf")).toEqual({ found: [report], isCut: false });
  expect(await find(3, "r?port*")).toEqual({ found: [report], isCut: false });
  expect(await find(4, "eport*")).toEqual({ found: [], isCut: false });
  expect((await find(5, "*", 2)).found.length).toBe(2);
  expect((await find(6, "*", 2)).isCut).toBe(true);
  expect(talk.lane.facts("files.searched")[0]).toEqual({ folder: stand.folder, pattern: "report" });
});

it("looks at hostile patterns no longer than at others", async () => {
  await using stand = await Stand.make();
  using talk = questions(stand);
  writeFileSync(stand.at("a".repeat(250)), "");
  const pattern = `${"*a".repeat(200)}b`;
  expect(
    await talk.ask({ type: "search", id: 1, path: stand.at(), pattern, most: 9 }),
  ).toMatchObject({ found: [], isLast: true });
});

it("tells what changes in a folder that is watched, until it is gone", async () => {
  await using stand = await Stand.make();
  using talk = questions(stand);
  mkdirSync(stand.at("watched"));
  expect(await talk.ask({ type: "watch", id: 1, path: stand.at("watched") })).toEqual({
    ...{ type: "watching", id: 1 },
  });
  writeFileSync(stand.at("watched", "new"), "");
  const isChanged = () =>
    talk.heard.some((m) => m.type === "changed" && m.names.some((n) => pathText(n) === "new"));
  await poll("the new file is told", isChanged);
  appendFileSync(stand.at("watched", "new"), "more");
  rmSync(stand.at("watched"), { recursive: true });
  const failed = await talk.hears(1, ({ type }) => type === "failed");
  expect(failed).toMatchObject({ error: "not-found" });
});

it("tells nothing more of what was cancelled, and takes only so much at once", async () => {
  await using stand = await Stand.make();
  using talk = questions(stand);
  await talk.ask({ type: "watch", id: 1, path: stand.at() });
  talk.say({ type: "cancel", id: 1 });
  writeFileSync(stand.at("new"), "");
  await talk.ask({ type: "watch", id: 2, path: stand.at() });
  writeFileSync(stand.at("newer"), "");
  await talk.hears(2, ({ type }) => type === "changed");
  expect(talk.heard.filter(({ id }) => id === 1)).toEqual([{ type: "watching", id: 1 }]);
  const flood = () => {
    for (let id = 10; id < 80; id++) talk.say({ type: "places", id });
  };
  expect(flood).toThrow("too many requests");
});
