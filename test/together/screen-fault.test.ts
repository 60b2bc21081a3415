import type { ConsentRule } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { beginSession, takeControl, watch } from "../support/active-session.ts";
import { Relay } from "../support/relay.ts";

const gone = { available: false, reason: "no display", fault: "display-gone" } as const;
const back = { available: true, reason: "" } as const;

/** A session that is watched and worked, with a customer who says yes to everything. */
async function begin(relay: Relay, consent: ConsentRule) {
  relay.account("ann");
  relay.rules("ann", { view: { setting: "allow", consent } });
  const session = await beginSession(relay);
  session.customer.answer = () => true;
  const ann = session.representative;
  const { screen } = await watch(session, ann);
  const { input } = await takeControl(session, ann);
  return { ...session, ann, screen, input };
}

describe("a customer's display that goes", () => {
  it("takes mouse and keyboard with it, at the appliance too, and leaves the watching", async () => {
    await using relay = await Relay.start();
    const { ann, customer, lsid, input, screen } = await begin(relay, "once");
    customer.tell("screen.state", gone);
    const now = await ann.hears("session.changed", (view) => view.screenFault === "display-gone");
    expect(now.permissions).toMatchObject({ view: "granted", control: "not-asked" });
    expect(await input.end()).toBe("not-permitted");
    expect(await ann.outcome("control.take", { lsid, force: false })).toBe("customer-refused");
    customer.tell("screen.state", back);
    ann.forget();
    const after = await ann.hears("session.changed", (view) => view.screenFault === undefined);
    expect(after.permissions).toMatchObject({ view: "granted", control: "not-asked" });
    expect(screen.ended).toBeUndefined();
  });

  it("ends the watching where the customer is to be asked each time", async () => {
    await using relay = await Relay.start();
    const { ann, customer, screen } = await begin(relay, "always");
    customer.tell("screen.state", gone);
    await ann.hears("session.changed", ({ permissions }) => permissions.view === "not-asked");
    expect(await screen.end()).toBe("customer-refused");
  });

  it("is named by a client that gives up, before the session ends", async () => {
    await using relay = await Relay.start();
    const { ann, customer } = await begin(relay, "once");
    customer.tell("screen.state", gone);
    void customer.outcome("session.stop", { because: "display-gone" });
    await ann.hears("session.event", ({ event }) => event.event === "session.ended");
    const events = ann.all("session.event").map(({ event }) => event.event);
    expect(events).toContain("screen.given-up");
  });

  it("changes nothing that was allowed when only the picture has failed", async () => {
    await using relay = await Relay.start();
    const { ann, customer, input } = await begin(relay, "once");
    customer.tell("screen.state", { available: false, reason: "the encoder broke down" });
    const now = await ann.hears("session.changed", (view) => view.screenFault === "failed");
    expect(now.permissions).toMatchObject({ view: "granted", control: "granted" });
    expect(input.ended).toBeUndefined();
  });
});
