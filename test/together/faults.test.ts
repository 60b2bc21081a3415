import { frameTypes, type Lsid } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { beginSession, takeControl, watch } from "../support/active-session.ts";
import { connectConsole, connectCustomer, type ConsoleEnd, openSocket } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";
import { ShiftClock } from "../support/shift-clock.ts";

async function idOf(end: ConsoleEnd) {
  const id = end.welcome?.representative?.id;
  if (!id) throw new Error("a console's welcome names its representative");
  return id;
}

/** Says a hello as it is, and gives the code of the refusal and of the close. */
async function refusalOf(relay: Relay, hello: object): Promise<[string, number]> {
  const socket = openSocket(relay.url);
  let answer = "";
  socket.on("open", () => socket.send(JSON.stringify(hello)));
  socket.on("message", (data: Buffer) => (answer = data.toString()));
  const code = await new Promise<number>((resolve) => socket.on("close", resolve));
  const said: unknown = JSON.parse(answer);
  const named = typeof said === "object" && said !== null && "code" in said ? said.code : "";
  return [String(named), code];
}

const program = { name: "test", version: "1", platform: "test" };
const consoleHello = { role: "console", versions: [1], program, accessToken: "ann" };

describe("whoever has no right to come in", () => {
  it("is refused with a reason", async () => {
    await using relay = await Relay.start({ config: { seats: 1 } });
    relay.account("ann");
    relay.account("bob");
    const customer = { name: "", computer: "", platform: "", issue: "" };
    const customerHello = { role: "customer", versions: [1], program, customer };
    const refused = (changes: object) => refusalOf(relay, { ...consoleHello, ...changes });
    expect(await refused({ versions: [99] })).toEqual(["version-unsupported", 4426]);
    expect(await refused({ versions: [99], something: "new" })).toEqual([
      "version-unsupported",
      4426,
    ]);
    expect(await refused({ accessToken: "nobody" })).toEqual(["not-authenticated", 4401]);
    const ticket = { ...customerHello, credential: { ticket: "0".repeat(32) } };
    expect(await refusalOf(relay, ticket)).toEqual(["not-authenticated", 4401]);
    await connectConsole(relay.url, "ann");
    expect(await refused({ accessToken: "bob" })).toEqual(["unavailable", 4503]);
    expect(relay.broker.seatsInUse()).toBe(1);
    // A second window of the same representative takes no seat of its own.
    await connectConsole(relay.url, "ann");
    expect(relay.broker.clients().console).toBe(2);
  });

  it("hears the same of unknown, used, expired and withdrawn keys", async () => {
    const clock = new ShiftClock();
    await using relay = await Relay.start({ clock });
    relay.account("ann");
    const ann = await connectConsole(relay.url, "ann");
    const used = await ann.key();
    await connectCustomer(relay.url, used);
    const withdrawn = await ann.key();
    await ann.call("key.cancel", { lsid: withdrawn.lsid });
    const expired = await ann.key();
    clock.skip(21 * 60_000);
    const unknown = "0000000";
    for (const key of [used.key, withdrawn.key, expired.key, unknown, "malformed"]) {
      expect(await relay.broker.redeemKey(key, "192.0.2.1")).toEqual({
        ok: false,
        code: "key-refused",
      });
      await expect(connectCustomer(relay.url, { key })).rejects.toMatchObject({
        code: "key-refused",
        closeCode: 4404,
      });
    }
    const logged = relay.log.filter((line) => line.includes("key.refused")).join("");
    for (const code of ["key-unknown", "key-used", "key-expired"]) expect(logged).toContain(code);
    for (const { key } of [used, withdrawn, expired]) expect(relay.log.join("")).not.toContain(key);
    await ann.hears("key.gone", ({ reason }) => reason === "expired");
    await ann.hears("key.gone", ({ reason }) => reason === "cancelled");
    await ann.hears("key.gone", ({ reason }) => reason === "used");
  });

  it("can try keys only so often", async () => {
    await using relay = await Relay.start({ config: { keyAttemptsPerAddress: 3 } });
    const codes: string[] = [];
    for (let i = 0; i < 5; i++) {
      const answer = await relay.broker.redeemKey("0000000", "192.0.2.1");
      if (!answer.ok) codes.push(answer.code);
    }
    expect(codes).toEqual([
      ...Array<string>(3).fill("key-refused"),
      ...Array<string>(2).fill("too-many-attempts"),
    ]);
    expect(await relay.broker.redeemKey("0000000", "192.0.2.2")).toMatchObject({
      code: "key-refused",
    });
  });

  it("is thrown out when the account is revoked, and the session waits for others", async () => {
    await using relay = await Relay.start();
    const account = relay.account("ann");
    const session = await beginSession(relay);
    relay.disable("ann");
    relay.broker.revokeAccount(account.id, "not-authenticated");
    expect(await session.representative.closes()).toBe(4401);
    await session.customer.hears("session.changed", ({ state }) => state === "waiting");
    await expect(session.representative.connect(true)).rejects.toMatchObject({
      code: "not-authenticated",
    });
  });
});

describe("a client that breaks the protocol", () => {
  it("ends its own link only", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { representative: ann, customer, lsid } = session;
    const { screen, source } = await watch(session, ann);
    const rogue = await connectConsole(relay.url, "ann");
    rogue.socket.send(Buffer.of(200, 1, 2, 3));
    expect(await rogue.closes()).toBe(4400);
    source.send("picture");
    await screen.text("picture");
    await customer.call("chat.send", { text: "hello" });
    await ann.call("session.end", { lsid });
  });

  it("cannot break the customer's link through a viewer's or an input channel", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { representative: ann, customer } = session;
    const { screen } = await watch(session, ann);
    screen.send(new Uint8Array(5000));
    expect(await screen.end()).toBe("protocol-violation");
    const { input, keys } = await takeControl(session, ann);
    const credit = { type: frameTypes.CREDIT, channel: input.channel.id, payload: Buffer.of(99) };
    ann.inject(credit);
    input.send("still works");
    await keys.text("still works");
    for (let i = 0; i < 5; i++) {
      const part = { type: frameTypes.DATA_MORE, channel: input.channel.id };
      ann.inject({ ...part, payload: new Uint8Array(16_000) });
    }
    expect(await input.end()).toBe("frame-too-large");
    await customer.call("chat.send", { text: "I am still here" });
    await ann.hears("chat.message");
  });

  it("hears which field of a question is wrong, and of questions nobody knows", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, lsid } = await beginSession(relay);
    expect(await ann.outcome("chat.send", { lsid, text: "" })).toBe("bad-request");
    expect(await ann.outcome("chat.send", { lsid, text: "x".repeat(9000) })).toBe("bad-request");
    await expect(ann.call("chat.send", { lsid, text: "" })).rejects.toThrow("text");
    // The name is not one that the types allow.
    const unknown: unknown = "session.destroy";
    const call = Reflect.get(ann, "call").bind(ann) as (name: unknown, p: object) => Promise<never>;
    expect(() => call(unknown, { lsid })).toThrow("no call");
  });

  it("that reads nothing is sent away as a viewer, and the others see on", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    relay.account("bob");
    const session = await beginSession(relay);
    const { representative: ann, lsid } = session;
    const { screen } = await watch(session, ann);
    const bob = await connectConsole(relay.url, "bob");
    await ann.call("session.share", { lsid, with: await idOf(bob), observer: true });
    const second = await bob.open("screen", lsid).opened();
    const source = await poll("the source is opened anew", () => session.customer.offered[1]);
    bob.socket.pause();
    const chunk = new Uint8Array(64 * 1024);
    for (let i = 0; i < 400; i++) {
      source.send(chunk);
      await poll("ann keeps up", () => screen.messages.length > i - 5, 5000);
    }
    source.send("the end");
    await screen.text("the end");
    bob.socket.resume();
    expect(await second.end()).toBe("too-slow");
    expect(await bob.outcome("chat.send", { lsid, text: "slow line here" })).toBe("allowed");
  });
});

describe("two representatives", () => {
  async function shared(relay: Relay) {
    relay.account("ann");
    relay.account("bob");
    const session = await beginSession(relay);
    const { representative: ann, lsid } = session;
    const bob = await connectConsole(relay.url, "bob");
    await ann.call("session.share", { lsid, with: await idOf(bob), observer: false });
    await bob.hears("session.changed", (view) => view.lsid === lsid);
    return { ...session, ann, bob, session };
  }

  it("who grab mouse and keyboard get them one at a time", async () => {
    await using relay = await Relay.start();
    const { ann, bob, lsid, session, customer } = await shared(relay);
    const { input, keys } = await takeControl(session, ann);
    expect(await bob.outcome("control.take", { lsid, force: false })).toBe("control-held");
    const sneaked = bob.open("input", lsid);
    expect(await sneaked.end()).toBe("not-permitted");
    await bob.call("control.take", { lsid, force: true });
    expect(await input.end()).toBe("not-permitted");
    expect(await keys.end()).toBe("not-permitted");
    await customer.hears("session.changed", ({ controller }) => controller === "Bob");
    await ann.hears("session.event", ({ event }) => event.event === "control.taken");
    const both = await Promise.all([
      ann.outcome("control.take", { lsid, force: false }),
      ann.outcome("control.take", { lsid, force: true }),
    ]);
    expect(both).toEqual(["control-held", "allowed"]);
  });

  it("who accept at the same time: one gets the session, the other hears so", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    relay.account("bob");
    const ann = await connectConsole(relay.url, "ann");
    const bob = await connectConsole(relay.url, "bob");
    const queue = (await ann.call("overview", {})).queues.find(({ kind }) => kind === "general");
    const { lsid, key } = await ann.call("key.create", { queue: queue?.id });
    await connectCustomer(relay.url, { key });
    await bob.hears("session.changed", (view) => view.lsid === lsid);
    const outcomes = await Promise.all([
      ann.outcome("session.accept", { lsid }),
      bob.outcome("session.accept", { lsid }),
    ]);
    expect(outcomes).toEqual(["allowed", "conflict"]);
    await bob.hears("session.gone", (gone) => gone.lsid === lsid);
  });

  it("hand a session over, and what was granted to one is not granted to the other", async () => {
    await using relay = await Relay.start();
    const { ann, bob, lsid, session, customer } = await shared(relay);
    const { screen } = await watch(session, ann);
    await bob.call("session.leave", { lsid });
    const queues = (await bob.call("overview", {})).queues;
    const personal = queues.find(({ kind }) => kind === "personal");
    if (!personal) throw new Error("everyone has a personal queue");
    await ann.call("session.transfer", { lsid, to: personal.id });
    expect(await screen.end()).toBe("not-permitted");
    await customer.hears("session.changed", ({ queueName }) => queueName === "Bob");
    expect(await ann.outcome("chat.send", { lsid, text: "still me" })).toBe("not-found");
    await bob.call("session.accept", { lsid });
    const refused = bob.open("screen", lsid);
    expect(await refused.end()).toBe("customer-refused");
    const before = customer.asked.length;
    await bob.call("permission.request", { lsid, permission: "view" });
    expect(customer.asked.length).toBe(before + 1);
  });
});

describe("a full disk", () => {
  it("stops what must be written down, not the customer's Stop", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { representative: ann, customer, lsid } = session;
    await ann.call("permission.request", { lsid, permission: "control" });
    fillUp(relay);
    await expectFull(ann, lsid);
    const stopping = customer.call("session.stop", {});
    expect(await customer.hears("session.ended")).toEqual({ reason: "customer" });
    await ann.hears("session.changed", ({ state }) => state === "ended");
    relay.store.raw.exec("PRAGMA max_page_count = 100000");
    await stopping;
    await poll("what is owed is written", async () => {
      const { events } = await ann.call("session.history", { lsid });
      return events.at(-1)?.event === "session.ended";
    });
    expect(relay.audit.owedRows).toBe(0);
    expect(relay.audit.verify()).toMatchObject({ intact: true });
  });
});

/** No page more for the database. */
function fillUp(relay: Relay): void {
  const { page_count: pages } = relay.store.raw.prepare("PRAGMA page_count").get() ?? {};
  relay.store.raw.exec(`PRAGMA max_page_count = ${Number(pages)}`);
}

/** Everything that is to be written down is refused, as soon as the last free page is used. */
async function expectFull(ann: ConsoleEnd, lsid: Lsid): Promise<void> {
  const text = "x".repeat(8000);
  await poll("the disk is full", async () => {
    return (await ann.outcome("chat.send", { lsid, text })) === "disk-full";
  });
  await poll("no key is made", async () => (await ann.outcome("key.create", {})) === "disk-full");
  await poll("control is refused", async () => {
    const outcome = await ann.outcome("control.take", { lsid, force: false });
    // It counts at once; its answer waits for the disk.
    if (outcome === "allowed") void ann.outcome("control.release", { lsid });
    return outcome === "disk-full";
  });
  expect((await ann.call("overview", {})).sessions[0]?.controller).toBeUndefined();
}

describe("a clock that jumps", () => {
  it("back or forward leaves session, consent and links alone", async () => {
    const clock = new ShiftClock();
    await using relay = await Relay.start({ clock });
    relay.account("ann");
    const session = await beginSession(relay);
    const { representative: ann, customer, lsid } = session;
    clock.setBy(-86_400_000);
    const { screen, source } = await watch(session, ann);
    source.send("picture");
    await screen.text("picture");
    clock.setBy(30 * 86_400_000);
    await ann.call("chat.send", { lsid, text: "what day is it?" });
    await customer.hears("chat.message");
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect((await ann.call("overview", {})).sessions).toMatchObject([{ lsid, state: "active" }]);
    const { events } = await ann.call("session.history", { lsid });
    const order = events.map(({ seq }) => seq);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(relay.audit.verify()).toMatchObject({ intact: true });
  });
});

describe("a customer who does not answer", () => {
  it("has not answered after a minute, and may be asked again at once", async () => {
    const clock = new ShiftClock();
    await using relay = await Relay.start({ clock });
    relay.account("ann");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    customer.answer = () => new Promise(() => undefined);
    const answer = ann.call("permission.request", { lsid, permission: "view" });
    await ann.hears("session.changed", ({ permissions }) => permissions.view === "asked");
    clock.skip(61_000);
    expect(await answer).toEqual({ granted: false, because: "no answer" });
    customer.answer = () => true;
    expect(await ann.outcome("permission.request", { lsid, permission: "view" })).toBe("allowed");
    expect(customer.asked).toEqual(["view", "view"]);
  });
});
