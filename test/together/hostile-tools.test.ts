import {
  decodeFrame,
  frameTypes,
  maxDataBytes,
  readVarint,
  receiveWindowBytes,
  varintFrame,
} from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginSession } from "../support/active-session.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";
import { ShiftClock } from "../support/shift-clock.ts";

const clock = new ShiftClock();
let relay: Relay;
beforeAll(async () => {
  relay = await Relay.start({ clock });
});
afterAll(() => relay[Symbol.asyncDispose]());

/** A session in which shells may be opened. */
async function begin() {
  relay.account("ann");
  const session = await beginSession(relay);
  const { representative: ann, lsid } = session;
  await ann.call("permission.request", { lsid, permission: "shell" });
  return { ...session, ann };
}

/** The same with a shell that is open, and both ends of its channel. */
async function openTool() {
  const session = await begin();
  const near = await session.ann.open("shell", session.lsid).opened();
  const far = await poll("the tool reaches the customer", () => session.customer.offered.at(-1));
  return { ...session, near, far };
}

/** One that the customer's client has been asked for and has not answered. */
async function askForTool() {
  const session = await begin();
  const { customer, ann, lsid } = session;
  // As a client would that has stopped reading what it is asked.
  customer.socket.removeAllListeners("message");
  const offered: number[] = [];
  customer.socket.on("message", (data: Buffer) => {
    const frame = decodeFrame(new Uint8Array(data));
    if (frame.type === frameTypes.OPEN) offered.push(frame.channel);
  });
  const near = ann.open("shell", lsid);
  const channel = await poll("the channel is asked for", () => offered[0]);
  return { ...session, near, channel };
}

function closings(lsid: string) {
  return relay.audit.page({ limit: 20 }).filter((e) => e.lsid === lsid && /closed$/.test(e.event));
}

describe("a customer's client that answers wrongly", () => {
  it.each([
    ["data", { type: frameTypes.DATA, payload: new Uint8Array([1]) }],
    ["credit", { type: frameTypes.CREDIT, payload: new Uint8Array([0]) }],
  ])(
    "loses the channel, and not its representative's link, for %s before it accepts",
    async (...[, frame]) => {
      const { customer, near, channel, ann } = await askForTool();
      customer.inject({ ...frame, channel });
      expect(await near.end()).toBe("protocol-violation");
      expect(ann.closeCode).toBeUndefined();
    },
  );

  it.each([0, maxDataBytes - 1, receiveWindowBytes + 1, Number.MAX_SAFE_INTEGER])(
    "loses the channel for a window of %i bytes",
    async (windowBytes) => {
      const { customer, near, channel, ann } = await askForTool();
      customer.inject(varintFrame(frameTypes.ACCEPT, channel, windowBytes));
      expect(await near.end()).toBe("protocol-violation");
      expect(near.isOpen).toBe(false);
      expect(ann.closeCode).toBeUndefined();
    },
  );

  it("is sent no more than the window that it gives, whatever the console sends", async () => {
    const { customer, near, channel, ann } = await askForTool();
    const windowBytes = maxDataBytes;
    const granted: number[] = [];
    ann.socket.on("message", (data: Buffer) => {
      const frame = decodeFrame(new Uint8Array(data));
      if (frame.type === frameTypes.ACCEPT) granted.push(readVarint(frame));
    });
    let receivedBytes = 0;
    customer.socket.on("message", (data: Buffer) => {
      const frame = decodeFrame(new Uint8Array(data));
      const isData = frame.type === frameTypes.DATA || frame.type === frameTypes.DATA_MORE;
      if (isData && frame.channel === channel) receivedBytes += frame.payload.length;
    });
    customer.inject(varintFrame(frameTypes.ACCEPT, channel, windowBytes));
    await near.opened();
    expect(granted).toEqual([windowBytes]);
    near.send(new Uint8Array(3 * maxDataBytes));
    await poll("the window is full", () => receivedBytes === windowBytes);
    const payload = new Uint8Array([1]);
    ann.inject({ type: frameTypes.DATA, channel: near.channel.id, payload });
    expect(await near.end()).toBe("protocol-violation");
    expect(receivedBytes).toBe(windowBytes);
  });

  it("loses a channel that it leaves unanswered", async () => {
    const { near } = await askForTool();
    clock.skip(31_000);
    expect(await near.end()).toBe("unavailable");
  });

  it.each([frameTypes.DATA, frameTypes.DATA_MORE])(
    "loses the channel for a frame of type %i with nothing in it",
    async (type) => {
      const { customer, near, far } = await openTool();
      customer.inject({ type, channel: far.channel.id, payload: new Uint8Array(0) });
      expect(await near.end()).toBe("protocol-violation");
    },
  );
});

describe("a console that gives up a channel", () => {
  it("leaves nothing behind when the customer's client had not answered", async () => {
    const { near, ann, lsid } = await askForTool();
    near.channel.reset("cancelled");
    const closed = () => closings(lsid).at(0);
    expect((await poll("the use is closed", closed)).detail).toEqual({ because: "cancelled" });
    expect(ann.closeCode).toBeUndefined();
  });

  it("leaves nothing behind either when its link is gone", async () => {
    const { ann, lsid } = await askForTool();
    await ann.leave();
    await poll("the use is closed", () => closings(lsid).at(0));
  });
});

describe("floods", () => {
  it("of credit are not passed on", async () => {
    const { customer, near, far, ann } = await openTool();
    let credits = 0;
    ann.socket.on("message", (data: Buffer) => {
      if (decodeFrame(new Uint8Array(data)).type === frameTypes.CREDIT) credits++;
    });
    near.send(new Uint8Array(20_000));
    await poll("all has arrived", () => far.messages.length > 0);
    for (let told = 0; told <= 20_000; told += 2) {
      customer.inject(varintFrame(frameTypes.CREDIT, far.channel.id, told));
    }
    far.send("done");
    await near.text("done");
    expect(credits).toBeLessThan(40);
  });

  it("of single bytes do not fill the memory while the console's line is away", async () => {
    const { customer, far, ann, lsid } = await openTool();
    ann.drop();
    const payload = new Uint8Array([1]);
    const frame = { type: frameTypes.DATA, channel: far.channel.id, payload };
    for (let sent = 0; sent < 70_000; sent++) {
      customer.inject(frame);
      if (sent % 1000 === 0) await poll("sent", () => customer.socket.bufferedAmount < 100_000);
    }
    const closed = await poll("the use is closed", () => closings(lsid).at(0), 10_000);
    expect(closed.detail).toEqual({ because: "too-slow" });
    expect(receiveWindowBytes).toBeGreaterThan(70_000);
  });

  it("of openings are refused, whoever closes what was opened", async () => {
    const { ann, lsid } = await begin();
    const codes = new Set<string>();
    for (let tried = 0; tried < 400 && codes.size === 0; tried++) {
      const probe = ann.open("shell", lsid);
      await poll("an answer", () => probe.isOpen || probe.ended);
      if (probe.ended?.code) codes.add(probe.ended.code);
      probe.channel.close();
    }
    expect([...codes]).toEqual(["too-many-attempts"]);
    clock.skip(2000);
    await ann.open("shell", lsid).opened();
  });

  it("of reports end the use, and do not fill the audit log", async () => {
    const { customer, near, far, lsid } = await openTool();
    const rowsBefore = relay.audit.status().rows;
    const output = Object.fromEntries([1, 2, 3, 4].map((n) => [`part${n}`, "x".repeat(4096)]));
    for (let told = 0; told < 200; told++) {
      const { id: channel } = far.channel;
      customer.tell("tool.event", { channel, event: "shell.command", detail: output });
    }
    expect(await near.end()).toBe("too-many-attempts");
    await poll("the end is written", () => closings(lsid).at(0));
    expect(relay.audit.status().rows - rowsBefore).toBeLessThan(80);
  });
});

describe("what a hostile client reports", () => {
  it("is written so that no terminal, table or reader is misled", async () => {
    const { customer, far, ann } = await openTool();
    const command = "ls\u001b[2J\n\u202egpj.exe\u{e0041}";
    const { id: channel } = far.channel;
    customer.tell("tool.event", { channel, event: "shell.command", detail: { command } });
    const { event } = await ann.hears("session.event", (e) => e.event.event === "shell.command");
    expect(event.detail).toEqual({
      command: String.raw`ls\u{1b}[2J\u{a}\u{202e}gpj.exe\u{e0041}`,
    });
  });
});
