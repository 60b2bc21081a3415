import {
  Assembly,
  Channel,
  channelKinds,
  type ErrorCode,
  type Frame,
  frameTypes,
  type Permission,
  readReset,
  receiveWindowBytes,
  scriptConsoleMessage,
  scriptCustomerMessage,
  type ScriptCustomerMessage,
  scriptHeldMs,
  type ScriptOrder,
  varintFrame,
} from "@handrail/protocol";
import { expect, it } from "vitest";
import { Elevations } from "../../../../../appliance/client/core/elevation/host.ts";
import type { ScriptStart } from "../../../../../appliance/client/core/script/host.ts";
import { ScriptOrders } from "../../../../../appliance/client/core/script/orders.ts";
import { maxScriptOutputBytes } from "../../../../../appliance/client/core/script/run.ts";
import { ScriptTool } from "../../../../../appliance/client/core/script/tool.ts";
import { FakeClock } from "../../../../support/fake-clock.ts";
import { clockOf } from "../edges.ts";

const order: ScriptOrder = {
  run: "0a".repeat(16),
  name: "Free disk space",
  revision: 3,
  sha256: "ab".repeat(32),
  text: "#!/bin/sh\ndf\n",
  variables: {},
  platforms: ["linux"],
  needs: ["shell"],
  limitMs: 60_000,
};

/** A tool on a computer whose scripts do what the test wants. */
function stand(may: (permission: Permission) => boolean = () => true) {
  const fake = new FakeClock();
  const orders = new ScriptOrders(clockOf(fake));
  const started: ScriptStart[] = [];
  const done: string[] = [];
  const process = {
    program: "/bin/sh",
    pause: () => void done.push("pause"),
    resume: () => void done.push("resume"),
    end: () => void done.push("end"),
    kill: () => void done.push("kill"),
  };
  const start = (each: ScriptStart) => (started.push(each), process);
  const tool = new ScriptTool(
    { may, orders, elevations: new Elevations() },
    { platform: "linux", start },
    clockOf(fake),
  );
  return { tool, orders, started, done, fake };
}

/** A use of the tool, with what came out of the channel and what was reported. */
function use(tool: ScriptTool, run: string | undefined) {
  const channel = new Channel(2, "script", () => undefined);
  channel.accept();
  const reported: unknown[] = [];
  tool.use({ channel, by: "Ann", run, report: (event, detail) => reported.push([event, detail]) });
  const said: ScriptCustomerMessage[] = [];
  let ended: ErrorCode | "closed" | undefined;
  const assembly = new Assembly(channelKinds.script.maxMessageBytes);
  const take = (frame: Frame) => {
    if (frame.type === frameTypes.RESET) ended = readReset(frame).code;
    if (frame.type === frameTypes.CLOSE) ended = "closed";
    if (frame.type !== frameTypes.DATA && frame.type !== frameTypes.DATA_MORE) return;
    const message = assembly.take(frame);
    if (message) said.push(scriptCustomerMessage.decode(message));
  };
  const pump = () => {
    for (let frame = channel.next(0); frame; frame = channel.next(0)) take(frame);
  };
  const cancel = () => channel.listener.message?.(scriptConsoleMessage.encode({ type: "cancel" }));
  return {
    ...{ channel, reported, cancel },
    said: () => (pump(), said),
    ended: () => (pump(), ended),
    consumed: (bytes: number) => {
      channel.receive(varintFrame(frameTypes.CREDIT, channel.id, bytes), 0);
    },
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);

it("runs what the appliance has announced, once, and reports how it ended", () => {
  const { tool, orders, started, fake } = stand();
  orders.put(order);
  const { said, ended, reported } = use(tool, order.run);
  started[0]?.output("stdout", bytes("one"));
  started[0]?.output("stderr", bytes("two"));
  fake.advance(1500);
  started[0]?.exited(3);
  expect(said()).toEqual([
    { type: "started", program: "/bin/sh" },
    { type: "stdout", bytes: bytes("one") },
    { type: "stderr", bytes: bytes("two") },
    { type: "ended", code: 3, durationMs: 1500, why: 0 },
  ]);
  expect(ended()).toBe("closed");
  const { name, revision, sha256 } = order;
  const detail = { name, revision, sha256, exitCode: 3, durationMs: 1500 };
  expect(reported).toEqual([["script.ran", detail]]);
  expect(use(tool, order.run).ended()).toBe("not-found");
});

it("runs nothing that it was not told of, and never what a console sends", () => {
  const { tool, started } = stand();
  expect(use(tool, undefined).ended()).toBe("not-found");
  expect(use(tool, "0b".repeat(16)).ended()).toBe("not-found");
  expect(started).toEqual([]);
});

it("asks the policy here for all that the script needs", () => {
  const { tool, orders, started } = stand((permission) => permission !== "shell");
  orders.put(order);
  expect(use(tool, order.run).ended()).toBe("customer-refused");
  expect(started).toEqual([]);
});

it("runs no script that is for other computers", () => {
  const { tool, orders, started } = stand();
  orders.put({ ...order, platforms: ["windows"] });
  expect(use(tool, order.run).ended()).toBe("unavailable");
  expect(started).toEqual([]);
});

it("forgets the oldest of too many that are announced", () => {
  const { tool, orders, started } = stand();
  const names = Array.from({ length: 17 }, (_, at) => at.toString(16).padStart(32, "0"));
  for (const run of names) orders.put({ ...order, run });
  expect(use(tool, names[0]).ended()).toBe("not-found");
  use(tool, names[1]);
  expect(started).toHaveLength(1);
});

it("forgets what no channel has named in time", () => {
  const { tool, orders, fake, started } = stand();
  orders.put(order);
  fake.advance(scriptHeldMs - 1);
  // Told again, it waits anew.
  orders.put(order);
  fake.advance(scriptHeldMs - 1);
  const late = { ...order, run: "0c".repeat(16) };
  orders.put(late);
  expect(use(tool, order.run).ended()).toBeUndefined();
  fake.advance(scriptHeldMs);
  expect(use(tool, late.run).ended()).toBe("not-found");
  expect(started).toHaveLength(1);
});

it("ends a script when it is cancelled, and tells its last words", () => {
  const { tool, orders, started, done } = stand();
  orders.put(order);
  const { cancel, said, reported } = use(tool, order.run);
  cancel();
  expect(done).toContain("end");
  started[0]?.output("stdout", bytes("bye"));
  started[0]?.exited(-15);
  expect(said().slice(1)).toEqual([
    { type: "stdout", bytes: bytes("bye") },
    { type: "ended", code: -15, durationMs: 0, why: 1 },
  ]);
  expect(reported).toMatchObject([["script.ran", { exitCode: -15, because: "cancelled" }]]);
});

it("ends a script after its time", () => {
  const { tool, orders, started, done, fake } = stand();
  orders.put(order);
  const { said } = use(tool, order.run);
  fake.advance(order.limitMs - 1);
  expect(done).not.toContain("end");
  fake.advance(1);
  expect(done).toContain("end");
  started[0]?.exited(-9);
  expect(said().at(-1)).toMatchObject({ type: "ended", why: 2 });
});

it("ends a script that writes too much, and sends no more than the limit", () => {
  const { tool, orders, started, done } = stand();
  orders.put(order);
  const { said, consumed } = use(tool, order.run);
  const piece = new Uint8Array(1024 * 1024);
  let sent = 0;
  for (let at = 0; at < 20; at++) {
    started[0]?.output("stdout", piece);
    sent = said().reduce(
      (sum, message) => sum + ("bytes" in message ? message.bytes.length : 0),
      0,
    );
    expect(sent).toBeLessThanOrEqual(receiveWindowBytes * (at + 1));
    consumed(0);
  }
  expect(done).toContain("end");
  started[0]?.exited(-15);
  expect(sent).toBeLessThanOrEqual(maxScriptOutputBytes);
});

it("lets a script wait while the channel takes nothing", () => {
  const { tool, orders, started, done } = stand();
  orders.put(order);
  use(tool, order.run);
  started[0]?.output("stdout", new Uint8Array(10));
  expect(done.at(-1)).toBe("resume");
  started[0]?.output("stdout", new Uint8Array(100_000));
  expect(done.at(-1)).toBe("pause");
});

it("ends a script whose channel is gone, and all with the tool", () => {
  const { tool, orders, done } = stand();
  orders.put(order);
  const first = use(tool, order.run);
  first.channel.lost("unavailable");
  expect(done.filter((each) => each === "end")).toHaveLength(1);
  expect(done).not.toContain("kill");
  orders.put(order);
  use(tool, order.run);
  tool[Symbol.dispose]();
  expect(done.at(-1)).toBe("kill");
});

it("takes nothing but a cancel from a console", () => {
  const { tool, orders, done } = stand();
  orders.put(order);
  const { channel, ended } = use(tool, order.run);
  channel.listener.message?.(bytes("#!/bin/sh\nid\n"));
  expect(ended()).toBe("protocol-violation");
  expect(done).toContain("end");
});
