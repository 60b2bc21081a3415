import {
  channelClasses,
  type ChannelKind,
  channelKinds,
  creditAfterBytes,
  maxDataBytes,
  windowBytes,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { nameOf, Wire } from "./wire.ts";

// Version 1 has no kind of these classes yet, but the rules for them hold for all later ones.
Object.assign(channelKinds, {
  "a file": { class: channelClasses.bulk, maxMessageBytes: 8 * 1024 * 1024 },
});
const file = "a file" as ChannelKind;

describe("a channel with credit", () => {
  it("carries more than its window when the receiver consumes it", () => {
    const wire = new Wire();
    const { near, messages } = wire.open(file);
    for (let i = 0; i < 8; i++) near.send(new Uint8Array(100_000).fill(i));
    wire.settle();
    expect(messages.map((message) => [message.length, message[0]])).toEqual(
      Array.from({ length: 8 }, (_, i) => [100_000, i]),
    );
  });

  it("stops at its window while the receiver consumes nothing, and goes on when it does", () => {
    const wire = new Wire();
    const { near, far, messages } = wire.open(file);
    far.consumesAtOnce = false;
    const frameBytes = windowBytes.start / 4;
    for (let i = 0; i < 12; i++) near.send(new Uint8Array(frameBytes));
    wire.settle();
    expect(near.queuedBytes).toBe(12 * frameBytes - windowBytes.start);
    for (let i = 0; i < 12; i++) {
      far.consume(frameBytes);
      wire.settle();
    }
    expect(near.queuedBytes).toBe(0);
    expect(messages).toHaveLength(12);
  });

  it("brings a message to its end that is larger than its window, and no more after it", () => {
    const wire = new Wire();
    const { near, far, messages } = wire.open(file);
    far.consumesAtOnce = false;
    const large = windowBytes.max + 5 * maxDataBytes + 1;
    for (let i = 0; i < 3; i++) near.send(new Uint8Array(large));
    wire.settle();
    expect(messages).toHaveLength(1);
    expect(near.queuedBytes).toBeGreaterThan(0);
    for (let i = 0; i < 3; i++) {
      far.consume(large);
      wire.settle();
    }
    expect(messages).toHaveLength(3);
    expect(near.queuedBytes).toBe(0);
  });

  it("gives credit for 2 KB at least, and tells only the latest sum", () => {
    const wire = new Wire();
    const { near, far } = wire.open(file);
    far.consumesAtOnce = false;
    for (let i = 0; i < 3; i++) near.send(new Uint8Array(creditAfterBytes));
    wire.console.pull();
    wire.deliver(wire.console);
    far.consume(creditAfterBytes - 1);
    expect(wire.appliance.pull()).toEqual([]);
    far.consume(1);
    far.consume(creditAfterBytes);
    expect(wire.appliance.pull().map(nameOf)).toEqual(["CREDIT"]);
  });

  it("waits behind the mouse, however much of it is queued", () => {
    const wire = new Wire();
    const { near: bulk } = wire.open(file);
    const { near: mouse } = wire.open("input");
    bulk.send(new Uint8Array(500_000));
    wire.console.pull(1);
    mouse.send(Uint8Array.of(1));
    expect(wire.console.pull(1).map(({ channel }) => channel)).toEqual([mouse.id]);
  });

  it("keeps its place over a drop", () => {
    const wire = new Wire();
    const { near, messages } = wire.open(file);
    near.send(new Uint8Array(500_000).fill(5));
    for (let i = 0; i < 20; i++) {
      wire.console.pull(4);
      wire.deliver(wire.console, 2);
      wire.appliance.pull(1);
      wire.drop();
    }
    wire.settle();
    expect(messages.map(({ length }) => length)).toEqual([500_000]);
  });
});
