import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { generalQueue, resumeWithinMs } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { beginSession, takeControl, watch } from "../support/active-session.ts";
import { connectConsole, CustomerEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";
import { ShiftClock } from "../support/shift-clock.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `picture ${i}`);

describe("a customer whose line drops", () => {
  it("goes on where it was: nothing is lost, nothing comes twice", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { representative: ann, customer, lsid } = session;
    const { screen, source } = await watch(session, ann);
    for (const [i, text] of numbers(300).entries()) {
      source.send(text);
      if (i !== 150) continue;
      await screen.text("picture 20");
      customer.drop();
      await ann.hears("session.changed", ({ customerConnected }) => !customerConnected);
      await ann.call("chat.send", { lsid, text: "are you still there?" });
    }
    const welcome = await customer.connect(true);
    expect(welcome.resumed).toBe(true);
    await screen.text("picture 299");
    expect(screen.texts).toEqual(numbers(300));
    await customer.hears("chat.message", ({ text }) => text === "are you still there?");
    await ann.hears("session.changed", ({ customerConnected }) => customerConnected);
    expect(customer.offered.length).toBe(1);
  });

  it("takes the link over from a line that has not noticed yet", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const old = session.customer.socket;
    const closed = new Promise<number>((resolve) => old.once("close", resolve));
    expect((await session.customer.connect(true)).resumed).toBe(true);
    expect(await closed).toBe(4408);
    await session.representative.call("chat.send", { lsid: session.lsid, text: "hello" });
    await session.customer.hears("chat.message");
  });

  it("comes back with its ticket when the link cannot be resumed, to a new picture", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { representative: ann, customer } = session;
    const { screen } = await watch(session, ann);
    customer.drop();
    const again = new CustomerEnd(relay.url, { ticket: customer.ticket });
    expect((await again.connect()).resumed).toBe(false);
    const source = await poll("the source is opened anew", () => again.offered[0]);
    source.send("epoch 2");
    await screen.text("epoch 2");
  });

  it("ends its session by staying away for too long", async () => {
    const clock = new ShiftClock();
    await using relay = await Relay.start({ clock });
    relay.account("ann");
    const { representative: ann, customer } = await beginSession(relay);
    await ann.hears("session.changed", ({ customerConnected }) => customerConnected);
    ann.forget();
    customer.drop();
    await ann.hears("session.changed", ({ customerConnected }) => !customerConnected);
    clock.skip(resumeWithinMs + 1000);
    const gone = await ann.hears("session.changed", ({ state }) => state === "ended");
    expect(gone.endedAt).toBeGreaterThan(0);
    await expect(customer.connect(true)).rejects.toMatchObject({ code: "session-ended" });
  });
});

describe("a console whose line drops", () => {
  it("goes on where it was, and the keys that it held went up", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { representative: ann, lsid } = session;
    const { screen, source } = await watch(session, ann);
    const { input, keys } = await takeControl(session, ann);
    input.send("key down");
    await keys.text("key down");
    ann.drop();
    const releaseAll = 6;
    await poll("all keys go up", () => keys.messages.at(-1)?.[0] === releaseAll);
    source.send("while away");
    expect((await ann.connect(true)).resumed).toBe(true);
    await screen.text("while away");
    input.send("key down again");
    await keys.text("key down again");
    expect((await ann.call("overview", {})).sessions[0]?.controller).toBe(
      ann.welcome?.representative?.id,
    );
    await ann.call("session.end", { lsid });
  });

  it("begins anew with a token that nobody gave it", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    relay.account("bob");
    const ann = await connectConsole(relay.url, "ann");
    const bob = await connectConsole(relay.url, "bob");
    ann.drop();
    if (ann.welcome && bob.welcome) ann.welcome.resumeToken = bob.welcome.resumeToken;
    expect((await ann.connect(true)).resumed).toBe(false);
  });

  it("leaves its session by staying away, which then waits where it began", async () => {
    const clock = new ShiftClock();
    await using relay = await Relay.start({ clock });
    relay.account("ann");
    relay.account("bob");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    const bob = await connectConsole(relay.url, "bob");
    ann.drop();
    await customer.hears("session.changed", ({ state }) => state === "active");
    await poll("the appliance notices", () => relay.broker.clients().console === 1);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    customer.forget();
    clock.skip(resumeWithinMs + 1000);
    await customer.hears("session.changed", ({ state }) => state === "waiting");
    // It began in the personal queue of somebody who is not there: so everyone sees it.
    const waiting = await bob.hears("session.changed", (view) => view.lsid === lsid);
    expect(waiting.queue.id).toBe("general");
    await bob.call("session.accept", { lsid });
    await customer.hears("session.changed", ({ representatives }) => representatives[0] === "Bob");
  });
});

describe("an appliance that is restarted", () => {
  it("goes on with its sessions", async () => {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), "handrail-restart-"));
    const before = await Relay.start({ dataDirectory });
    const account = before.account("ann");
    const session = await beginSession(before);
    await watch(session, session.representative);
    await session.representative.call("chat.send", { lsid: session.lsid, text: "before" });
    const waiting = await session.representative.key();
    const { ticket } = session.customer;
    await before[Symbol.asyncDispose]();

    await using after = await Relay.start({ dataDirectory });
    after.account("ann", account);
    const ann = await connectConsole(after.url, "ann");
    const overview = await ann.call("overview", {});
    expect(overview.sessions).toMatchObject([{ lsid: session.lsid, state: "active" }]);
    expect(overview.keys).toMatchObject([waiting]);
    const screen = await ann.open("screen", session.lsid).opened();
    const customer = new CustomerEnd(after.url, { ticket });
    await customer.connect();
    const source = await poll("the source is opened", () => customer.offered[0]);
    source.send("again");
    await screen.text("again");
    const { chat } = await ann.call("session.history", { lsid: session.lsid });
    expect(chat.map(({ text }) => text)).toEqual(["before"]);
    expect(after.audit.verify()).toMatchObject({ intact: true });
    await rm(dataDirectory, { recursive: true, force: true });
  });

  it("knows who has handed over what waits", async () => {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), "handrail-restart-"));
    const before = await Relay.start({ dataDirectory });
    const account = before.account("ann");
    const { representative, lsid } = await beginSession(before);
    const note = { title: "Driver is old", text: "Reboot pending" };
    await representative.call("note.keep", { lsid, note });
    await representative.call("session.transfer", { lsid, to: generalQueue, withNote: true });
    await before[Symbol.asyncDispose]();

    await using after = await Relay.start({ dataDirectory });
    after.account("ann", account);
    after.account("bob");
    const ann = await connectConsole(after.url, "ann");
    const bob = await connectConsole(after.url, "bob");
    const handedBy = { name: "Ann", note: note.title };
    expect(await bob.call("overview", {})).toMatchObject({ sessions: [{ lsid, handedBy }] });
    expect((await bob.call("session.accept", { lsid })).handedBy).toBeUndefined();
    expect(await ann.hears("transfer.settled")).toEqual({ lsid, acceptedBy: "Bob" });
    await rm(dataDirectory, { recursive: true, force: true });
  });
});
