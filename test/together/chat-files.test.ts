import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { chatFileMessage, type ChatFileMessage, sendFilePieces } from "@handrail/protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import type { Desktop } from "../support/desktop.ts";
import type { Probe } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Scene } from "../support/scene.ts";
import { Visit } from "../support/visit.ts";

let appliance: Appliance;
let desktop: Desktop;
let scene: Scene;
beforeAll(async () => {
  scene = await Scene.start();
  ({ appliance, desktop } = scene);
});
afterAll(() => scene[Symbol.asyncDispose]());

const content = randomBytes(2_000_000);
const never = new AbortController().signal;

function fileOf(bytes: Uint8Array, name: string) {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { name, sizeBytes: bytes.length, sha256 };
}

function said(channel: Probe): ChatFileMessage[] {
  return channel.messages.map((bytes) => chatFileMessage.decode(bytes));
}

it("a file of a representative is saved when the customer presses Save", async () => {
  await using session = await Visit.begin({ appliance, desktop });
  const { representative, window, lsid } = session;
  const file = fileOf(content, "Manual 2.pdf");
  const { seq, text } = await representative.call("chat.offer-file", { lsid, file });
  expect(text).toBe("Manual 2.pdf");
  const channel = await representative.open("chat-file", lsid).opened();
  channel.send(chatFileMessage.encode({ type: "offer", seq }));
  await poll("the customer presses Save", async () => {
    await window.focus();
    await desktop.xdotool("key", "alt+v");
    return poll("it is taken", () => said(channel).length > 0, 2_000).catch(() => false);
  });
  expect(said(channel)).toEqual([{ type: "take", seq, fromByte: 0 }]);
  const read = async (from: number, maxBytes: number) => content.subarray(from, from + maxBytes);
  await sendFilePieces(channel.channel, { sizeBytes: content.length, fromByte: 0, read }, never);
  await poll("it is saved", () => said(channel).at(-1)?.type === "saved");
  const downloads = path.join(desktop.home, "Downloads");
  expect(await readdir(downloads)).toEqual(["Manual 2.pdf"]);
  expect(content.equals(await readFile(path.join(downloads, "Manual 2.pdf")))).toBe(true);
  await desktop.screenshot(await artifact("chat-files-1-saved.png"));
  for (const event of ["chat-file.offered", "chat-file.saved"]) {
    await representative.hears(
      "session.event",
      (told) => told.event.event === event && told.event.detail["sha256"] === file.sha256,
    );
  }
});

it("a file that the customer chooses is announced, and taken by a representative", async () => {
  await using session = await Visit.begin({ appliance, desktop });
  const { representative, window, lsid } = session;
  const chosen = path.join(desktop.home, "log.txt");
  await writeFile(chosen, content);
  const isGiven = () => representative.all("chat.message").find(({ message }) => message.file);
  await poll("the customer is asked which file", async () => {
    await window.focus();
    await desktop.xdotool("key", "alt+f");
    await desktop.xdotool("windowactivate", "--sync", await desktop.window("Send a file"));
    await desktop.xdotool("type", "--delay", "20", chosen);
    await desktop.screenshot(await artifact("chat-files-2-chooser.png"));
    await desktop.xdotool("key", "Return");
    return poll("it is given", isGiven, 4_000).catch(() =>
      desktop.xdotool("key", "Escape").then(() => false),
    );
  });
  const { message } = await poll("it is announced", isGiven);
  expect(message.from.kind).toBe("customer");
  expect(message.file).toEqual(fileOf(content, "log.txt"));
  const channel = await representative.open("chat-file", lsid).opened();
  channel.send(chatFileMessage.encode({ type: "take", seq: message.seq, fromByte: 0 }));
  const come = () =>
    said(channel).flatMap((each) => (each.type === "piece" ? [Buffer.from(each.bytes)] : []));
  await poll("all of it has come", () => content.equals(Buffer.concat(come())));
  await representative.hears("session.event", (told) => told.event.event === "chat-file.given");
  await desktop.screenshot(await artifact("chat-files-3-given.png"));
});
