import { createHash, randomBytes } from "node:crypto";
import {
  type ClipboardCopy,
  clipboardGetMessage,
  clipboardGotMessage,
  ClipboardIntake,
  clipboardSendMessage,
  clipboardSentMessage,
  encodeText,
  type Permission,
  sendPieces,
} from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Appliance } from "../support/appliance.ts";
import type { Desktop } from "../support/desktop.ts";
import type { Probe } from "../support/party.ts";
import { encodePng } from "../support/png.ts";
import { poll } from "../support/poll.ts";
import { Scene } from "../support/scene.ts";
import { Visit } from "../support/visit.ts";
import { copyOn, pasteOn } from "../support/xclip.ts";

const to = "clipboard-to-customer" satisfies Permission;
const from = "clipboard-from-customer" satisfies Permission;
const never = new AbortController().signal;

let appliance: Appliance;
let desktop: Desktop;
let scene: Scene;
beforeAll(async () => {
  scene = await Scene.start();
  ({ appliance, desktop } = scene);
});
afterAll(() => scene[Symbol.asyncDispose]());

const long = "Zoë ➜ 世界 👩‍🔧\n".repeat(220_000);
const image = encodePng({ width: 600, height: 400, data: randomBytes(600 * 400 * 4) });

async function send(channel: Probe, copy: ClipboardCopy): Promise<string> {
  const { format, bytes } = copy;
  const before = channel.messages.length;
  const begun = { type: "begin", copy: 1, format, sizeBytes: bytes.length } as const;
  channel.send(clipboardSendMessage.encode(begun));
  await sendPieces(channel.channel, bytes, never);
  const answer = await poll("it is answered", () => channel.messages[before]);
  return clipboardSentMessage.decode(answer).type;
}

/** Waits for the copy that comes after so many messages. */
async function arrives(channel: Probe, before: number): Promise<ClipboardCopy> {
  const intake = new ClipboardIntake();
  let at = before;
  return poll("the copy arrives", () => {
    for (; at < channel.messages.length; at++) {
      const said = clipboardGotMessage.decode(channel.messages[at] ?? new Uint8Array(0));
      if (said.type === "refused") throw new Error(`refused: ${said.reason}`);
      if (said.type === "begin") intake.begin(said);
      const copy = said.type === "piece" ? intake.piece(said.bytes) : undefined;
      if (copy) return copy;
    }
    return undefined;
  });
}

function get(channel: Probe): Promise<ClipboardCopy> {
  const before = channel.messages.length;
  channel.send(clipboardGetMessage.encode({ type: "get", ask: 1 }));
  return arrives(channel, before);
}

function isSame(copy: ClipboardCopy, content: string | Uint8Array): boolean {
  return Buffer.from(content).equals(copy.bytes);
}

describe("the clipboard of the customer's computer", () => {
  it("takes and gives long text and images, each by its hash in the log", async () => {
    await using session = await Visit.begin({ appliance, desktop });
    const { representative, lsid } = session;
    await session.grant(to);
    const sender = await representative.open(to, lsid).opened();
    expect(await send(sender, { format: "text", bytes: encodeText(long) })).toBe("placed");
    expect((await pasteOn(desktop)).toString("utf8") === long).toBe(true);
    expect(await send(sender, { format: "png", bytes: image })).toBe("placed");
    expect(image.equals(await pasteOn(desktop, "image/png"))).toBe(true);

    await session.grant(from);
    const getter = await representative.open(from, lsid).opened();
    await copyOn(desktop, image, "image/png");
    expect(isSame(await get(getter), image)).toBe(true);
    await copyOn(desktop, long);
    expect(isSame(await get(getter), long)).toBe(true);
    const sha256 = createHash("sha256").update(long).digest("hex");
    for (const event of [`${to}.placed`, `${from}.given`]) {
      await representative.hears(
        "session.event",
        (told) => told.event.event === event && told.event.detail["sha256"] === sha256,
      );
    }
  });

  it("follows by itself, and what came from the representative does not go back", async () => {
    await using session = await Visit.begin({ appliance, desktop });
    const { representative, lsid } = session;
    await session.grant(to);
    await session.grant(from);
    const getter = await representative.open(from, lsid).opened();
    await copyOn(desktop, "before");
    getter.send(clipboardGetMessage.encode({ type: "follow", known: 0 }));
    // Answered once what was said before it has been heard.
    expect(isSame(await get(getter), "before")).toBe(true);
    const sender = await representative.open(to, lsid).opened();
    expect(await send(sender, { format: "text", bytes: encodeText("from Ann") })).toBe("placed");
    const before = getter.messages.length;
    await copyOn(desktop, "from Carla");
    expect(isSame(await arrives(getter, before), "from Carla")).toBe(true);
  });

  it("is allowed each way by itself, and content goes only that way", async () => {
    await using session = await Visit.begin({ appliance, desktop });
    const { representative, lsid } = session;
    await session.grant(to);
    expect(await representative.open(from, lsid).end()).toBe("customer-refused");
    await session.grant(from);
    const getter = await representative.open(from, lsid).opened();
    getter.send(new Uint8Array(17));
    expect(await getter.end()).toBe("frame-too-large");
  });

  it("is put on and got no more once the customer takes it back", async () => {
    await using session = await Visit.begin({ appliance, desktop });
    const { representative, window, lsid } = session;
    await session.grant(to);
    const sender = await representative.open(to, lsid).opened();
    expect(await send(sender, { format: "text", bytes: encodeText("hello") })).toBe("placed");
    await window.focus();
    await desktop.xdotool("key", "alt+t");
    expect(["not-permitted", "customer-refused"]).toContain(await sender.end());
  });
});
