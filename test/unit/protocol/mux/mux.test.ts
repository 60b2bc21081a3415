import {
  type Channel,
  encodeFrame,
  HandrailError,
  maxControlBytes,
  maxControlQueuedBytes,
  maxDataBytes,
  maxRetainedBytes,
  openFrame,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";
import { bytesOf, End, nameOf, Wire } from "./wire.ts";

describe("control messages", () => {
  it("arrive whole and in order, also those longer than a frame", () => {
    const wire = new Wire();
    const long = "é".repeat(maxDataBytes);
    for (const text of ["one", long, ""]) wire.console.mux.say(text);
    wire.settle();
    expect(wire.appliance.controls).toEqual(["one", long, ""]);
  });

  it("go before everything on channels, and keep their order with what is opened", () => {
    const { console } = new Wire();
    console.mux.say("before");
    console.mux.open({ kind: "screen", lsid: "" });
    console.mux.say("after");
    expect(console.pull().map(nameOf)).toEqual(["DATA", "OPEN", "DATA"]);
  });

  it("longer than the peer takes are refused where they are said", () => {
    const { console } = new Wire();
    expect(codeOf(() => console.mux.say("x".repeat(maxControlBytes + 1)))).toBe("frame-too-large");
    expect(console.pull()).toEqual([]);
  });

  it("too long in parts end the link that sends them", () => {
    const { appliance } = new Wire();
    const part = bytesOf("DATA_MORE", 0, Array<number>(maxDataBytes).fill(0x20));
    const parts = Math.floor(maxControlBytes / maxDataBytes);
    for (let i = 0; i < parts; i++) appliance.mux.receive(part);
    expect(codeOf(() => appliance.mux.receive(part))).toBe("frame-too-large");
  });

  it("of ill-formed UTF-8 end the link that sends them", () => {
    const { appliance } = new Wire();
    const received = () => appliance.mux.receive(bytesOf("DATA", 0, [0xc3, 0x28]));
    expect(codeOf(received)).toBe("protocol-violation");
  });

  it("that a peer never takes fail the link instead of filling the memory", () => {
    const { console } = new Wire();
    const text = "x".repeat(1024 * 1024);
    for (let said = 0; said < 2 * maxControlQueuedBytes; said += text.length) console.mux.say(text);
    expect(console.pull()).toEqual([]);
    expect(codeOf(() => console.mux.receive(bytesOf("DATA", 0)))).toBe("too-slow");
    expect(codeOf(() => console.mux.resume(0))).toBe("resume-refused");
  });
});

describe("opening a channel", () => {
  it("carries messages both ways once the peer has accepted", () => {
    const wire = new Wire();
    const near = wire.console.mux.open({ kind: "input", lsid: "a".repeat(32) });
    const heard: Uint8Array[] = [];
    let opens = 0;
    near.listener = { open: () => opens++, message: (bytes) => heard.push(bytes) };
    near.send(Uint8Array.of(1));
    wire.settle();
    const [far] = wire.appliance.opened;
    far?.channel.send(Uint8Array.of(2, 3));
    wire.settle();
    expect(far?.request).toEqual({ kind: "input", lsid: "a".repeat(32) });
    expect(far?.messages).toEqual([Uint8Array.of(1)]);
    expect(heard).toEqual([Uint8Array.of(2, 3)]);
    expect(opens).toBe(1);
  });

  it("works from the accepting end too, with a number of its own", () => {
    const wire = new Wire();
    const [one, two] = [wire.appliance, wire.console].map(({ mux }) =>
      mux.open({ kind: "screen", lsid: "" }),
    );
    wire.settle();
    expect([one?.id, two?.id]).toEqual([2, 1]);
    expect(wire.console.opened).toHaveLength(1);
    expect(wire.appliance.opened).toHaveLength(1);
  });

  it.each([
    [new HandrailError("not-permitted", "view"), "not-permitted", "view"],
    [new Error("/var/lib/secret is missing"), "internal", ""],
  ] as const)("refused by throwing is told with its code: %s", (thrown, code, reason) => {
    const wire = new Wire();
    wire.appliance.admit = () => {
      throw thrown;
    };
    const closed = openAndHear(wire);
    expect(closed).toEqual([[code, reason]]);
    expect(wire.appliance.opened).toEqual([]);
  });

  it("refused by a reset is told with its code, without an acceptance before", () => {
    const wire = new Wire();
    wire.appliance.admit = (_, channel) => channel.reset("customer-refused", "no");
    expect(openAndHear(wire)).toEqual([["customer-refused", "no"]]);
  });

  it("of a kind that this version does not know is refused, and the link goes on", () => {
    const wire = new Wire();
    wire.appliance.mux.receive(encodeFrame(openFrame(1, { kind: "hologram", lsid: "" })));
    expect(wire.appliance.pull().map(nameOf)).toEqual(["RESET"]);
    wire.appliance.mux.receive(encodeFrame(openFrame(3, { kind: "screen", lsid: "" })));
    expect(wire.appliance.opened).toHaveLength(1);
  });

  it.each([
    ["of one's own parity", openFrame(2, { kind: "screen", lsid: "" })],
    ["zero", openFrame(0, { kind: "screen", lsid: "" })],
    ["with no kind", openFrame(1, { lsid: "" })],
    ["with what is not JSON", { ...openFrame(1, {}), payload: Uint8Array.of(0x7b) }],
  ])("a number or request %s ends the link", (_, frame) => {
    const { appliance } = new Wire();
    expect(codeOf(() => appliance.mux.receive(encodeFrame(frame)))).toBe("protocol-violation");
  });

  it("under a number used before ends the link, even when that channel is gone", () => {
    const wire = new Wire();
    const { near } = wire.open();
    near.reset("cancelled");
    wire.settle();
    const again = encodeFrame(openFrame(near.id, { kind: "screen", lsid: "" }));
    expect(codeOf(() => wire.appliance.mux.receive(again))).toBe("protocol-violation");
  });

  it("more than 256 times at once ends the link", () => {
    const wire = new Wire();
    for (let i = 0; i < 256; i++) wire.console.mux.open({ kind: "screen", lsid: "" });
    wire.settle();
    wire.console.mux.open({ kind: "screen", lsid: "" });
    expect(codeOf(() => wire.settle())).toBe("protocol-violation");
  });

  it("and giving up again, for ever, leaves nothing behind that counts", () => {
    const wire = new Wire();
    for (let i = 0; i < 1000; i++) {
      // Nothing that the appliance answers is taken: its acceptances pile up nowhere.
      wire.console.mux.open({ kind: "screen", lsid: "" }).reset("cancelled");
      wire.console.pull();
      wire.deliver(wire.console);
      wire.appliance.flying = [];
    }
    expect(wire.appliance.opened).toHaveLength(1000);
    expect(wire.appliance.opened.every(({ channel }) => channel.isDone)).toBe(true);
  });
});

describe("what goes first", () => {
  it("is input before screen, and of one kind each channel in turn", () => {
    const wire = new Wire();
    const { near: screen } = wire.open("screen");
    const { near: other } = wire.open("screen");
    const { near: input } = wire.open("input");
    const large = new Uint8Array(2 * maxDataBytes);
    for (const channel of [screen, other, input]) channel.send(large);
    expect(wire.console.pull().map(({ channel }) => channel)).toEqual([
      ...[input.id, input.id],
      ...[screen.id, other.id, screen.id, other.id],
    ]);
  });

  it("is a beat, before all that waits", () => {
    const { console } = new Wire();
    console.mux.say("text");
    console.mux.ping();
    expect(console.pull().map(nameOf)).toEqual(["PING", "DATA"]);
  });
});

describe("the beat of a link", () => {
  it("measures the round trip by the clock of who asked", () => {
    const wire = new Wire();
    wire.console.now = 0xffff_ffff;
    wire.console.mux.ping();
    wire.console.pull();
    wire.console.now += 42;
    wire.deliver(wire.console);
    wire.appliance.pull();
    wire.deliver(wire.appliance);
    expect(wire.console.mux.roundTripMs).toBe(42);
    expect(wire.appliance.mux.roundTripMs).toBeUndefined();
  });

  it("is answered once, the latest, however often a peer that reads nothing asks", () => {
    const { console, appliance } = new Wire();
    for (let i = 0; i < 10_000; i++) {
      console.now = i;
      console.mux.ping();
      for (const frame of console.pull()) appliance.mux.receive(encodeFrame(frame));
    }
    const answers = appliance.pull();
    expect(answers.map(nameOf)).toEqual(["PONG"]);
    expect([...(answers[0]?.payload ?? [])]).toEqual([0x0f, 0x27, 0, 0, 0]);
  });

  it("acknowledges what was received, so that it need not be kept", () => {
    const wire = new Wire();
    wire.console.mux.say("kept");
    wire.settle();
    expect(wire.console.mux.memory.retainedBytes).toBeGreaterThan(0);
    wire.console.mux.ping();
    wire.settle();
    expect(wire.console.mux.memory.retainedBytes).toBe(0);
  });

  it.each(["PING", "PONG", "ACK"] as const)("on a channel ends the link: %s", (type) => {
    const wire = new Wire();
    wire.open();
    const beat = bytesOf(type, 1, [0, 0, 0, 0, 0]);
    expect(codeOf(() => wire.appliance.mux.receive(beat))).toBe("protocol-violation");
  });
});

describe("frames that make no sense", () => {
  it.each(["CREDIT", "ACCEPT", "CLOSE", "RESET"] as const)("%s on channel 0", (type) => {
    const { appliance } = new Wire();
    expect(codeOf(() => appliance.mux.receive(bytesOf(type, 0, [1, 0])))).toBe(
      "protocol-violation",
    );
  });

  it("for a channel that is gone are ignored: they may have been under way", () => {
    const wire = new Wire();
    const { near, far } = wire.open();
    far.send(new Uint8Array(3 * maxDataBytes));
    wire.appliance.pull();
    near.reset("cancelled");
    wire.console.pull();
    wire.deliver(wire.appliance);
    expect(wire.console.flying).toHaveLength(1);
  });
});

describe("a peer that acknowledges nothing", () => {
  it("gets no more than can be kept, and the rest once it does", () => {
    const wire = new Wire();
    const { near, messages } = wire.open();
    for (let i = 0; i < 20; i++) near.send(new Uint8Array(1024 * 1024).fill(i));
    wire.console.pull();
    expect(wire.console.pull(1)).toEqual([]);
    expect(wire.console.mux.memory.retainedBytes).toBeLessThan(maxRetainedBytes + 2 * maxDataBytes);
    wire.console.mux.ping();
    expect(wire.console.pull().map(nameOf)).toEqual(["PING"]);
    wire.settle();
    expect(messages.map(([first]) => first)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it("is bounded in the number of frames too, however small they are", () => {
    const wire = new Wire();
    const { near } = wire.open();
    for (let i = 0; i < 200_000; i++) near.send(new Uint8Array(0));
    expect(wire.console.pull().length).toBeLessThanOrEqual(maxRetainedBytes / 64);
  });
});

describe("a link that is lost for good", () => {
  it("tells every channel once and sends nothing more", () => {
    const wire = new Wire();
    const { near } = wire.open();
    const closed: unknown[] = [];
    near.listener = { closed: (code) => closed.push(code) };
    near.send(Uint8Array.of(1));
    wire.console.mux.lost();
    wire.console.mux.say("too late");
    wire.console.mux.lost();
    expect(closed).toEqual(["unavailable"]);
    expect(wire.console.pull()).toEqual([]);
  });
});

it("a mux whose transport pulls at every wake sends the acceptance without another push", () => {
  const connecting = new End("connecting");
  const accepting = new End("accepting");
  connecting.mux.open({ kind: "screen", lsid: "" });
  connecting.pull();
  accepting.admit = (_, channel) => {
    // Sending wakes the transport before the channel is accepted.
    channel.send(Uint8Array.of(7));
    accepting.pull();
  };
  for (const bytes of connecting.flying) accepting.mux.receive(bytes);
  expect(accepting.pull().map(nameOf)).toEqual(["ACCEPT", "DATA"]);
});

function openAndHear(wire: Wire): [unknown, string][] {
  const channel: Channel = wire.console.mux.open({ kind: "screen", lsid: "" });
  const closed: [unknown, string][] = [];
  channel.listener = {
    open: () => closed.push(["open", ""]),
    closed: (code, reason) => closed.push([code, reason]),
  };
  wire.settle();
  return closed;
}
