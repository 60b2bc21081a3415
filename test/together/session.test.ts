import { describe, expect, it } from "vitest";
import { connectConsole, connectCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";

/** A representative and a customer in an active session. */
async function begin(relay: Relay) {
  relay.account("ann");
  const ann = await connectConsole(relay.url, "ann");
  const { lsid, key } = await ann.key();
  const customer = await connectCustomer(relay.url, { key });
  await ann.hears("session.changed", ({ state }) => state === "waiting");
  await ann.call("session.accept", { lsid });
  return { ann, customer, lsid };
}

describe("a session", () => {
  it("takes a conversation's worth of chat lines, not a flood", async () => {
    await using relay = await Relay.start();
    const { customer, ann, lsid } = await begin(relay);
    const outcomes: string[] = [];
    for (let line = 0; line < 62; line++) {
      outcomes.push(await customer.outcome("chat.send", { text: `line ${line}` }));
    }
    expect(outcomes.filter((outcome) => outcome === "allowed")).toHaveLength(60);
    expect(outcomes.at(-1)).toBe("too-many-attempts");
    // What one writes too much of is not taken from another.
    expect(await ann.outcome("chat.send", { lsid, text: "please wait" })).toBe("allowed");
  });

  it("goes from key to end", async () => {
    await using relay = await Relay.start();
    const { ann, customer, lsid } = await begin(relay);
    expect(await ann.call("permission.request", { lsid, permission: "view" })).toEqual({
      granted: true,
    });
    expect(customer.asked).toEqual(["view"]);
    const screen = await ann.open("screen", lsid).opened();
    const source = await poll("the source is opened", () => customer.offered[0]);
    source.send("picture 1");
    await screen.text("picture 1");
    screen.send("ack 1");
    await source.text("ack 1");

    await ann.call("permission.request", { lsid, permission: "control" });
    await ann.call("control.take", { lsid, force: false });
    const input = await ann.open("input", lsid).opened();
    input.send("key down");
    const keys = await poll("input is offered", () => customer.offered[1]);
    await keys.text("key down");

    await ann.call("chat.send", { lsid, text: "hello" });
    await customer.hears("chat.message", ({ text }) => text === "hello");
    await customer.call("chat.send", { text: "good day" });
    await ann.hears("chat.message", ({ message }) => message.text === "good day");

    await ann.call("session.end", { lsid });
    expect(await customer.hears("session.ended")).toEqual({
      reason: "representative",
      by: expect.any(String) as unknown,
    });
    expect(await customer.closes()).toBe(1000);
    expect(await screen.end()).toBe("session-ended");
    await ann.hears("session.gone");
    const history = await ann.call("session.history", { lsid });
    expect(history.chat.map(({ text }) => text)).toEqual(["hello", "good day"]);
    expect(history.events.map(({ event }) => event)).toEqual([
      "key.created",
      "key.redeemed",
      "customer.joined",
      "session.accepted",
      "permission.asked",
      "permission.granted",
      "recording.started",
      "screen.watched",
      "permission.asked",
      "permission.granted",
      "control.taken",
      "session.ended",
    ]);
    expect(relay.audit.verify()).toMatchObject({ intact: true });
  });
});
