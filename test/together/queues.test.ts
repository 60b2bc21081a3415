import {
  beganAt,
  generalQueue,
  type Lsid,
  personalQueue,
  type QueueId,
  type RepresentativeId,
  resumeWithinMs,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { orphanEndsAfterMs } from "../../appliance/server/relay/orphans.ts";
import { beginSession } from "../support/active-session.ts";
import { connectConsole, connectCustomer, type ConsoleEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";

/** The names of a session's events so far, with what they say of queues and people. */
function eventsOf(relay: Relay, lsid: Lsid) {
  return relay.audit.ofSession(lsid).map(({ event, detail }) => ({ event, ...detail }));
}

function idOf(end: ConsoleEnd): RepresentativeId {
  const id = end.welcome?.representative?.id;
  if (!id) throw new Error("a console's welcome names its representative");
  return id;
}

/** What the relay does with a session when so much time has passed for it. */
function letPass(relay: Relay, lsid: Lsid, ms: number): void {
  const session = relay.broker.session(lsid);
  const nowMs = performance.now();
  session?.beat(nowMs);
  session?.beat(nowMs + ms + 1000);
}

async function waiting(relay: Relay, maker: ConsoleEnd, queue: QueueId) {
  const { lsid, key } = await maker.call("key.create", { queue });
  return { lsid, customer: await connectCustomer(relay.url, { key }) };
}

async function clockGoesOn(): Promise<void> {
  const at = Date.now();
  await poll("the clock goes on", () => Date.now() > at);
}

describe("two representatives", () => {
  it("who accept at the same moment: one has the session, the other is told why not", async () => {
    await using relay = await Relay.start();
    for (const name of ["ann", "bob"]) relay.account(name);
    const ann = await connectConsole(relay.url, "ann");
    const bob = await connectConsole(relay.url, "bob");
    const { lsid, customer } = await waiting(relay, ann, generalQueue);
    const outcomes = await Promise.all(
      [ann, bob].map((end) => end.outcome("session.accept", { lsid })),
    );
    expect(outcomes.toSorted()).toEqual(["allowed", "conflict"]);
    const winner = outcomes[0] === "allowed" ? "Ann" : "Bob";
    await customer.hears("session.changed", ({ representatives }) => representatives[0] === winner);
    const accepted = eventsOf(relay, lsid).filter(({ event }) => event === "session.accepted");
    expect(accepted).toMatchObject([{ event: "session.accepted", queue: "General" }]);
  });

  it("who do not see a queue hear nothing of what became of a session in it", async () => {
    await using relay = await Relay.start();
    for (const name of ["ann", "bob"]) relay.account(name);
    const { lsid } = await beginSession(relay);
    const bob = await connectConsole(relay.url, "bob");
    expect(await bob.outcome("session.accept", { lsid })).toBe("not-found");
  });
});

describe("a session", () => {
  it("is neither transferred to nor shared with somebody who is not there", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const bob = relay.account("bob");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    const to = personalQueue(bob.id);
    expect(await ann.outcome("session.transfer", { lsid, to })).toBe("nobody-there");
    const guest = { lsid, with: bob.id, observer: false };
    expect(await ann.outcome("session.share", guest)).toBe("nobody-there");
    expect(customer.all("session.changed").at(-1)?.representatives).toEqual(["Ann"]);
    relay.disable("bob");
    expect(await ann.outcome("session.transfer", { lsid, to })).toBe("not-found");
  });

  it("is shared once with each, and the customer reads who is there", async () => {
    await using relay = await Relay.start();
    for (const name of ["ann", "bob"]) relay.account(name);
    const { representative: ann, customer, lsid } = await beginSession(relay);
    const bob = await connectConsole(relay.url, "bob");
    const guest = { lsid, with: idOf(bob), observer: false };
    expect(await ann.outcome("session.share", guest)).toBe("allowed");
    await customer.hears("session.changed", ({ representatives }) => {
      return representatives.join() === "Ann,Bob";
    });
    expect(await ann.outcome("session.share", guest)).toBe("conflict");
    await ann.call("session.leave", { lsid });
    await customer.hears("session.changed", ({ representatives, state }) => {
      return representatives.join() === "Bob" && state === "active";
    });
    expect(eventsOf(relay, lsid).slice(-2)).toEqual([
      { event: "session.shared", with: "Bob", observer: false },
      { event: "session.left", representative: "Ann", because: "left" },
    ]);
  });

  it("that was transferred lasts since it was first accepted, and keeps all who took part", async () => {
    await using relay = await Relay.start();
    for (const name of ["ann", "bob"]) relay.account(name);
    const { representative: ann, lsid } = await beginSession(relay);
    const bob = await connectConsole(relay.url, "bob");
    const first = relay.broker.readSession(lsid)?.session.acceptedAt;
    await ann.call("session.transfer", { lsid, to: personalQueue(idOf(bob)) });
    await clockGoesOn();
    await bob.call("session.accept", { lsid });
    await bob.call("session.end", { lsid });
    const { sessions } = await bob.call("session.past", { limit: 1 });
    expect(sessions[0]?.acceptedAt).toBe(first);
    expect(relay.broker.listSessions({ limit: 1 })).toMatchObject([
      { lsid, participants: [{ name: "Bob" }], formerParticipants: [{ name: "Ann" }] },
    ]);
  });

  it("that is transferred shows the note that was written for that, and nobody else's", async () => {
    await using relay = await Relay.start();
    for (const name of ["ann", "bob"]) relay.account(name);
    const { representative: ann, lsid } = await beginSession(relay);
    const bob = await connectConsole(relay.url, "bob");
    const keep = (of: typeof ann, text: string) =>
      of.call("note.keep", { lsid, note: { title: "", text } });
    const gives = async (from: typeof ann, withNote?: boolean) => {
      await from.call("session.transfer", { lsid, to: generalQueue, withNote });
      return (await bob.call("overview", {})).sessions[0]?.handedBy;
    };
    await keep(ann, "Driver is old\nReboot pending");
    expect(await gives(ann)).toEqual({ name: "Ann" });
    await bob.call("session.accept", { lsid });
    expect(await gives(bob, true)).toEqual({ name: "Bob" });
    await bob.call("session.accept", { lsid });
    await keep(bob, "Speaks of a divorce");
    expect(await gives(bob)).toEqual({ name: "Bob" });
    await ann.call("session.accept", { lsid });
    expect(await gives(ann, true)).toEqual({ name: "Ann", note: "Driver is old" });
  });

  it("that is transferred says so to everyone, and who has taken it to the one who gave it", async () => {
    await using relay = await Relay.start();
    for (const name of ["ann", "bob"]) relay.account(name);
    const { representative: ann, customer, lsid } = await beginSession(relay);
    const bob = await connectConsole(relay.url, "bob");
    await ann.call("note.keep", {
      ...{ lsid, note: { title: "Driver is old", text: "Reboot pending" } },
    });
    await ann.call("session.transfer", { lsid, to: personalQueue(idOf(bob)), withNote: true });
    const waits = await bob.hears("session.changed", ({ state }) => state === "waiting");
    expect(waits.handedBy).toEqual({ name: "Ann", note: "Driver is old" });
    expect(await customer.hears("session.handed-over", () => true)).toEqual({
      ...{ by: "Ann", to: "Bob" },
    });
    await bob.call("session.accept", { lsid });
    expect(await ann.hears("transfer.settled", () => true)).toEqual({ lsid, acceptedBy: "Bob" });
    const taken = await bob.hears("session.changed", ({ state }) => state === "active");
    expect(taken.handedBy).toBeUndefined();
    // Who takes it back is told of nobody, nor whose customer has gone.
    await bob.call("session.transfer", { lsid, to: generalQueue });
    await bob.call("session.accept", { lsid });
    expect(await bob.hears("transfer.settled", () => true)).toEqual({ lsid });
    await bob.call("session.transfer", { lsid, to: generalQueue });
    await customer.call("session.stop", {});
    await poll("it is over for him", () => bob.all("transfer.settled").length === 2);
    expect(bob.all("transfer.settled").at(-1)).toEqual({ lsid });
  });

  it("that its last representative leaves waits again, and the customer reads where", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    await ann.call("session.leave", { lsid });
    await customer.hears("session.changed", ({ representatives, state, queueName }) => {
      return state === "waiting" && representatives.length === 0 && queueName === "Ann";
    });
    await poll("both rows are written", () => eventsOf(relay, lsid).length === 6);
    expect(eventsOf(relay, lsid).slice(-2)).toMatchObject([
      { event: "session.left", representative: "Ann", because: "left" },
      { event: "session.orphaned", queue: "Ann" },
    ]);
  });
});

describe("sessions", () => {
  it("are listed as they began, whenever their keys were made", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const ann = await connectConsole(relay.url, "ann");
    const early = await ann.call("key.create", { queue: personalQueue(idOf(ann)) });
    const later = await waiting(relay, ann, personalQueue(idOf(ann)));
    await clockGoesOn();
    await connectCustomer(relay.url, { key: early.key });
    const listed = () => relay.broker.listSessions({ limit: 2 });
    const first = await poll("both have come", () => (listed().length === 2 ? listed()[0] : null));
    expect(first?.lsid).toBe(early.lsid);
    const before = first && beganAt(first);
    expect(relay.broker.listSessions({ limit: 2, before })).toMatchObject([{ lsid: later.lsid }]);
    await clockGoesOn();
    await ann.call("session.accept", { lsid: later.lsid });
    await poll("it has begun", () => listed()[0]?.lsid === later.lsid);
    await clockGoesOn();
    await ann.call("session.accept", { lsid: early.lsid });
    for (const { lsid } of [early, later]) await ann.call("session.end", { lsid });
    const { sessions } = await ann.call("session.past", { limit: 2 });
    expect(sessions.map(({ lsid }) => lsid)).toEqual([early.lsid, later.lsid]);
  });
});

describe("a session whose last representative drops", () => {
  it("goes to who took part before or where it began, then to all, then it ends", async () => {
    await using relay = await Relay.start();
    for (const name of ["ann", "bob"]) relay.account(name);
    const ann = await connectConsole(relay.url, "ann");
    const bob = await connectConsole(relay.url, "bob");
    const { lsid, customer } = await waiting(relay, ann, personalQueue(idOf(ann)));
    await ann.call("session.accept", { lsid });
    await ann.call("session.transfer", { lsid, to: personalQueue(idOf(bob)) });
    await bob.call("session.accept", { lsid });
    const waitsFor = (name: string) =>
      customer.hears("session.changed", ({ state, queueName, representatives }) => {
        return state === "waiting" && queueName === name && representatives.length === 0;
      });

    await bob.leave();
    await poll("Bob is gone", () => relay.broker.seatsInUse() === 1);
    letPass(relay, lsid, resumeWithinMs);
    await waitsFor("Ann");
    await ann.leave();
    await poll("Ann is gone", () => relay.broker.seatsInUse() === 0);
    letPass(relay, lsid, resumeWithinMs);
    await waitsFor("Example Support");
    letPass(relay, lsid, resumeWithinMs + orphanEndsAfterMs);
    expect(await customer.hears("session.ended")).toMatchObject({ reason: "orphaned" });
    const events = await poll("the end is written", () => {
      const all = eventsOf(relay, lsid);
      return all.at(-1)?.event === "session.ended" ? all : undefined;
    });
    expect(events.slice(-4)).toMatchObject([
      { event: "session.left", representative: "Bob", because: "connection lost" },
      { event: "session.orphaned", queue: "Ann" },
      { event: "session.orphaned", queue: "General" },
      { event: "session.ended", reason: "orphaned" },
    ]);
  });
});
