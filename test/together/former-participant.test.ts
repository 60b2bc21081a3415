import type { Lsid } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { connectConsole, connectCustomer, type ConsoleEnd } from "../support/party.ts";
import { accessToken, Admin } from "../support/signed-in.ts";

const password = "a sound and long password";

let appliance: Appliance;
let ann: ConsoleEnd;
let bob: ConsoleEnd;
let bobsToken: string;
let bobAtLogin: Admin;
let lsid: Lsid;

beforeAll(async () => {
  appliance = await Appliance.start();
  await appliance.setUp();
  const admin = new Admin(appliance);
  await admin.signIn();
  await admin.write("representatives", { name: "bob", displayName: "Bob", password });
  bobAtLogin = new Admin(appliance);
  await bobAtLogin.signIn("bob", password);
  ann = await connectConsole(appliance.url, await accessToken(appliance));
  bobsToken = await accessToken(appliance, "bob");
  bob = await connectConsole(appliance.url, bobsToken);
  const made = await ann.key();
  lsid = made.lsid;
  const customer = await connectCustomer(appliance.url, { key: made.key });
  await ann.call("session.accept", { lsid });
  await customer.call("chat.send", { text: "before" });
});
afterAll(() => appliance[Symbol.asyncDispose]());

/** Every way in which Bob may try to read of the session. */
async function readable(): Promise<Record<string, boolean>> {
  const headers = { authorization: `Bearer ${bobsToken}` };
  const listed = await bobAtLogin.json<{ sessions: { lsid: Lsid }[] }>("sessions");
  return {
    history: (await bob.outcome("session.history", { lsid })) === "allowed",
    list: listed.sessions.some((each) => each.lsid === lsid),
    dossier: (await bobAtLogin.read(`sessions/${lsid}`)).status === 200,
    consoleDossier:
      (await appliance.ask(`/api/sessions/${lsid}/events`, { headers })).status === 200,
  };
}

describe("a session", () => {
  it("is read by who takes part, not by who has left, and in the end by all who did", async () => {
    const all = Object.fromEntries(Object.keys(await readable()).map((name) => [name, true]));
    const none = Object.fromEntries(Object.keys(all).map((name) => [name, false]));
    expect(await readable()).toEqual(none);
    const id = bob.welcome?.representative?.id;
    if (!id) throw new Error("a console's welcome names its representative");
    await ann.call("session.share", { lsid, with: id, observer: false });
    expect(await readable()).toEqual(all);
    await bob.call("session.leave", { lsid });
    expect(await readable()).toEqual(none);
    await ann.call("chat.send", { lsid, text: "not for Bob" });
    expect(bob.heard.filter(({ name }) => name === "chat.message")).toEqual([]);
    expect((await bobAtLogin.read(`sessions/${lsid}/recording`)).status).toBe(404);
    await ann.call("session.end", { lsid });
    expect(await readable()).toEqual(all);
  });
});
