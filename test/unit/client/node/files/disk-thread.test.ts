import {
  Channel,
  type ErrorCode,
  type FilesConsoleMessage,
  filesConsoleMessage,
  filesCustomerMessage,
  type FilesCustomerMessage,
  frameTypes,
  readReset,
} from "@handrail/protocol";
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiskThread } from "../../../../../appliance/client/node/files/disk-thread.ts";
import type { ToolHost } from "../../../../../appliance/client/core/tools.ts";
import { HangingMount } from "../../../../support/hanging-mount.ts";
import { poll } from "../../../../support/poll.ts";
import { Program } from "../../../../support/processes.ts";
import { root } from "../../../../support/root.ts";
import { Stand } from "./lane-record.ts";

const place = path.join(root, "appliance/client/node/files");
const worker = pathToFileURL(path.join(place, "disk-worker.ts"));
const thread = pathToFileURL(path.join(place, "disk-thread.ts"));
const protocol = pathToFileURL(path.join(root, "appliance/protocol/index.ts"));

let stand: Stand;
let files: ToolHost;
let ends: Disposable[];
beforeEach(async () => {
  stand = await Stand.make();
  // Less patient than with a customer, and more than a machine that is busy needs.
  files = new DiskThread(worker, { lookEveryMs: 50, looks: 20 }).tool("files");
  ends = [];
});
afterEach(async () => {
  for (const each of ends) each[Symbol.dispose]();
  files[Symbol.dispose]();
  await stand[Symbol.asyncDispose]();
});

function hang(name: string): HangingMount {
  const mount = new HangingMount(stand.at(name).toString());
  ends.push(mount);
  return mount;
}

let count = 0;

/** A channel to the files, with a console at its far end. */
function talk() {
  const channel = new Channel(++count, "files", () => undefined);
  channel.accept();
  files.use({ channel, by: "Ann", report: () => undefined });
  const heard: FilesCustomerMessage[] = [];
  let ended: ErrorCode | "closed" | undefined;
  const pump = () => {
    for (let frame = channel.next(0); frame; frame = channel.next(0)) {
      if (frame.type === frameTypes.RESET) ended = readReset(frame).code;
      if (frame.type === frameTypes.CLOSE) ended = "closed";
      if (frame.type === frameTypes.DATA) heard.push(filesCustomerMessage.decode(frame.payload));
    }
  };
  const say = (message: FilesConsoleMessage) =>
    channel.listener.message?.(filesConsoleMessage.encode(message));
  const hears = (id: number) =>
    poll(`an answer to ${id}`, () => (pump(), heard.find((message) => message.id === id)));
  return {
    say,
    hears,
    ask: (message: FilesConsoleMessage) => (say(message), hears(message.id)),
    ended: () => poll("the channel ends", () => (pump(), ended)),
  };
}

describe.runIf(HangingMount.isPossible)("a disk that does not answer", () => {
  it("is named to whoever asked for it, and holds up nothing else", async () => {
    const dead = hang("dead");
    writeFileSync(stand.at("alive"), "");
    const [first, second] = [talk(), talk()];
    first.say({ type: "stat", id: 7, path: stand.at("dead", "letter") });
    const answer = { type: "failed", error: "not-answering", detail: dead.path };
    expect(await first.hears(7)).toMatchObject(answer);
    expect(await first.ended()).toBe("closed");
    // It shared the thread, and can be opened anew.
    expect(await second.ended()).toBe("unavailable");
    const third = talk();
    const list = await third.ask({ type: "list", id: 1, path: stand.at() });
    const entries = list.type === "entries" ? list.entries : [];
    const seen = entries.map(({ name, kind }) => `${Buffer.from(name).toString()} ${kind}`);
    expect(seen.sort()).toEqual(["alive file", "dead folder"]);
    const stat = { type: "stat", path: stand.at("dead", "other") } as const;
    expect(await third.ask({ ...stat, id: 2 })).toMatchObject(answer);
    expect(await third.ask({ type: "stat", id: 3, path: stand.at("alive") })).toMatchObject({
      kind: "file",
    });
  });

  it("is touched again once it answers", async () => {
    const dead = hang("dead");
    const stat = { type: "stat", path: stand.at("dead", "letter") } as const;
    expect(await talk().ask({ ...stat, id: 1 })).toMatchObject({ error: "not-answering" });
    dead.letGo();
    const later = talk();
    let id = 1;
    await poll("it is asked again", async () => {
      const answer = await later.ask({ ...stat, id: ++id });
      return answer.type === "failed" && answer.detail === "ENOTCONN";
    });
  });

  it("is found behind a link, of which nothing more is asked", async () => {
    hang("dead");
    symlinkSync("dead/deep", stand.at("link"));
    expect(await talk().ask({ type: "list", id: 1, path: stand.at("link") })).toMatchObject({
      ...{ error: "not-answering", detail: stand.at("link").toString() },
    });
    const next = talk();
    const seen = await next.ask({ type: "stat", id: 1, path: stand.at("link", "x") });
    expect(seen).toMatchObject({ error: "not-answering" });
    expect(await next.ask({ type: "stat", id: 2, path: stand.at() })).toMatchObject({
      kind: "folder",
    });
  });

  it("does not keep the program from ending", async () => {
    const dead = hang("dead");
    const code = `
      import { Channel, filesConsoleMessage } from ${JSON.stringify(protocol)};
      import { DiskThread } from ${JSON.stringify(thread)};
      const disk = new DiskThread(new URL(${JSON.stringify(worker)}), { lookEveryMs: 50, looks: 20 });
      const files = disk.tool("files");
      const channel = new Channel(1, "files", () => undefined);
      channel.accept();
      files.use({ channel, by: "Ann", report: () => undefined });
      const path = Buffer.from(${JSON.stringify(`${dead.path}/letter`)});
      channel.listener.message(filesConsoleMessage.encode({ type: "stat", id: 1, path }));
      const look = setInterval(() => {
        for (let frame = channel.next(0); frame; frame = channel.next(0)) {
          if (frame.type !== ${frameTypes.CLOSE}) continue;
          clearInterval(look);
          files[Symbol.dispose]();
          console.log("told");
        }
      }, 50);`;
    writeFileSync(stand.at("program.mjs"), code);
    await using program = new Program(process.execPath, {
      args: [stand.at("program.mjs").toString()],
    });
    await program.line(/told/);
    await program.ended();
  });

  it("is one of a few at most: then nothing is begun any more", async () => {
    for (const name of ["a", "b", "c", "d"]) {
      hang(name);
      const answer = await talk().ask({ type: "stat", id: 1, path: stand.at(name) });
      expect(answer).toMatchObject({ error: "not-answering", detail: stand.at(name).toString() });
    }
    expect(() => talk()).toThrow("do not answer");
  }, 40_000);
});
