import { personalQueue, type RepresentativeId } from "@handrail/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { askAgainAfterMs } from "../../appliance/server/relay/consent.ts";
import { actionsFor } from "../../appliance/server/relay/special-actions.ts";
import { type ActiveSession, beginSession } from "../support/active-session.ts";
import { connectCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";
import { ShiftClock } from "../support/shift-clock.ts";

const clock = new ShiftClock();
let relay: Relay;
beforeAll(async () => {
  relay = await Relay.start({ clock });
  relay.account("ann");
  relay.account("bob");
});
afterAll(() => relay[Symbol.asyncDispose]());

const author = { id: "ad".repeat(16) as RepresentativeId, name: "admin" };
const flush = {
  name: { en: "Flush DNS", fr: "Vider le cache DNS" },
  command: "resolvectl flush-caches",
  platform: "linux",
  teams: [] as string[],
  question: { en: "", fr: "" },
} as const;

let session: ActiveSession | undefined;
afterEach(() => {
  if (session) for (const each of [session.representative, session.customer]) each.drop();
  session = undefined;
});

describe("a special action of the site", () => {
  it("is offered without its command, ordered by its id, and written down with it", async () => {
    const id = await relay.broker.specialActions.add({ ...flush, teams: [] }, author);
    session = await beginSession(relay);
    const { representative, customer, lsid } = session;
    const { actions } = await representative.call("action.list", { lsid });
    expect(actions).toEqual([{ id, name: flush.name, platform: "linux", asks: false }]);
    await representative.call("permission.request", { lsid, permission: "actions" });
    customer.act = () => ({ outcome: "failed", exitCode: 3 });
    const done = await representative.call("action.run", { lsid, action: id });
    expect(done).toEqual({ outcome: "failed", exitCode: 3 });
    expect(customer.ordered.map(({ what }) => what)).toEqual([
      { kind: "custom", name: flush.name, command: flush.command, platform: "linux" },
    ]);
    const { event } = await representative.hears(
      "session.event",
      (told) => told.event.event === "action.done",
    );
    expect(event.detail).toEqual({
      ...{ act: "Flush DNS", command: flush.command, outcome: "failed", exitCode: 3 },
    });
    await relay.broker.specialActions.remove(id, author);
  });

  it("is neither offered nor done for who belongs to none of its teams", async () => {
    const team = await relay.broker.teams.add({ name: "Net", members: [] }, author);
    const id = await relay.broker.specialActions.add({ ...flush, teams: [team] }, author);
    session = await beginSession(relay, "ann");
    const { representative, lsid } = session;
    await representative.call("permission.request", { lsid, permission: "actions" });
    expect((await representative.call("action.list", { lsid })).actions).toEqual([]);
    expect(await representative.outcome("action.run", { lsid, action: id })).toBe("not-found");
  });
});

it("is for the members of its teams, or for everybody", () => {
  const [ann, bob] = [relay.account("ann").id, relay.account("bob").id];
  const all = ["for all", "for bob"].map((id, i) => ({
    ...{ id, body: { ...flush, teams: i === 0 ? [] : ["b"] } },
  }));
  const teams = [{ id: "b", queue: personalQueue(bob), name: "B", members: [bob] }];
  expect(actionsFor(ann, all, teams).map(({ id }) => id)).toEqual(["for all"]);
  expect(actionsFor(bob, all, teams).map(({ id }) => id)).toEqual(["for all", "for bob"]);
});

describe("an order", () => {
  it("waits for the one before it, and stands for one client alone", async () => {
    session = await beginSession(relay);
    const { representative, customer, lsid } = session;
    await representative.call("permission.request", { lsid, permission: "actions" });
    const first = Promise.withResolvers<{ outcome: "done" }>();
    customer.act = () => first.promise;
    const done = representative.call("action.run", { lsid, action: "lock" });
    await poll("it is ordered", () => customer.ordered.length === 1);
    expect(await representative.outcome("action.run", { lsid, action: "terminal" })).toBe(
      "conflict",
    );
    first.resolve({ outcome: "done" });
    expect(await done).toEqual({ outcome: "done" });
    expect(customer.ordered).toHaveLength(1);
  });
});

describe("a customer who has said no to an action", () => {
  it("is not asked about it again at once", async () => {
    session = await beginSession(relay);
    const { representative, customer, lsid } = session;
    customer.act = () => ({ outcome: "refused" });
    const restart = { lsid, action: "reboot" } as const;
    expect(await representative.call("action.run", restart)).toEqual({ outcome: "refused" });
    expect(await representative.outcome("action.run", restart)).toBe("too-many-attempts");
    expect(customer.ordered).toHaveLength(1);
    clock.skip(askAgainAfterMs);
    expect(await representative.call("action.run", restart)).toEqual({ outcome: "refused" });
  });
});

describe("a way back", () => {
  it("is given only while a restart is ordered, works once, and makes the earlier ticket void", async () => {
    session = await beginSession(relay);
    const { representative, customer, lsid } = session;
    expect(await customer.outcome("session.return", {})).toBe("conflict");
    let token = "";
    customer.act = async () => {
      ({ token } = await customer.call("session.return", {}));
      return { outcome: "done" };
    };
    await representative.call("action.run", { lsid, action: "reboot" });
    expect(token).toMatch(/^hrt_/);
    const { ticket } = customer;
    customer.drop();
    const returning = await connectCustomer(relay.url, { returning: token });
    expect(returning.welcome?.session?.lsid).toBe(lsid);
    await representative.hears(
      "session.event",
      (told) => told.event.event === "customer.restarted",
    );
    await expect(connectCustomer(relay.url, { returning: token })).rejects.toMatchObject({
      code: "not-authenticated",
    });
    await expect(connectCustomer(relay.url, { ticket })).rejects.toMatchObject({
      code: "not-authenticated",
    });
    returning.drop();
  });

  it("is made once for each restart, however often it is asked for", async () => {
    session = await beginSession(relay);
    const { representative, customer, lsid } = session;
    const outcomes: string[] = [];
    customer.act = async () => {
      for (let i = 0; i < 3; i++) outcomes.push(await customer.outcome("session.return", {}));
      return { outcome: "done" };
    };
    await representative.call("action.run", { lsid, action: "reboot" });
    expect(outcomes).toEqual(["allowed", "conflict", "conflict"]);
    const events = relay.audit.ofSession(lsid).map(({ event }) => event);
    expect(events.filter((event) => event === "customer.restarting")).toHaveLength(1);
  });

  it("is taken back when the computer does not restart", async () => {
    session = await beginSession(relay);
    const { representative, customer, lsid } = session;
    let token = "";
    customer.act = async () => {
      ({ token } = await customer.call("session.return", {}));
      return { outcome: "failed" };
    };
    await representative.call("action.run", { lsid, action: "reboot" });
    await representative.hears(
      "session.event",
      (told) => told.event.event === "customer.not-restarting",
    );
    await expect(connectCustomer(relay.url, { returning: token })).rejects.toMatchObject({
      code: "not-authenticated",
    });
  });

  it("counts as begun when the computer was faster than its answer", async () => {
    session = await beginSession(relay);
    const { representative, customer, lsid } = session;
    let token = "";
    customer.act = async () => {
      ({ token } = await customer.call("session.return", {}));
      return new Promise(() => undefined);
    };
    const done = representative.call("action.run", { lsid, action: "reboot" });
    await poll("the way back is there", () => token !== "");
    customer.drop();
    const returning = await connectCustomer(relay.url, { returning: token });
    expect(await done).toEqual({ outcome: "done" });
    returning.drop();
  });
});
