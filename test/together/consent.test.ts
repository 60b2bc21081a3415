import { type ConsentRule, type Permission, personalQueue } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { maxQueuedMs } from "../../appliance/server/relay/consent.ts";
import { beginSession, takeControl } from "../support/active-session.ts";
import { answered } from "../../extension/session/answered.ts";
import { connectConsole, type CustomerEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";
import { ShiftClock } from "../support/shift-clock.ts";

/** The customer says yes and thinks better of it after so many milliseconds. */
function yesThenNo(customer: CustomerEnd, afterMs: number): void {
  customer.answer = (permission: Permission) => {
    setTimeout(() => void customer.call("permission.revoke", { permission }), afterMs);
    return true;
  };
}

describe("what a customer has taken back", () => {
  it("stays so when the yes is still being written", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    yesThenNo(customer, 1);
    await ann.outcome("permission.request", { lsid, permission: "control" });
    await customer.hears("session.changed", ({ permissions }) => permissions.control === "revoked");
    expect(await ann.outcome("control.take", { lsid, force: false })).toBe("customer-refused");
  });

  it("stays so when the yes waits behind much else", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    customer.answer = () => {
      const lines = Array.from({ length: 100 }, () =>
        ann.outcome("chat.send", { lsid, text: "x" }),
      );
      void lines[0]?.then(() => customer.call("permission.revoke", { permission: "control" }));
      return lines[0]?.then(() => true) ?? false;
    };
    await ann.outcome("permission.request", { lsid, permission: "control" });
    expect(await ann.outcome("control.take", { lsid, force: false })).toBe("customer-refused");
  });
});

describe("a customer whose client is gone before the answer", () => {
  it("has not let the question pass: it is written that they were not connected", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    customer.answer = () => new Promise(() => undefined);
    const asking = ann.call("permission.request", { lsid, permission: "control" });
    await poll("the question is there", () => customer.asked.includes("control"));
    await customer.leave();
    expect(await asking).toEqual({ granted: false, because: "customer away" });
    const refused = await ann.hears("session.event", ({ event: { event } }) => {
      return event === "permission.refused";
    });
    expect(refused.event.detail).toMatchObject({ because: "customer away" });
    const again = { lsid, permission: "shell" } as const;
    expect(await ann.outcome("permission.request", again)).toBe("customer-away");
  });
});

describe("a customer who does not answer", () => {
  it("has not refused: whoever asked is told so, and may ask again at once", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    const wanted = { lsid, permission: "shell" } as const;
    customer.answer = () => "no answer";
    const silent = { granted: false, because: "no answer" };
    expect(await ann.call("permission.request", wanted)).toEqual(silent);
    customer.answer = () => false;
    expect(await ann.call("permission.request", wanted)).toEqual({ granted: false });
    expect(await ann.outcome("permission.request", wanted)).toBe("too-many-attempts");
  });

  it("is asked again as often as the representative wants", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    const request = (permission: Permission) =>
      ann.call("permission.request", { lsid, permission });
    const says = (...answers: ("no answer" | boolean)[]) => {
      customer.answer = () => answers.shift() ?? expect.unreachable("asked once too often");
    };
    const again = (...wishes: boolean[]) => {
      return () => Promise.resolve(wishes.shift() ?? expect.unreachable("nothing to be asked"));
    };
    says("no answer", "no answer", true);
    await answered(() => request("shell"), again(true, true));
    says("no answer");
    const givenUp = answered(() => request("files"), again(false));
    await expect(givenUp).rejects.toMatchObject({ code: "cancelled" });
    says("no answer", false);
    const refused = answered(() => request("system"), again(true));
    await expect(refused).rejects.toMatchObject({ code: "customer-refused" });
  });

  it("has a whole minute from when they see the question, and not for ever", async () => {
    const clock = new ShiftClock();
    await using relay = await Relay.start({ clock });
    relay.account("ann");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    customer.answer = () => new Promise(() => undefined);
    const silent = { granted: false, because: "no answer" };
    const ask = async (permission: "shell" | "files" | "system") => {
      const verdict = { is: undefined as unknown };
      void ann.call("permission.request", { lsid, permission }).then((is) => (verdict.is = is));
      await poll("the question is there", () => customer.asked.includes(permission));
      return verdict;
    };
    /** Resolves when the appliance has heard all that was said before. */
    const heard = () => customer.outcome("permission.revoke", { permission: "share" });
    const seen = await ask("shell");
    customer.tell("consent.turn", { permission: "shell", isShown: false });
    await heard();
    clock.skip(200_000);
    customer.tell("consent.turn", { permission: "shell", isShown: true });
    await heard();
    clock.skip(60_000);
    await heard();
    expect(seen.is).toBeUndefined();
    // Nothing that is said now puts it off.
    customer.tell("consent.turn", { permission: "shell", isShown: false });
    await heard();
    clock.skip(5000);
    await poll("it is over", () => seen.is !== undefined);
    expect(seen.is).toEqual(silent);
    const unseen = await ask("files");
    customer.tell("consent.turn", { permission: "files", isShown: false });
    await heard();
    clock.skip(maxQueuedMs + 5000);
    await poll("it is over", () => unseen.is !== undefined);
    expect(unseen.is).toEqual(silent);
  });
});

describe("what a customer's own program has asked them", () => {
  it("is written down, where policy lets anybody have it", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    relay.rules("ann", {
      files: { setting: "allow", consent: "never" },
      system: { setting: "allow", consent: "once" },
      elevate: { setting: "deny" },
    });
    const { representative: ann, customer, lsid } = await beginSession(relay);
    const answered = (permission: Permission, answer: "yes" | "no" | "no answer") =>
      customer.outcome("permission.answered", { permission, answer, representative: "Ann" });
    expect(await answered("elevate", "yes")).toBe("not-permitted");
    expect(await answered("files", "no answer")).toBe("allowed");
    expect(await answered("files", "yes")).toBe("allowed");
    expect(await answered("system", "yes")).toBe("allowed");
    const { events } = await ann.call("session.history", { lsid });
    const told = events.filter(({ event }) => event.startsWith("permission."));
    expect(told.map(({ event, detail }) => [event, detail])).toEqual([
      ["permission.refused", { permission: "files", representative: "Ann", because: "no answer" }],
      ["permission.granted", { permission: "files", representative: "Ann" }],
      ["permission.granted", { permission: "system", representative: "Ann" }],
    ]);
    // A yes counts where they would have been asked for it.
    expect(await ann.call("permission.request", { lsid, permission: "system" })).toEqual({
      granted: true,
    });
    expect(customer.asked).toEqual([]);
    expect(await answered("system", "no")).toBe("allowed");
    await ann.call("permission.request", { lsid, permission: "system" });
    expect(customer.asked).toEqual(["system"]);
  });
});

describe("a customer's client that says the same over and over", () => {
  it("does not fill the audit log", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    for (let i = 0; i < 200; i++) {
      customer.tell("screen.state", { available: i % 2 === 0, reason: "flicker" });
      void customer.outcome("permission.revoke", { permission: "share" });
    }
    customer.tell("screen.state", { available: false, reason: "the last word" });
    await ann.hears("session.warning", ({ text }) => text === "the last word");
    const { events } = await ann.call("session.history", { lsid });
    expect(events.filter(({ event }) => event === "permission.revoked")).toHaveLength(1);
    expect(events.filter(({ event }) => event.startsWith("screen.")).length).toBeLessThan(10);
  });
});

describe("what a customer has granted", () => {
  it("is not for one who took part before, when somebody else was asked", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { id: cid } = relay.account("cid");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    const other = await connectConsole(relay.url, "cid");
    await ann.call("session.transfer", { lsid, to: personalQueue(cid) });
    await other.call("session.accept", { lsid });
    await other.call("permission.request", { lsid, permission: "control" });
    await other.call("session.leave", { lsid });
    await poll("ann may take it back", async () => {
      return (await ann.outcome("session.accept", { lsid })) === "allowed";
    });
    expect(await ann.outcome("control.take", { lsid, force: false })).toBe("customer-refused");
    expect(customer.asked).toEqual(["control"]);
  });

  it("is not for one who only watched", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { id: bob } = relay.account("bob");
    const { representative: ann, lsid } = await beginSession(relay);
    const observer = await connectConsole(relay.url, "bob");
    await ann.call("permission.request", { lsid, permission: "control" });
    await ann.call("session.share", { lsid, with: bob, observer: true });
    await observer.call("session.leave", { lsid });
    await ann.call("session.leave", { lsid });
    await observer.call("session.accept", { lsid });
    expect(await observer.outcome("control.take", { lsid, force: false })).toBe("customer-refused");
  });

  it("for one use is over when whoever used it has left", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    relay.rules("ann", { control: { setting: "allow", consent: "always" } });
    const { representative: ann, lsid } = await beginSession(relay);
    await ann.call("permission.request", { lsid, permission: "control" });
    await ann.call("control.take", { lsid, force: false });
    await ann.call("session.leave", { lsid });
    await ann.call("session.accept", { lsid });
    expect(await ann.outcome("control.take", { lsid, force: false })).toBe("customer-refused");
  });

  it("goes on for one who comes back", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, lsid } = await beginSession(relay);
    await ann.call("permission.request", { lsid, permission: "control" });
    await ann.call("session.leave", { lsid });
    await ann.call("session.accept", { lsid });
    expect(await ann.outcome("control.take", { lsid, force: false })).toBe("allowed");
  });
});

describe("mouse and keyboard that are taken over", () => {
  /** Ann and Bob in one session, each with the rule given; Ann has asked for control and holds it. */
  async function withBob(relay: Relay, rules: { ann: ConsentRule; bob: ConsentRule }) {
    for (const name of ["ann", "bob"] as const) {
      relay.account(name);
      relay.rules(name, { control: { setting: "allow", consent: rules[name] } });
    }
    const session = await beginSession(relay);
    const { representative: ann, customer, lsid } = session;
    const bob = await connectConsole(relay.url, "bob");
    const id = bob.welcome?.representative?.id;
    if (!id) throw new Error("nobody");
    await ann.call("session.share", { lsid, with: id, observer: false });
    await takeControl(session, ann);
    const take = (force: boolean) => bob.outcome("control.take", { lsid, force });
    const asked = () => customer.asked.filter((each) => each === "control").length;
    return { ...session, ann, bob, take, asked };
  }

  it("need a yes for whoever takes them, where each use is asked for", async () => {
    await using relay = await Relay.start();
    const { ann, bob, customer, lsid, take, asked } = await withBob(relay, {
      ann: "always",
      bob: "always",
    });
    expect(await take(false)).toBe("control-held");
    expect(await take(true)).toBe("customer-refused");
    expect(asked()).toBe(1);
    expect(await bob.call("permission.request", { lsid, permission: "control" })).toEqual({
      granted: true,
    });
    expect(asked()).toBe(2);
    expect(await take(true)).toBe("allowed");
    await customer.hears("session.changed", ({ controller }) => controller === "Bob");
    // Ann's use is over: she has to ask as well before she takes them back.
    expect(await ann.outcome("control.take", { lsid, force: true })).toBe("customer-refused");
  });

  it("stay with their holder, and with the customer's yes, until they are taken", async () => {
    await using relay = await Relay.start();
    const { ann, customer, lsid, take } = await withBob(relay, { ann: "once", bob: "always" });
    expect(await take(true)).toBe("customer-refused");
    expect(await ann.outcome("control.take", { lsid, force: false })).toBe("allowed");
    const view = customer.all("session.changed").at(-1);
    expect([view?.controller, view?.permissions.control]).toEqual(["Ann", "granted"]);
  });

  it("are not for a colleague when the yes was for one use", async () => {
    await using relay = await Relay.start();
    const { take } = await withBob(relay, { ann: "always", bob: "once" });
    expect(await take(true)).toBe("customer-refused");
  });

  it("need no second yes where the customer is asked once in a session", async () => {
    await using relay = await Relay.start();
    const { take, asked } = await withBob(relay, { ann: "once", bob: "once" });
    expect(await take(true)).toBe("allowed");
    expect(asked()).toBe(1);
  });

  it("are asked for again, not answered by what a colleague was asked at that moment", async () => {
    await using relay = await Relay.start();
    const { ann, bob, customer, lsid } = await withBob(relay, { ann: "always", bob: "always" });
    await ann.call("control.release", { lsid });
    const before = customer.asked.length;
    const wanted = { lsid, permission: "control" } as const;
    await Promise.all([
      ann.call("permission.request", wanted),
      bob.call("permission.request", wanted),
    ]);
    expect(customer.asked.slice(before)).toEqual(["control", "control"]);
  });
});

describe("the view of a session", () => {
  it("says what policy gives without asking, and how the session ended", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, lsid } = await beginSession(relay);
    const active = await ann.hears("session.changed", ({ state }) => state === "active");
    expect(active.unasked).toEqual([
      "reboot",
      "chat",
      "chat-file",
      "push-url",
      "record",
      "share",
      "transfer",
    ]);
    expect(active.end).toBeUndefined();
    await ann.call("session.end", { lsid });
    const ended = await ann.hears("session.changed", ({ state }) => state === "ended");
    expect(ended.end).toEqual({ reason: "representative", by: "Ann" });
    const { sessions } = await ann.call("session.past", { limit: 1 });
    expect(sessions[0]?.end).toEqual(ended.end);
  });

  it("says that the customer ended it", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, customer } = await beginSession(relay);
    void customer.outcome("session.stop", {});
    const ended = await ann.hears("session.changed", ({ state }) => state === "ended");
    expect(ended.end).toEqual({ reason: "customer", by: "" });
  });
});

describe("what a permission is wanted for", () => {
  it("is told to the customer, and is nothing that the site does not have", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const { representative: ann, customer, lsid } = await beginSession(relay);
    const end = { act: "end-process", processId: 14753, startedAt: 1, name: "mousepad" } as const;
    const ending = { kind: "system-act", wanted: { ...end, isForced: false } } as const;
    const locking = { kind: "action", action: "lock" } as const;
    const unknown = { kind: "action", action: "ab".repeat(16) } as const;
    const request = { lsid, permission: "actions" } as const;
    const outcome = (params: object) =>
      ann.outcome("permission.request", { ...request, ...params });
    expect(await outcome({ purpose: unknown })).toBe("not-found");
    expect(await outcome({ purpose: ending })).toBe("bad-request");
    expect(await outcome({ permission: "view", purpose: locking })).toBe("bad-request");
    expect(customer.purposes.filter((purpose) => purpose !== undefined)).toEqual([]);
    expect(await outcome({ purpose: locking })).toBe("allowed");
    expect(await outcome({ permission: "system-act", purpose: ending })).toBe("allowed");
    expect(customer.purposes.slice(-2)).toEqual([{ kind: "built-in", action: "lock" }, ending]);
  });
});
