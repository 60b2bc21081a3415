import {
  Channel,
  channelClasses,
  channelKinds,
  type Frame,
  frameTypes,
  isChannelKind,
  maxDataBytes,
  receiveWindowBytes,
  resetFrame,
  varintFrame,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";
import { nameOf, Wire } from "./wire.ts";

describe("closing a channel", () => {
  it("lets what was queued arrive first", () => {
    const wire = new Wire();
    const { near, far, messages } = wire.open();
    const closed = hearClosed(far);
    near.send(new Uint8Array(2 * maxDataBytes));
    near.close();
    near.send(Uint8Array.of(9));
    wire.settle();
    expect(messages.map(({ length }) => length)).toEqual([2 * maxDataBytes]);
    expect(closed).toEqual([[undefined, ""]]);
    expect([near.isDone, far.isDone]).toEqual([true, true]);
  });

  it("waits for the peer's acceptance when something is queued", () => {
    const wire = new Wire();
    const near = wire.console.mux.open({ kind: "screen", lsid: "" });
    near.send(Uint8Array.of(1));
    near.close();
    expect(wire.console.pull().map(nameOf)).toEqual(["OPEN"]);
    wire.deliver(wire.console);
    wire.settle();
    expect(wire.appliance.opened[0]?.messages).toEqual([Uint8Array.of(1)]);
  });

  it("tells the listener once, also when it is closed twice", () => {
    const wire = new Wire();
    const { near } = wire.open();
    const closed = hearClosed(near);
    near.close();
    near.close();
    wire.settle();
    near.close();
    wire.settle();
    expect(closed).toEqual([[undefined, ""]]);
  });
});

describe("resetting a channel", () => {
  it("drops what is queued, and tells the other end why", () => {
    const wire = new Wire();
    const { near, far, messages } = wire.open();
    const closed = hearClosed(far);
    near.send(Uint8Array.of(1));
    near.reset("not-permitted", "control was taken back");
    near.reset("internal", "too late");
    near.send(Uint8Array.of(2));
    expect(near.queuedBytes).toBe(0);
    wire.settle();
    expect(messages).toEqual([]);
    expect(closed).toEqual([["not-permitted", "control was taken back"]]);
  });

  it("before the peer has accepted leaves nothing of it", () => {
    const wire = new Wire();
    const near = wire.console.mux.open({ kind: "screen", lsid: "" });
    const closed = hearClosed(near);
    near.reset("cancelled");
    wire.settle();
    expect([near.isGone, near.isDone]).toEqual([true, true]);
    expect(wire.appliance.opened[0]?.channel.isDone).toBe(true);
    expect(closed).toEqual([]);
  });

  it("from within a message stops the answers to it too", () => {
    const wire = new Wire();
    const { near, far } = wire.open();
    far.listener = { message: () => far.reset("too-slow") };
    near.send(Uint8Array.of(1));
    wire.console.pull();
    wire.deliver(wire.console);
    expect(wire.appliance.pull().map(nameOf)).toEqual(["RESET"]);
  });

  it("ends a channel whose other end is in the middle of a message", () => {
    const wire = new Wire();
    const { near, messages } = wire.open();
    near.send(new Uint8Array(3 * maxDataBytes));
    wire.console.pull(1);
    near.reset("cancelled");
    wire.settle();
    expect(messages).toEqual([]);
  });
});

describe("dropping what is queued", () => {
  it("keeps a message that has begun whole, and drops those behind it", () => {
    const wire = new Wire();
    const { near, messages } = wire.open();
    near.send(new Uint8Array(3 * maxDataBytes).fill(1));
    near.send(new Uint8Array(10).fill(2));
    wire.console.pull(1);
    near.dropQueued();
    expect(near.queuedBytes).toBe(2 * maxDataBytes);
    near.send(new Uint8Array(5).fill(3));
    wire.settle();
    expect(messages.map((message) => [message.length, message.at(-1)])).toEqual([
      [3 * maxDataBytes, 1],
      [5, 3],
    ]);
  });

  it("drops everything when nothing has begun", () => {
    const wire = new Wire();
    const { near, messages } = wire.open();
    near.send(new Uint8Array(10));
    near.dropQueued();
    expect(near.queuedBytes).toBe(0);
    wire.settle();
    expect(messages).toEqual([]);
  });
});

describe("a channel without credit", () => {
  it("sends more than the peer's window, for its pace is made elsewhere", () => {
    const wire = new Wire();
    const { near, messages } = wire.open("screen");
    near.send(new Uint8Array(receiveWindowBytes + 1));
    wire.settle();
    expect(messages.map(({ length }) => length)).toEqual([receiveWindowBytes + 1]);
  });

  it("never gives credit either", () => {
    const channel = accepted();
    channel.consume(10 * maxDataBytes);
    expect(channel.next(0)).toBeUndefined();
  });
});

describe("frames that a channel does not take", () => {
  it.each([
    ["a second acceptance", varintFrame(frameTypes.ACCEPT, 1, 0)],
    ["credit for what was never sent", varintFrame(frameTypes.CREDIT, 1, 1)],
    ["an OPEN", { type: frameTypes.OPEN, channel: 1, payload: new Uint8Array(0) }],
    ["a RESET without a number", { ...resetFrame(1, "internal"), payload: new Uint8Array(1) }],
  ])("%s", (_, frame) => {
    const channel = accepted();
    expect(codeOf(() => channel.receive(frame, 0))).toBe("protocol-violation");
  });

  it("credit before the acceptance", () => {
    const channel = new Channel(1, "screen", () => undefined);
    const credit = varintFrame(frameTypes.CREDIT, 1, 0);
    expect(codeOf(() => channel.receive(credit, 0))).toBe("protocol-violation");
  });

  it("a message longer than its kind allows", () => {
    const channel = accepted("input");
    const part = data(frameTypes.DATA_MORE, maxDataBytes);
    const parts = Math.floor(channelKinds.input.maxMessageBytes / maxDataBytes);
    for (let i = 0; i < parts; i++) channel.receive(part, 0);
    const last = data(frameTypes.DATA, maxDataBytes);
    expect(codeOf(() => channel.receive(last, 0))).toBe("frame-too-large");
  });

  it("anything once it is gone, silently", () => {
    const channel = accepted();
    channel.reset("cancelled");
    channel.receive(varintFrame(frameTypes.ACCEPT, 1, 0), 0);
    channel.accept();
    channel.lost("unavailable");
    expect(channel.next(0)).toBeUndefined();
  });
});

it("parts of a message may be as small as they like, and empty", () => {
  const channel = accepted();
  const messages: Uint8Array[] = [];
  channel.listener = { message: (bytes) => messages.push(bytes) };
  for (const byte of [[], [1], [], [2]]) {
    channel.receive({ ...data(frameTypes.DATA_MORE, 0), payload: Uint8Array.from(byte) }, 0);
  }
  channel.receive(data(frameTypes.DATA, 0), 0);
  expect(messages).toEqual([Uint8Array.of(1, 2)]);
});

it("a channel without a listener takes messages and goes when it is told", () => {
  const channel = new Channel(1, "screen", () => undefined);
  channel.receive(varintFrame(frameTypes.ACCEPT, 1, 5), 0);
  channel.receive(data(frameTypes.DATA, 1), 0);
  channel.receive({ ...data(frameTypes.DATA, 0), type: frameTypes.CLOSE }, 0);
  expect(channel.isDone).toBe(true);
});

it("the classes of channels rise from the most urgent, and every kind has one", () => {
  expect(Object.values(channelClasses)).toEqual([0, 1, 2, 3]);
  expect(Object.keys(channelKinds).every(isChannelKind)).toBe(true);
  expect(isChannelKind("toString")).toBe(false);
});

function accepted(kind: "screen" | "input" = "screen"): Channel {
  const channel = new Channel(1, kind, () => undefined);
  channel.accept();
  channel.next(0);
  return channel;
}

function data(type: Frame["type"], sizeBytes: number): Frame {
  return { type, channel: 1, payload: new Uint8Array(sizeBytes) };
}

function hearClosed(channel: Channel): [unknown, string][] {
  const closed: [unknown, string][] = [];
  channel.listener = { ...channel.listener, closed: (code, reason) => closed.push([code, reason]) };
  return closed;
}
