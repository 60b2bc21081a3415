import { type Permission, personalQueue } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { beginSession } from "../support/active-session.ts";
import { connectConsole, type CustomerEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";

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
