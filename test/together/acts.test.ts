import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginSession } from "../support/active-session.ts";
import { connectConsole } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";
import { ShiftClock } from "../support/shift-clock.ts";

const clock = new ShiftClock();
let relay: Relay;
beforeAll(async () => {
  relay = await Relay.start({ clock });
});
afterAll(() => relay[Symbol.asyncDispose]());

/** A session whose screen may be seen, and whose representative has done so much already. */
async function begin(name: string) {
  relay.account(name);
  const session = await beginSession(relay, name);
  const { lsid, representative } = session;
  const wanted = { lsid, permission: "view" } as const;
  await representative.call("permission.request", wanted);
  const watched = () =>
    relay.audit.ofSession(lsid).filter(({ event }) => event === "screen.watched").length;
  /** Asks for what is allowed already, until no more is; gives how often that was. */
  const tire = async () => {
    for (let times = 0; times < 400; times++) {
      if ((await representative.outcome("permission.request", wanted)) !== "allowed") return times;
    }
    return Infinity;
  };
  /** Waits until it is refused for being too much: a slow machine gives back a little meanwhile. */
  const isRefused = async (what: string, work: () => Promise<string>) => {
    await poll(`${what} is refused`, async () => {
      await tire();
      return (await work()) === "too-many-attempts";
    });
  };
  return { ...session, watched, tire, isRefused };
}

describe("a representative who does the same over and over", () => {
  it("is refused for a while, and fills no audit log with it", async () => {
    const { lsid, representative, watched, tire, isRefused } = await begin("ann");
    await representative.open("screen", lsid).opened();
    expect(await tire()).toBeLessThan(400);
    await isRefused("watching", async () => {
      const screen = representative.open("screen", lsid);
      await poll("an answer", () => screen.isOpen || screen.ended);
      return screen.ended?.code ?? "";
    });
    const before = watched();
    clock.skip(3000);
    await representative.open("screen", lsid).opened();
    expect(watched()).toBe(before + 1);
  });

  it("has no more actions done, and fills in no more fields", async () => {
    const { lsid, representative, isRefused } = await begin("eva");
    await representative.call("permission.request", { lsid, permission: "actions" });
    const act = () => representative.outcome("action.run", { lsid, action: "lock" });
    await isRefused("an action", act);
    const fields = [{ id: "external-key", value: "x" }];
    const fill = () => representative.outcome("session.fill-in", { lsid, fields });
    await isRefused("a field", fill);
  });

  it("has not earned anything by another console", async () => {
    const { isRefused } = await begin("bob");
    await using other = await connectConsole(relay.url, "bob");
    await isRefused("a key", () => other.outcome("key.create", {}));
  });

  it("can give up, leave and end all the same, and holds nobody else up", async () => {
    const { lsid, representative, isRefused } = await begin("cid");
    await representative.call("permission.request", { lsid, permission: "control" });
    const take = () => representative.outcome("control.take", { lsid, force: false });
    expect(await take()).toBe("allowed");
    await isRefused("taking", take);
    expect(await representative.outcome("control.release", { lsid })).toBe("allowed");
    expect(await representative.outcome("session.end", { lsid })).toBe("allowed");
    const other = await begin("dora");
    await other.representative.open("screen", other.lsid).opened();
  });
});
