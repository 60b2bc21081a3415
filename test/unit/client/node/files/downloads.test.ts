import { maxSmallFileBytes } from "@handrail/protocol";
import { createHash, randomBytes } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { expect, it } from "vitest";
import { poll } from "../../../../support/poll.ts";
import { downloads, Stand } from "./lane-record.ts";

const none = new Uint8Array(0);
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const names = (...texts: string[]) => texts.map((text) => new Uint8Array(Buffer.from(text)));

type Talk = ReturnType<typeof downloads>;

/** What has come of a file so far. */
function received(talk: Talk, id: number): Buffer {
  const data = talk.heard.filter((message) => message.type === "data" && message.id === id);
  return Buffer.concat(data.map((message) => (message.type === "data" ? message.bytes : none)));
}

/** Everything is taken from now on. */
function goOn(talk: Talk, { desk }: Stand): void {
  talk.lane.fullAfter = Infinity;
  desk.rounds.wake();
}

async function read(talk: Talk, asked: { id: number; path: Buffer; offset?: number }) {
  talk.say({ type: "read", offset: 0, version: none, ...asked });
  const { id } = asked;
  const last = await talk.hears(id, ({ type }) => type === "ended" || type === "failed");
  return { last, bytes: received(talk, id) };
}

it("sends a file whole, with its hash, and has it written down", async () => {
  await using stand = await Stand.make();
  using talk = downloads(stand);
  const content = randomBytes(1_000_000);
  writeFileSync(stand.at("file"), content);
  const { last, bytes } = await read(talk, { id: 1, path: stand.at("file") });
  expect(bytes.equals(content)).toBe(true);
  expect(last).toMatchObject({ type: "ended", sha256: sha256(content) });
  expect(talk.heard[0]).toMatchObject({ type: "began", sizeBytes: 1_000_000 });
  expect(talk.lane.reported).toEqual([
    [
      "file.downloaded",
      { path: stand.at("file").toString(), sizeBytes: 1_000_000, sha256: hex(sha256(content)) },
    ],
  ]);
});

it("goes on at the right byte, and notices that the file is another", async () => {
  await using stand = await Stand.make();
  using talk = downloads(stand);
  const content = randomBytes(500_000);
  writeFileSync(stand.at("file"), content);
  await read(talk, { id: 1, path: stand.at("file") });
  const [began] = talk.heard;
  if (began?.type !== "began") throw new Error("it did not begin");
  const { version } = began;
  const asked = { type: "read", path: stand.at("file"), offset: 123_456, version } as const;
  talk.say({ ...asked, id: 2 });
  const ended = await talk.hears(2, ({ type }) => type === "ended");
  expect(received(talk, 2).equals(content.subarray(123_456))).toBe(true);
  expect(ended).toMatchObject({ sha256: sha256(content) });
  appendFileSync(stand.at("file"), "more");
  expect(await talk.ask({ ...asked, id: 3 })).toMatchObject({ type: "failed", error: "changed" });
});

it("follows a log that grows only up to where it was, and says that it has grown", async () => {
  await using stand = await Stand.make();
  using talk = downloads(stand);
  writeFileSync(stand.at("log"), Buffer.alloc(1_000_000, "line\n"));
  talk.lane.fullAfter = 2;
  talk.say({ type: "read", id: 1, path: stand.at("log"), offset: 0, version: none });
  const began = await talk.hears(1);
  appendFileSync(stand.at("log"), "another line\n");
  goOn(talk, stand);
  const ended = await talk.hears(1, ({ type }) => type === "ended");
  if (began.type !== "began" || ended.type !== "ended") throw new Error("not as it should be");
  expect(received(talk, 1).length).toBe(1_000_000);
  expect(ended.version).not.toEqual(began.version);
});

it("fails when the file gets shorter, and has it written down that some of it was sent", async () => {
  await using stand = await Stand.make();
  using talk = downloads(stand);
  writeFileSync(stand.at("file"), Buffer.alloc(2_000_000));
  talk.lane.fullAfter = 2;
  talk.say({ type: "read", id: 1, path: stand.at("file"), offset: 0, version: none });
  await talk.hears(1, ({ type }) => type === "data");
  truncateSync(stand.at("file"), 10);
  goOn(talk, stand);
  const last = await talk.hears(1, ({ type }) => type === "failed" || type === "ended");
  expect(last).toMatchObject({ type: "failed", error: "changed" });
  const [row] = talk.lane.facts("file.download-stopped");
  expect(row?.["sentBytes"]).toBe(received(talk, 1).length);
});

it("stops when it is cancelled, or when the console is gone, and has that written down", async () => {
  await using stand = await Stand.make();
  const talk = downloads(stand);
  writeFileSync(stand.at("file"), Buffer.alloc(5_000_000));
  for (const id of [1, 2]) {
    talk.lane.fullAfter = talk.lane.sent.length + 25;
    talk.say({ type: "read", id, path: stand.at("file"), offset: 0, version: none });
    await talk.hears(id, ({ type }) => type === "data");
  }
  talk.say({ type: "cancel", id: 1 });
  talk[Symbol.dispose]();
  expect(talk.lane.facts("file.download-stopped").length).toBe(2);
  expect(talk.heard.some(({ type }) => type === "ended")).toBe(false);
});

it("reads what the kernel makes up, of which nobody knows the size", async () => {
  await using stand = await Stand.make();
  using talk = downloads(stand);
  const { bytes } = await read(talk, { id: 1, path: Buffer.from("/proc/version") });
  expect(bytes.toString()).toBe(readFileSync("/proc/version", "utf8"));
});

it("never opens devices, and says why a file cannot be read", async () => {
  await using stand = await Stand.make();
  using talk = downloads(stand);
  const failed = async (id: number, path: Buffer) => (await read(talk, { id, path })).last;
  expect(await failed(1, Buffer.from("/dev/zero"))).toMatchObject({ error: "not-supported" });
  expect(await failed(2, stand.at())).toMatchObject({ error: "is-folder" });
  expect(await failed(3, stand.at("gone"))).toMatchObject({ error: "not-found" });
  expect(await failed(4, Buffer.from("relative"))).toMatchObject({ error: "bad-path" });
});

it("sends small files together, each with its hash or why it is not there", async () => {
  await using stand = await Stand.make();
  using talk = downloads(stand);
  mkdirSync(stand.at("folder"));
  writeFileSync(stand.at("large"), Buffer.alloc(maxSmallFileBytes + 1));
  writeFileSync(stand.at("one"), "one", { mode: 0o600 });
  writeFileSync(stand.at("empty"), "");
  writeFileSync(stand.at("two"), Buffer.alloc(maxSmallFileBytes, "2"));
  symlinkSync("one", stand.at("link"));
  talk.say({
    ...{ type: "get", id: 1, folder: stand.at() },
    names: names("one", "gone", "large", "two", "link", "folder", "../etc", "empty"),
  });
  const files = await poll("all are there", () => {
    const got = talk.heard.flatMap((each) => (each.type === "got" ? each.files : []));
    return got.length === 8 ? got : undefined;
  });
  expect(files.map(({ outcome }) => outcome)).toEqual([
    ...["ok", "not-found", "too-large", "ok", "not-supported", "is-folder", "bad-path", "ok"],
  ]);
  expect(files[0]).toMatchObject({
    ...{
      mode: 0o600,
      content: new Uint8Array(Buffer.from("one")),
      sha256: sha256(Buffer.from("one")),
    },
  });
  const firsts = talk.heard.flatMap((each) => (each.type === "got" ? [each.first] : []));
  expect(firsts).toEqual([0, 3, 4]);
  expect(talk.lane.facts("files.downloaded")).toMatchObject([
    { folder: stand.folder, count: 3, names: `one 3/two ${maxSmallFileBytes}/empty 0` },
  ]);
});

it("puts thousands of small files into few messages and few rows", async () => {
  await using stand = await Stand.make();
  using talk = downloads(stand);
  const wanted = Array.from({ length: 1000 }, (_, i) => `file number ${i}`);
  for (const name of wanted) writeFileSync(stand.at(name), name);
  talk.say({ type: "get", id: 1, folder: stand.at(), names: names(...wanted) });
  await poll("all are there", () => {
    const got = talk.heard.flatMap((each) => (each.type === "got" ? each.files : []));
    return got.length === 1000 && got.every(({ outcome }) => outcome === "ok");
  });
  expect(talk.lane.sent.length).toBeLessThan(20);
  const rows = talk.lane.facts("files.downloaded");
  expect(rows.length).toBeLessThan(12);
  expect(rows.reduce((sum, row) => sum + Number(row["count"]), 0)).toBe(1000);
  const told = rows.flatMap((row) => String(row["names"]).split("/"));
  expect(told).toEqual(wanted.map((name) => `${name} ${name.length}`));
});
