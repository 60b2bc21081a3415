import { frameTypes, maxDataBytes, receiveWindowBytes } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginSession } from "../support/active-session.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";

let relay: Relay;
beforeAll(async () => {
  relay = await Relay.start();
});
afterAll(() => relay[Symbol.asyncDispose]());

/** A session in which a tool is open, with both ends of its channel. */
async function openTool() {
  relay.account("ann");
  const session = await beginSession(relay);
  const { representative: ann, customer, lsid } = session;
  await ann.call("permission.request", { lsid, permission: "shell" });
  const near = await ann.open("shell", lsid).opened();
  const far = await poll("the tool reaches the customer", () => customer.offered.at(-1));
  return { ...session, ann, near, far };
}

describe("a tool's channel", () => {
  it("carries messages both ways, however long they are", async () => {
    const { near, far } = await openTool();
    near.send("ls -l");
    await far.text("ls -l");
    far.send("x".repeat(3 * maxDataBytes));
    await near.text("x".repeat(3 * maxDataBytes));
  });

  it("gives each end the credit of the other, and holds back who has none", async () => {
    const { near, far } = await openTool();
    far.channel.consumesAtOnce = false;
    const sent = receiveWindowBytes + maxDataBytes;
    for (let bytes = 0; bytes < sent; bytes += maxDataBytes)
      near.send(new Uint8Array(maxDataBytes));
    const arrived = () => far.messages.reduce((sum, { length }) => sum + length, 0);
    const first = await poll("the window is full", () => arrived());
    expect(first).toBeLessThan(sent);
    far.channel.consumesAtOnce = true;
    far.channel.consume(arrived());
    await poll("the rest arrives", () => arrived() >= sent, 10_000);
  });

  it("ends on both sides in good order", async () => {
    const { near, far } = await openTool();
    far.send("bye");
    far.channel.close();
    expect(await near.end()).toBe("closed");
    expect(near.texts).toEqual(["bye"]);
  });

  it("is shown to the customer while it is open", async () => {
    const { near, customer } = await openTool();
    await customer.hears("session.changed", ({ tools }) => tools?.[0]?.tool === "shell");
    near.channel.close();
    await customer.hears("session.changed", ({ tools }) => tools?.length === 0);
  });

  it("ends when the customer takes the permission back, and is written down", async () => {
    const { near, far, customer, ann, lsid } = await openTool();
    await customer.call("permission.revoke", { permission: "shell" });
    expect(await near.end()).toBe("customer-refused");
    expect(await far.end()).toBe("customer-refused");
    await ann.hears("session.event", ({ event }) => event.event === "shell.closed");
    const { events } = await ann.call("session.history", { lsid });
    const names = events.map(({ event }) => event).filter((name) => name.startsWith("shell."));
    expect(names).toEqual(["shell.opened", "shell.closed"]);
  });

  it("may still tell what was done when it has just ended, but nothing that is not its own", async () => {
    const { near, far, customer, ann, lsid } = await openTool();
    const channel = far.channel.id;
    near.channel.close();
    expect(await far.end()).toBe("closed");
    const detail = { command: "make", directory: "/", exitCode: 0, durationMs: 1 };
    customer.tell("tool.event", { channel: channel + 2, event: "shell.command", detail });
    customer.tell("tool.event", { channel, event: "system.read", detail: {} });
    customer.tell("tool.event", { channel, event: "shell.command", detail });
    await ann.hears("session.event", ({ event }) => event.event === "shell.command");
    const { events } = await ann.call("session.history", { lsid });
    const names = events.map(({ event }) => event).filter((name) => /^(shell|system)\./.test(name));
    expect(names).toEqual(["shell.opened", "shell.closed", "shell.command"]);
  });

  it("ends when its representative leaves", async () => {
    const { near, far, ann, lsid } = await openTool();
    await ann.call("session.leave", { lsid });
    expect(await near.end()).toBe("not-permitted");
    expect(await far.end()).toBe("not-permitted");
  });
});

describe("what the customer's client tells of a tool", () => {
  it("is written as done by whoever uses it", async () => {
    const { customer, far, ann } = await openTool();
    const detail = { command: "ls", exitCode: 0 };
    customer.tell("tool.event", { channel: far.channel.id, event: "shell.command", detail });
    const { event } = await ann.hears("session.event", (e) => e.event.event === "shell.command");
    expect(event).toMatchObject({ who: "Ann", detail });
  });

  it("is dropped when there is no such use", async () => {
    const { customer, far, ann, near } = await openTool();
    const detail = { command: "ls" };
    customer.tell("tool.event", { channel: far.channel.id + 2, event: "shell.command", detail });
    near.channel.close();
    await ann.hears("session.event", ({ event }) => event.event === "shell.closed");
    expect(ann.all("session.event").some((e) => e.event.event === "shell.command")).toBe(false);
  });
});

describe("a customer's client that lies", () => {
  it("loses the channel when it claims credit for what it never got", async () => {
    const { customer, far, near } = await openTool();
    const payload = new Uint8Array([0xff, 0xff, 0x7f]);
    customer.inject({ type: frameTypes.CREDIT, channel: far.channel.id, payload });
    expect(await near.end()).toBe("protocol-violation");
  });

  it("loses the channel when it sends more than it was granted", async () => {
    const { customer, far, near } = await openTool();
    near.channel.consumesAtOnce = false;
    const payload = new Uint8Array(maxDataBytes);
    for (let sent = 0; sent <= receiveWindowBytes; sent += maxDataBytes) {
      customer.inject({ type: frameTypes.DATA, channel: far.channel.id, payload });
    }
    expect(await near.end()).toBe("protocol-violation");
  });
});
