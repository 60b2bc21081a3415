import { describe, expect, it } from "vitest";
import { beginSession, takeControl } from "../support/active-session.ts";
import { connectConsole, type ConsoleEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";

function idOf(end: ConsoleEnd) {
  const id = end.welcome?.representative?.id;
  if (!id) throw new Error("a console's welcome names its representative");
  return id;
}

/** Ann in a session of hers, and Bob, who is online and answers nothing unless he is told to. */
async function annAndBob(relay: Relay) {
  for (const name of ["ann", "bob"]) relay.account(name);
  const session = await beginSession(relay);
  const bob = await connectConsole(relay.url, "bob");
  bob.answer = () => undefined;
  const guest = { lsid: session.lsid, with: idOf(bob), observer: false };
  return { ...session, ann: session.representative, bob, guest };
}

/** The same with both in the session, and Ann at mouse and keyboard. */
async function bothInside(relay: Relay) {
  const session = await annAndBob(relay);
  const { ann, bob, guest } = session;
  bob.answer = () => true;
  await ann.call("session.share", guest);
  await takeControl(session, ann);
  ann.answer = () => undefined;
  return session;
}

function eventsOf(relay: Relay, { lsid }: { lsid: Parameters<Relay["audit"]["ofSession"]>[0] }) {
  const wanted = /^(session|control)\.(invited|shared|declined|asked|handed-over)$/;
  return relay.audit
    .ofSession(lsid)
    .filter(({ event }) => wanted.test(event))
    .map(({ event, who, detail }) => ({ event, who, ...detail }));
}

describe("a colleague who is asked in", () => {
  it("takes part only after agreeing, and is told who asks and about whom", async () => {
    await using relay = await Relay.start();
    const session = await annAndBob(relay);
    const { ann, bob, guest, lsid } = session;
    const sharing = ann.outcome("session.share", guest);
    const question = await bob.hears("colleague.asked");
    expect(question).toMatchObject({ lsid, ask: "join", name: "Ann", customer: { name: "Carla" } });
    expect(await bob.outcome("chat.send", { lsid, text: "hello" })).toBe("not-found");
    const { questions } = await bob.call("overview", {});
    expect(questions).toEqual([question]);
    const answer = { lsid, ask: "join", from: question.from, yes: true } as const;
    expect(await bob.outcome("colleague.answer", answer)).toBe("allowed");
    expect(await sharing).toBe("allowed");
    expect(await bob.outcome("chat.send", { lsid, text: "hello" })).toBe("allowed");
    await bob.hears("colleague.settled");
    expect(await bob.outcome("colleague.answer", answer)).toBe("not-found");
    expect(eventsOf(relay, session)).toEqual([
      { event: "session.invited", who: "Ann", with: "Bob", observer: false },
      { event: "session.shared", who: "Ann", with: "Bob", observer: false },
    ]);
  });

  it("stays out after declining, and may be asked again", async () => {
    await using relay = await Relay.start();
    const session = await annAndBob(relay);
    const { ann, bob, guest, lsid } = session;
    bob.answer = () => false;
    expect(await ann.outcome("session.share", guest)).toBe("allowed");
    expect(await bob.outcome("session.history", { lsid })).not.toBe("allowed");
    const declined = { event: "session.declined", who: "Bob", because: "no" };
    await poll("it is written down", () => {
      expect(eventsOf(relay, session).at(-1)).toMatchObject(declined);
      return true;
    });
    bob.answer = () => undefined;
    const again = ann.outcome("session.share", guest);
    await bob.hears("colleague.asked");
    expect(await ann.outcome("session.share", guest)).toBe("conflict");
    ann.call("session.end", { lsid }).catch(() => undefined);
    expect(await again).toBe("allowed");
    await bob.hears("colleague.settled");
  });

  it("cannot come in by an invitation of one who has left", async () => {
    await using relay = await Relay.start();
    const { ann, bob, guest, lsid } = await annAndBob(relay);
    const sharing = ann.outcome("session.share", guest);
    const { from } = await bob.hears("colleague.asked");
    await ann.call("session.leave", { lsid });
    await sharing;
    await bob.hears("colleague.settled");
    const answer = { lsid, ask: "join", from, yes: true } as const;
    expect(await bob.outcome("colleague.answer", answer)).toBe("not-found");
  });
});

describe("mouse and keyboard that a colleague asks for", () => {
  it("are handed over by the one who has them", async () => {
    await using relay = await Relay.start();
    const session = await bothInside(relay);
    const { ann, bob, customer, lsid } = session;
    ann.answer = ({ ask }) => ask === "control";
    expect(await bob.call("control.ask", { lsid })).toEqual({ given: true });
    await customer.hears("session.changed", ({ controller }) => controller === "Bob");
    expect(eventsOf(relay, session).slice(-2)).toEqual([
      { event: "control.asked", who: "Bob", holder: "Ann" },
      { event: "control.handed-over", who: "Ann", to: "Bob" },
    ]);
    expect(await bob.outcome("control.ask", { lsid })).toBe("conflict");
  });

  it("stay where they are after a no, or when nobody has them any more", async () => {
    await using relay = await Relay.start();
    const { ann, bob, customer, lsid } = await bothInside(relay);
    ann.answer = () => false;
    expect(await bob.call("control.ask", { lsid })).toEqual({ given: false });
    expect(customer.all("session.changed").at(-1)?.controller).toBe("Ann");
    ann.answer = () => undefined;
    const asking = bob.call("control.ask", { lsid });
    const { from } = await ann.hears("colleague.asked");
    await ann.call("control.release", { lsid });
    expect(await asking).toEqual({ given: false });
    const answer = { lsid, ask: "control", from, yes: true } as const;
    expect(await ann.outcome("colleague.answer", answer)).toBe("not-found");
    expect(await bob.outcome("control.ask", { lsid })).toBe("conflict");
  });

  it("are not to be had by observers, nor without the customer where each use is asked for", async () => {
    await using relay = await Relay.start();
    const session = await annAndBob(relay);
    const { ann, bob, customer, guest, lsid } = session;
    relay.rules("bob", { control: { setting: "allow", consent: "always" } });
    bob.answer = () => true;
    await ann.call("session.share", { ...guest, observer: true });
    await takeControl(session, ann);
    ann.answer = () => true;
    expect(await bob.outcome("control.ask", { lsid })).toBe("not-permitted");
    await bob.call("session.leave", { lsid });
    await ann.call("session.share", guest);
    expect(await bob.outcome("control.ask", { lsid })).toBe("customer-refused");
    await bob.call("permission.request", { lsid, permission: "control" });
    expect(await bob.call("control.ask", { lsid })).toEqual({ given: true });
    await customer.hears("session.changed", ({ controller }) => controller === "Bob");
  });
});
