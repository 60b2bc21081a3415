import { beforeEach, describe, expect, it } from "vitest";
import { InputDesk } from "../../../../appliance/client/core/input.ts";
import { PolicyGate } from "../../../../appliance/client/core/policy-gate.ts";
import { input, openChannel, SinkRecord } from "./edges.ts";

let sink: SinkRecord;
let gate: PolicyGate;
let desk: InputDesk;
let happened: [unknown, boolean][];
beforeEach(() => {
  sink = new SinkRecord();
  happened = [];
  gate = new PolicyGate(() => desk.narrowed());
  desk = new InputDesk({
    gate,
    openSink: () => sink,
    screenSize: () => ({ width: 800, height: 600 }),
    happened: (point, isStroke) => happened.push([point, isStroke]),
  });
  gate.sessionChanged("active", { control: "granted" });
  gate.answered("control", true);
});

describe("the input desk", () => {
  it("works mouse and keyboard, at places inside the screen", () => {
    const channel = openChannel("input");
    desk.attach(channel);
    input(channel, { type: "move", x: 5000, y: 20 });
    input(channel, { type: "button", button: 1, down: true, x: 10, y: 9999 });
    input(channel, { type: "key", keysym: 97, down: true });
    input(channel, { type: "wheel", dx: 0, dy: -2, x: 1, y: 2 });
    input(channel, { type: "text", text: "é" });
    expect(sink.done).toEqual([
      ...["move 799,20", "move 10,599", "button 1 down", "key 97 down"],
      ...["move 1,2", "wheel 0,-2", "text é"],
    ]);
    expect(happened.map(([, isStroke]) => isStroke)).toEqual([false, true, true, false, true]);
  });

  it("leaves nothing pressed when the channel goes", () => {
    const channel = openChannel("input");
    desk.attach(channel);
    input(channel, { type: "key", keysym: 0xffe3, down: true });
    channel.lost("unavailable");
    expect(sink.done.at(-1)).toBe("release");
    expect(sink.isDisposed).toBe(true);
  });

  it("stops at once when the permission is taken back, also for what is under way", () => {
    const channel = openChannel("input");
    desk.attach(channel);
    const late = { ...channel.listener };
    gate.sessionChanged("active", { control: "revoked" });
    expect(channel.isGone).toBe(true);
    const before = sink.done.length;
    channel.listener = late;
    input(channel, { type: "key", keysym: 97, down: true });
    expect(sink.done).toHaveLength(before);
  });

  it("lets go of what is held when the line is away, and types on what has arrived", () => {
    const channel = openChannel("input");
    desk.attach(channel);
    input(channel, { type: "key", keysym: 0xffe3, down: true });
    input(channel, { type: "button", button: 1, down: true, x: 1, y: 1 });
    input(channel, { type: "text", text: "to its end" });
    desk.interrupted();
    expect(sink.done.slice(-3)).toEqual(["text to its end", "key 65507 up", "button 1 up"]);
    // Releases that come later belong to what is up already.
    const before = sink.done.length;
    input(channel, { type: "key", keysym: 0xffe3, down: false });
    expect(sink.done).toHaveLength(before);
  });

  it("injects nothing while the customer is answering a question", () => {
    const channel = openChannel("input");
    desk.attach(channel);
    input(channel, { type: "button", button: 1, down: true, x: 1, y: 1 });
    desk.suspend(true);
    const before = sink.done.length;
    expect(sink.done.at(-1)).toBe("release");
    input(channel, { type: "key", keysym: 0xff0d, down: true });
    input(channel, { type: "move", x: 5, y: 5 });
    expect(sink.done).toHaveLength(before);
    desk.suspend(false);
    // The release of what was pressed before belongs to a button that is up already.
    input(channel, { type: "button", button: 1, down: false, x: 1, y: 1 });
    expect(sink.done).toHaveLength(before);
    input(channel, { type: "move", x: 5, y: 5 });
    expect(sink.done.at(-1)).toBe("move 5,5");
  });

  it("ignores buttons that no mouse has", () => {
    const channel = openChannel("input");
    desk.attach(channel);
    input(channel, { type: "button", button: 4, down: true, x: 1, y: 1 });
    expect(sink.done).toEqual([]);
  });
});
