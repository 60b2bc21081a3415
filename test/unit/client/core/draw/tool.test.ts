import {
  Channel,
  type DrawMessage,
  drawMessage,
  type ErrorCode,
  frameTypes,
  readReset,
} from "@handrail/protocol";
import { beforeEach, expect, it } from "vitest";
import { type DrawHost, DrawTool } from "../../../../../appliance/client/core/draw/tool.ts";
import { FakeClock } from "../../../../support/fake-clock.ts";
import { clockOf } from "../edges.ts";

/** A screen that keeps a list of what it was told to show. */
class HostRecord implements DrawHost {
  readonly done: string[] = [];
  keepsUp = true;

  draw(use: number, by: string, message: Uint8Array): boolean {
    this.done.push(`${use} ${by} ${drawMessage.decode(message).type}`);
    return this.keepsUp;
  }
  clear(use?: number): void {
    this.done.push(`clear ${use ?? "all"}`);
  }
  [Symbol.dispose](): void {
    this.done.push("disposed");
  }
}

const begin: DrawMessage = { type: "begin", shape: "ring", colour: 1, x: 1, y: 2 };
let clock: FakeClock;
let host: HostRecord;
let fail: (reason: string) => void;
let tool: DrawTool;
beforeEach(() => {
  clock = new FakeClock();
  host = new HostRecord();
  tool = new DrawTool((failed) => {
    fail = failed;
    return host;
  }, clockOf(clock));
});

function use(by: string) {
  const channel = new Channel(2, "draw", () => undefined);
  tool.use({ channel, by, report: () => undefined });
  const ended = (): ErrorCode | undefined => {
    const frame = channel.next(0);
    return frame?.type === frameTypes.RESET ? readReset(frame).code : undefined;
  };
  const hear = (bytes: Uint8Array) => channel.listener.message?.(bytes);
  return {
    channel,
    ended,
    hear,
    draw: (message: DrawMessage) => hear(drawMessage.encode(message)),
  };
}

it("shows what each representative draws, until that one is done", () => {
  const [ann, bob] = [use("Ann"), use("Bob")];
  ann.draw(begin);
  bob.draw(begin);
  ann.channel.lost("cancelled");
  expect(host.done).toEqual(["1 Ann begin", "2 Bob begin", "clear 1"]);
});

it("refuses what is ill-formed, and more than a hand draws, and takes what it shows away", () => {
  const [ann, bob] = [use("Ann"), use("Bob")];
  ann.hear(Uint8Array.of(2, 0));
  expect(ann.ended()).toBe("protocol-violation");
  expect(host.done).toEqual(["clear 1"]);
  for (let i = 0; i < 240; i++) bob.draw({ type: "clear" });
  expect(bob.ended()).toBeUndefined();
  bob.draw(begin);
  expect(bob.ended()).toBe("too-many-attempts");
  expect(host.done.at(-1)).toBe("clear 2");
});

it("ends the pen of whom the screen does not keep up with", () => {
  const ann = use("Ann");
  host.keepsUp = false;
  ann.draw(begin);
  expect(ann.ended()).toBe("too-slow");
  expect(host.done).toEqual(["1 Ann begin", "clear 1"]);
});

it("rests while the customer is asked something: nothing is shown, and nothing comes after", () => {
  const ann = use("Ann");
  ann.draw(begin);
  tool.rest(true);
  ann.draw(begin);
  tool.rest(false);
  ann.draw({ type: "to", points: [{ x: 3, y: 3 }] });
  expect(host.done).toEqual(["1 Ann begin", "clear all", "1 Ann to"]);
});

it("tells that nothing can be drawn, and lets so many draw at a time", () => {
  const uses = Array.from({ length: 8 }, () => use("Ann"));
  expect(() => use("Bob")).toThrow("too many");
  fail("no display");
  expect(uses.map(({ ended }) => ended())).toEqual(uses.map(() => "unavailable"));
  use("Bob").draw(begin);
  expect(host.done).toEqual(["9 Bob begin"]);
});
