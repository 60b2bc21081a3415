import { appendFile, readFile, stat } from "node:fs/promises";
import {
  type Lsid,
  shellConsoleMessage,
  type ShellConsoleMessage,
  shellCustomerMessage,
  type ShellCustomerMessage,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { type ActiveSession, beginSession } from "../support/active-session.ts";
import type { Probe } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";

const size = { columns: 90, rows: 25 };

/** Opens a shell by that first message; gives what each end says. */
async function openShell({ representative, customer, lsid }: ActiveSession, first = start()) {
  await representative.call("permission.request", { lsid, permission: "shell" });
  const before = customer.offered.length;
  const near = await representative.open("shell", lsid).opened();
  const far = await poll("the shell is offered", () => customer.offered.slice(before).at(-1));
  const type = (message: ShellConsoleMessage) => near.send(shellConsoleMessage.encode(message));
  const show = (message: ShellCustomerMessage) => far.send(shellCustomerMessage.encode(message));
  type(first);
  await poll("the shell is asked for", () => far.messages.length > 0);
  show({ type: "started", shell: 4, program: "/bin/bash", isElevated: false });
  return { near, far, type, show };
}

function start(): ShellConsoleMessage {
  return { type: "start", ...size };
}

function output(text: string | Uint8Array): ShellCustomerMessage {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return { type: "output", bytes: Uint8Array.from(bytes) };
}

async function castOf(relay: Relay, lsid: Lsid, number = 1): Promise<unknown[]> {
  const file = await relay.broker.shellRecordings.pathOf(lsid, number);
  if (!file) return [];
  const text = await readFile(file, "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

/** Waits until the recording holds the text, and gives all its lines. */
async function recorded(relay: Relay, lsid: Lsid, wanted: string): Promise<unknown[]> {
  return poll(`${wanted} is recorded`, async () => {
    const lines = await castOf(relay, lsid);
    return JSON.stringify(lines).includes(wanted) && lines;
  });
}

const shape = (lines: readonly unknown[]) =>
  lines.slice(1).map((line) => (Array.isArray(line) ? line.slice(1) : line));

async function closed(near: Probe, far: Probe): Promise<void> {
  near.channel.close();
  await far.end();
}

describe("a recorded shell", () => {
  it("is asciicast v2: what was shown and how large it was, and nothing that was typed", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { lsid, customer } = session;
    const { type, show, far } = await openShell(session);
    await customer.hears("session.changed", ({ recording }) => recording === "on");
    const word = new TextEncoder().encode("日本");
    show(output(word.slice(0, 2)));
    show(output(word.slice(2)));
    type({ type: "input", bytes: new TextEncoder().encode("hunter2") });
    type({ type: "resize", columns: 120, rows: 40 });
    await poll("the size arrives", () => far.messages.length >= 3);
    show(output("\u001b[1mend\r\n"));
    const lines = await recorded(relay, lsid, "end");
    expect(lines[0]).toMatchObject({
      version: 2,
      width: 90,
      height: 25,
      title: "carla-pc – Ann",
    });
    expect(shape(lines)).toEqual([
      ["o", "日本"],
      ["r", "120x40"],
      ["o", "\u001b[1mend\r\n"],
    ]);
    expect(JSON.stringify(lines)).not.toContain("hunter2");
    const times = lines.slice(1).map((line) => (Array.isArray(line) ? Number(line[0]) : NaN));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("is listed with its session, and only the appliance may read the file", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { lsid } = session;
    const one = await openShell(session);
    one.show(output("one"));
    await recorded(relay, lsid, "one");
    const two = await openShell(session);
    two.show(output("two"));
    const store = relay.broker.shellRecordings;
    const listed = await poll("both are listed", async () => {
      const all = await store.list(lsid);
      return all.length === 2 && all;
    });
    expect(listed.map(({ number }) => number)).toEqual([1, 2]);
    const { mode } = await stat((await store.pathOf(lsid, 2)) ?? "");
    expect(mode & 0o077).toBe(0);
    expect(await store.pathOf(lsid, 3)).toBeUndefined();
  });

  it("goes on in the same file when it is attached to again, behind a torn line", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { lsid } = session;
    const first = await openShell(session);
    first.show(output("before"));
    await recorded(relay, lsid, "before");
    await closed(first.near, first.far);
    const file = (await relay.broker.shellRecordings.pathOf(lsid, 1)) ?? "";
    await appendFile(file, '[9, "o", "to');
    const again = await openShell(session, { type: "attach", shell: 4, received: 6, ...size });
    again.show({ type: "lost", bytes: 10 });
    again.show(output("after"));
    const lines = await recorded(relay, lsid, "after");
    expect(shape(lines)).toEqual([
      ["o", "before"],
      ["r", "90x25"],
      ["m", "10 bytes are lost"],
      ["o", "after"],
    ]);
    expect(await relay.broker.shellRecordings.list(lsid)).toHaveLength(1);
  });

  it("is not made where policy does not allow recording", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    relay.rules("ann", { record: { setting: "deny" } });
    const session = await beginSession(relay);
    const { near, show } = await openShell(session);
    show(output("secret"));
    await poll("it arrives", () => near.messages.length >= 2);
    near.channel.close();
    expect(await relay.broker.shellRecordings.list(session.lsid)).toEqual([]);
  });

  it("pauses with the recording of the session", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { lsid, representative: ann } = session;
    const { near, show } = await openShell(session);
    show(output("one"));
    await recorded(relay, lsid, "one");
    await ann.call("record.stop", { lsid });
    show(output("two"));
    await poll("it arrives", () => near.messages.length >= 3);
    await ann.call("record.start", { lsid });
    show(output("three"));
    expect(shape(await recorded(relay, lsid, "three"))).toEqual([
      ["o", "one"],
      ["o", "three"],
    ]);
  });

  it("ends, and the shell goes on, when the customer's client talks nonsense", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { near, far, show } = await openShell(session);
    far.send(new Uint8Array([99]));
    show(output("still here"));
    await poll("both arrive", () => near.messages.length >= 3);
    await session.representative.hears("session.warning");
    expect(near.ended).toBeUndefined();
  });
});
