import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import type { RepresentativeId } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { type ActiveSession, beginSession } from "../support/active-session.ts";
import { connectConsole, type ConsoleEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";
import { ShiftClock } from "../support/shift-clock.ts";

function idOf(end: ConsoleEnd): RepresentativeId {
  const id = end.welcome?.representative?.id;
  if (!id) throw new Error("a console's welcome names its representative");
  return id;
}

function liveOf(relay: Relay, { lsid }: ActiveSession) {
  const live = relay.broker.session(lsid);
  if (!live) throw new Error("the session goes on");
  return live;
}

/** A relay, a session in it, and the parts of it that the tests move by themselves. */
async function begin(relay: Relay) {
  relay.account("ann");
  const session = await beginSession(relay);
  const { core, consent, control, members } = liveOf(relay, session);
  return { ...session, ann: idOf(session.representative), core, consent, control, members };
}

/** What became of work, once it is known. */
function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "done",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
}

const granted = { event: "permission.granted", by: "customer" } as const;
const revoked = { event: "permission.revoked", by: "customer" } as const;

describe("what is taken back while something is being written", () => {
  it("stays taken back, however late it comes before the writer goes on", async () => {
    await using relay = await Relay.start();
    const { core } = await begin(relay);
    // Told first of all who wait for this batch: after it was written, before the grant goes on.
    const first = relay.audit.append({ event: "test.first", who: "test" });
    const narrowing = first.then(() =>
      core.narrow(revoked, ({ consents }) => ({ consents: { ...consents, view: "revoked" } })),
    );
    const granting = core.turn(() =>
      core.commit(granted, ({ consents }) => ({ consents: { ...consents, view: "granted" } })),
    );
    await turnOfTheLoop();
    relay.audit.flush();
    await Promise.all([narrowing, granting]);
    expect(core.record.consents.view).toBe("revoked");
    relay.audit.flush();
    expect(core.site.sessions.read(core.lsid)?.consents.view).toBe("revoked");
  });

  it("is written without what the disk refused in the same breath", async () => {
    await using relay = await Relay.start();
    const { core } = await begin(relay);
    const { page_count: pages } = relay.store.raw.prepare("PRAGMA page_count").get() ?? {};
    relay.store.raw.exec(`PRAGMA max_page_count = ${Number(pages) + 20}`);
    const issue = "x".repeat(400_000);
    const narrowing = core.narrowed(revoked, () => ({ consents: { view: "revoked" } }));
    const widening = core.turn(() =>
      core.commit(granted, ({ customer }) => ({
        consents: { view: "granted" },
        customer: { ...customer, issue },
      })),
    );
    expect(await outcomeOf(widening)).toBe("disk-full");
    await narrowing;
    const stored = core.site.sessions.read(core.lsid);
    expect(stored?.consents.view).toBe("revoked");
    expect(stored?.customer.issue).not.toBe(issue);
    expect(core.record.customer.issue).not.toBe(issue);
  });

  it("is not control that somebody has just taken", async () => {
    await using relay = await Relay.start();
    const { core, consent, control, representative, lsid, ann } = await begin(relay);
    await representative.call("permission.request", { lsid, permission: "control" });
    const taking = outcomeOf(core.turn(() => control.take(ann, false)));
    await turnOfTheLoop();
    const revoking = consent.revoke("control");
    expect(await taking).toBe("customer-refused");
    await revoking;
    expect(core.record.controller).toBeUndefined();
    const events = relay.audit.ofSession(lsid).map(({ event }) => event);
    expect(events).not.toContain("control.taken");
  });

  it("by leaving is not a session that is given to somebody else", async () => {
    await using relay = await Relay.start();
    const { core, members, ann } = await begin(relay);
    relay.account("bob");
    await using bob = await connectConsole(relay.url, "bob");
    const sharing = outcomeOf(core.turn(() => members.share(ann, idOf(bob), false)));
    await turnOfTheLoop();
    members.leave(ann, "appliance", "account revoked");
    expect(await sharing).toBe("not-permitted");
    expect(core.record).toMatchObject({ phase: "waiting", participants: [] });
  });

  it("from an account is not a session that it has just accepted", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const ann = await connectConsole(relay.url, "ann");
    const { lsid, representative, customer } = await beginSession(relay, "ann");
    await representative.call("session.leave", { lsid });
    const live = relay.broker.session(lsid);
    if (!live) throw new Error("the session waits");
    const accepting = outcomeOf(live.core.turn(() => live.members.accept(idOf(ann))));
    await turnOfTheLoop();
    relay.disable("ann");
    relay.broker.revokeAccount(idOf(ann), "not-authenticated");
    expect(await accepting).toBe("not-permitted");
    expect(live.core.participants).toEqual([]);
    await customer[Symbol.asyncDispose]();
  });
});

/** Lets the disk of a relay take nothing more; call what it gives to let it take rows again. */
async function fillDisk({ store, audit }: Relay): Promise<() => void> {
  const { page_count: pages } = store.raw.prepare("PRAGMA page_count").get() ?? {};
  store.raw.exec(`PRAGMA max_page_count = ${Number(pages)}`);
  while ((await outcomeOf(audit.append({ event: "test.fill", who: "x" }))) === "done");
  return () => store.raw.exec("PRAGMA max_page_count = 1000000");
}

/** What narrows a session: by which call, and the row that tells of it. */
const narrowings = [
  [
    "control.release",
    "control.released",
    ({ representative: ann, lsid }: ActiveSession) => ann.call("control.release", { lsid }),
  ],
  [
    "session.leave",
    "session.left",
    ({ representative: ann, lsid }: ActiveSession) => ann.call("session.leave", { lsid }),
  ],
  [
    "session.end",
    "session.ended",
    ({ representative: ann, lsid }: ActiveSession) => ann.call("session.end", { lsid }),
  ],
  [
    "session.stop",
    "session.ended",
    ({ customer }: ActiveSession) => customer.call("session.stop", {}),
  ],
] as const;

describe("what narrows a session", () => {
  it.each(narrowings)(
    "by %s counts at once, and is answered when it is on the disk",
    async (...[, event, narrow]) => {
      await using relay = await Relay.start();
      const session = await begin(relay);
      const { core, representative, lsid } = session;
      await representative.call("permission.request", { lsid, permission: "control" });
      await representative.call("control.take", { lsid, force: false });
      const before = core.record;
      const letGo = await fillDisk(relay);
      let isAnswered = false;
      const answer = narrow(session).then(() => (isAnswered = true));
      await poll("it counts", () => core.record !== before);
      // A line that is asked and answered behind it: what was to be answered at once would be there.
      await representative.call("overview", {});
      relay.audit.flush();
      expect(isAnswered).toBe(false);
      letGo();
      await answer;
      expect(relay.audit.ofSession(lsid).map((row) => row.event)).toContain(event);
    },
  );

  it("by Stop lets the customer's link go, even if the disk stays full", async () => {
    const clock = new ShiftClock();
    await using relay = await Relay.start({ clock });
    const { customer } = await begin(relay);
    await fillDisk(relay);
    const stopping = outcomeOf(customer.call("session.stop", {}));
    await customer.hears("session.ended");
    clock.skip(10_001);
    expect(await stopping).toBe("disk-full");
    expect(await customer.closes()).toBe(1000);
  });
});

describe("the customer hears that a permission is taken back", () => {
  it("when that is on the disk, and not before", async () => {
    await using relay = await Relay.start();
    const { core, consent, customer, lsid } = await begin(relay);
    let isAnswered = false;
    const answer = consent.revoke("view").then(() => (isAnswered = true));
    const second = consent.revoke("view");
    expect(core.record.consents.view).toBe("revoked");
    await Promise.resolve();
    expect(isAnswered).toBe(false);
    relay.audit.flush();
    await Promise.all([answer, second]);
    await customer.call("permission.revoke", { permission: "control" });
    const permissions = relay.audit
      .ofSession(lsid)
      .filter(({ event }) => event === "permission.revoked")
      .map(({ detail }) => detail.permission);
    expect(permissions).toEqual(["view", "control"]);
  });

  it("also when the disk is full for a while", async () => {
    await using relay = await Relay.start();
    const { customer, lsid } = await begin(relay);
    const letGo = await fillDisk(relay);
    let isAnswered = false;
    const answer = customer
      .call("permission.revoke", { permission: "view" })
      .then(() => (isAnswered = true));
    await customer.hears("session.changed", ({ permissions }) => permissions.view === "revoked");
    relay.audit.flush();
    expect(isAnswered).toBe(false);
    letGo();
    await answer;
    expect(relay.audit.ofSession(lsid).at(-1)).toMatchObject({ event: "permission.revoked" });
  });
});
