import {
  type consoleSide,
  type DrawMessage,
  drawMessage,
  generalQueue,
  type Lsid,
  type Params,
} from "@handrail/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ActiveSession, beginSession } from "../support/active-session.ts";
import { connectConsole, type ConsoleEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";

let relay: Relay;
let session: ActiveSession;
let ann: ConsoleEnd;
let bob: ConsoleEnd;
let lsid: Lsid;
beforeAll(async () => {
  relay = await Relay.start({ config: { seats: 1000 } });
});
afterAll(() => relay[Symbol.asyncDispose]());

let count = 0;
/** Ann in a session of hers, who may see the screen, and Bob, who only watches. */
beforeEach(async () => {
  const names = ["ann", "bob"].map((name) => `${name} ${++count}`);
  for (const name of names) relay.account(name);
  session = await beginSession(relay, names[0]);
  ({ representative: ann, lsid } = session);
  bob = await connectConsole(relay.url, names[1] ?? "");
  await ann.call("permission.request", { lsid, permission: "view" });
  await ann.call("session.share", { lsid, with: idOf(bob), observer: true });
});

function idOf(end: ConsoleEnd) {
  const id = end.welcome?.representative?.id;
  if (!id) throw new Error("a console's welcome names its representative");
  return id;
}

async function event(who: ConsoleEnd, name: string) {
  const told = await who.hears("session.event", (each) => each.event.event === name);
  return told.event;
}

describe("pointers", () => {
  it("are shown to the others, also of who only watches, the latest place alone", async () => {
    bob.tell("pointer.at", { lsid, at: { x: 1, y: 2 } });
    const first = await ann.hears("pointers.moved");
    expect(first).toEqual({ lsid, pointers: [{ id: idOf(bob), at: { x: 1, y: 2 } }] });
    for (let x = 0; x < 500; x++) bob.tell("pointer.at", { lsid, at: { x, y: 7 } });
    const last = { id: idOf(bob), at: { x: 499, y: 7 } };
    await ann.hears("pointers.moved", ({ pointers }) => {
      return pointers.some(({ at }) => at?.x === last.at.x);
    });
    // So many in a row are a few notices, and nobody is shown their own.
    expect(ann.all("pointers.moved").length).toBeLessThan(50);
    expect(bob.all("pointers.moved")).toEqual([]);
    bob.tell("pointer.at", { lsid, at: null });
    await ann.hears("pointers.moved", ({ pointers }) => pointers.some(({ at }) => at === null));
  });

  it("go when the customer does not show the screen any more, and none comes then", async () => {
    ann.tell("pointer.at", { lsid, at: { x: 5, y: 5 } });
    await bob.hears("pointers.moved");
    await session.customer.call("permission.revoke", { permission: "view" });
    await bob.hears("pointers.moved", ({ pointers }) => pointers.some(({ at }) => at === null));
    const before = ann.all("pointers.moved").length;
    bob.tell("pointer.at", { lsid, at: { x: 9, y: 9 } });
    // Whatever is asked after it is answered after it.
    await bob.call("chat.send", { lsid, text: "do you see it?" });
    await ann.hears("chat.message");
    expect(ann.all("pointers.moved").length).toBe(before);
  });

  it("of strangers are shown to nobody, and places that are none end the link", async () => {
    relay.account("stranger");
    const stranger = await connectConsole(relay.url, "stranger");
    stranger.tell("pointer.at", { lsid, at: { x: 5, y: 5 } });
    await stranger.call("overview", {});
    expect(ann.all("pointers.moved")).toEqual([]);
    stranger.tell("pointer.at", { lsid, at: { x: -1, y: 5 } });
    await poll("the link ends", () => stranger.closeCode !== undefined);
    await poll("it is logged", () => relay.log.some((line) => line.includes("protocol-violation")));
  });
});

describe("drawing", () => {
  const begin: DrawMessage = { type: "begin", shape: "ring", colour: 1, x: 10, y: 20 };
  const to: DrawMessage = { type: "to", points: [{ x: 60_000, y: 40 }] };

  async function pen() {
    await ann.call("permission.request", { lsid, permission: "draw" });
    const before = session.customer.offered.length;
    const console = await ann.open("draw", lsid).opened();
    const customer = await poll("it is offered", () => session.customer.offered.slice(before)[0]);
    return { console, customer };
  }

  it("goes on to the customer as it is, is told of and written down", async () => {
    const { console, customer } = await pen();
    for (const message of [begin, to]) console.send(drawMessage.encode(message));
    await poll("it arrives", () => customer.messages.length === 2);
    expect(customer.messages.map((bytes) => drawMessage.decode(bytes))).toEqual([begin, to]);
    await session.customer.hears("session.changed", ({ tools = [] }) => tools[0]?.tool === "draw");
    await event(ann, "draw.opened");
    console.channel.close();
    await event(ann, "draw.closed");
    expect(
      relay.audit.ofSession(lsid).filter(({ event: e }) => e.startsWith("draw.")),
    ).toHaveLength(2);
  });

  it.each([
    ["not a message", Uint8Array.of(9, 9), "protocol-violation"],
    ["points of no stroke", drawMessage.encode(to), "protocol-violation"],
    ["a megabyte", new Uint8Array(1024 * 1024), "frame-too-large"],
    ["a colour of none", drawMessage.encode({ ...begin, colour: 99 }), "protocol-violation"],
  ])("ends with %s, which the customer never gets", async (_what, bytes, code) => {
    const { console, customer } = await pen();
    console.send(bytes);
    expect(await console.end()).toBe(code);
    await customer.end();
    expect(customer.messages).toEqual([]);
    expect((await event(ann, "draw.closed")).detail).toEqual({ because: code });
  });

  it("ends with thousands of points in a row, and with more than a hand draws", async () => {
    const endless = await pen();
    endless.console.send(drawMessage.encode(begin));
    const points = Array.from({ length: 64 }, (_, x) => ({ x, y: 1 }));
    for (let i = 0; i < 40; i++) endless.console.send(drawMessage.encode({ type: "to", points }));
    expect(await endless.console.end()).toBe("protocol-violation");
    const hasty = await pen();
    for (let i = 0; i < 1000; i++) hasty.console.send(drawMessage.encode({ type: "clear" }));
    expect(await hasty.console.end()).toBe("too-many-attempts");
  });

  it("ends with lines longer than a hand draws", async () => {
    const { console, customer } = await pen();
    const points = Array.from({ length: 64 }, (_, i) => ({ x: i, y: (i % 2) * 1080 }));
    console.send(drawMessage.encode({ ...begin, shape: "pen" }));
    for (let i = 0; i < 30; i++) console.send(drawMessage.encode({ type: "to", points }));
    expect(await console.end()).toBe("too-many-attempts");
    await customer.end();
    expect(customer.messages.length).toBeLessThan(30);
  });

  it("is not for who only watches, nor without the customer's yes", async () => {
    expect(await ann.open("draw", lsid).end()).toBe("customer-refused");
    await ann.call("permission.request", { lsid, permission: "draw" });
    expect(await bob.open("draw", lsid).end()).toBe("not-permitted");
    const denied = await event(ann, "permission.denied");
    expect(denied.detail).toMatchObject({
      permission: "draw",
      because: "an observer only watches",
    });
  });

  it("ends when the customer takes it back", async () => {
    const { console, customer } = await pen();
    await session.customer.call("permission.revoke", { permission: "draw" });
    expect(await console.end()).toBe("customer-refused");
    await customer.end();
  });
});

describe("who only watches", () => {
  it("may do nothing but see, write and leave, and the customer is told that they watch", async () => {
    const { watching, representatives } = session.customer.all("session.changed").at(-1) ?? {};
    expect(watching).toEqual(representatives?.slice(1));
    const calls: { [Name in keyof typeof consoleSide.calls]?: Params<typeof consoleSide, Name> } = {
      "session.transfer": { lsid, to: generalQueue },
      "session.share": { lsid, with: idOf(ann), observer: false },
      "session.end": { lsid },
      "chat.push-url": { lsid, url: "https://example.org/" },
      "action.run": { lsid, action: "lock" },
      "script.prepare": { lsid, source: { name: "one", text: "true" } },
      "note.keep": { lsid, note: { title: "", text: "a note" } },
      "session.fill-in": { lsid, fields: [{ id: "external-key", value: "T-1" }] },
      "permission.request": { lsid, permission: "control" },
      "control.take": { lsid, force: true },
      "control.ask": { lsid },
      "record.start": { lsid },
      "record.stop": { lsid },
    };
    for (const [name, params] of Object.entries(calls)) {
      // Each name goes with its own parameters above.
      const outcome = await bob.outcome(name as "session.end", params as { lsid: Lsid });
      expect([name, outcome]).toEqual([name, "not-permitted"]);
    }
    const kinds = ["input", "shell", "files", "download", "files-write", "system"] as const;
    for (const kind of kinds) expect(await bob.open(kind, lsid).end()).toBe("not-permitted");
    expect(await bob.outcome("chat.send", { lsid, text: "hello" })).toBe("allowed");
    await bob.open("screen", lsid).opened();
  });

  it("asks to take part, and does once a colleague agrees", async () => {
    expect(await ann.outcome("session.ask-part", { lsid })).toBe("conflict");
    ann.answer = () => false;
    expect(await bob.call("session.ask-part", { lsid })).toEqual({ given: false });
    expect((await event(bob, "session.part-declined")).detail).toMatchObject({ because: "no" });
    ann.answer = ({ ask }) => ask === "take-part";
    expect(await bob.call("session.ask-part", { lsid })).toEqual({ given: true });
    await event(ann, "session.promoted");
    await bob.hears("session.changed", ({ participants }) =>
      participants.every((p) => !p.observer),
    );
    await session.customer.hears("session.changed", ({ watching }) => watching?.length === 0);
    expect(await bob.outcome("record.stop", { lsid })).toBe("allowed");
    expect(await bob.outcome("session.ask-part", { lsid })).toBe("conflict");
  });

  it("takes part at once when a colleague who may ask others in wants it", async () => {
    await ann.call("session.share", { lsid, with: idOf(bob), observer: false });
    expect((await event(bob, "session.promoted")).detail).toEqual({
      with: bob.welcome?.representative?.name,
    });
    expect(await bob.outcome("record.stop", { lsid })).toBe("allowed");
  });

  it("hears that nobody is there who could let them", async () => {
    ann.answer = () => undefined;
    const asked = bob.outcome("session.ask-part", { lsid });
    await ann.hears("colleague.asked", ({ ask }) => ask === "take-part");
    await ann.call("session.leave", { lsid });
    expect(await asked).not.toBe("conflict");
  });
});
