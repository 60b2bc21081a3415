import {
  type ChannelKind,
  type ErrorCode,
  type Permission,
  permissions as allPermissions,
  personalQueue,
  type PolicyLayer,
} from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ActiveSession, beginSession } from "../support/active-session.ts";
import { connectConsole, type ConsoleEnd, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";

/** What a console can try: a snapshot the appliance alone takes, which has a test of its own. */
const permissions = allPermissions.filter((each) => each !== "snapshot");
type Tried = (typeof permissions)[number];

const roles = ["representative", "observer", "stranger"] as const;
type Role = (typeof roles)[number];
const settings = ["denied", "allowed", "allowed after consent"] as const;
type Setting = (typeof settings)[number];
const consents = ["not asked", "granted", "refused", "revoked"] as const;
type Consent = (typeof consents)[number];

type Outcome = "allowed" | ErrorCode;

/** What must come of an attempt; written down apart from the code that decides. */
function expected(role: Role, setting: Setting, consent: Consent, what: Permission): Outcome {
  if (role === "stranger") return "not-found";
  if (role === "observer" && what !== "view" && what !== "chat") return "not-permitted";
  if (setting === "denied") return "not-permitted";
  if (setting === "allowed") return consent === "revoked" ? "customer-refused" : "allowed";
  return consent === "granted" ? "allowed" : "customer-refused";
}

function rulesOf(setting: Setting): PolicyLayer["rules"] {
  const rule =
    setting === "denied"
      ? ({ setting: "deny" } as const)
      : ({ setting: "allow", consent: setting === "allowed" ? "never" : "once" } as const);
  return Object.fromEntries(permissions.map((each) => [each, rule]));
}

let relay: Relay;
beforeAll(async () => {
  relay = await Relay.start({ config: { seats: 1000 } });
  relay.account("helper");
  relay.account("guest");
});
afterAll(() => relay[Symbol.asyncDispose]());

/** The one whose rights are tried, in the role that is tried. */
async function castFor(role: Role, session: ActiveSession, name: string): Promise<ConsoleEnd> {
  if (role === "representative") return session.representative;
  const end = await connectConsole(relay.url, name);
  if (role === "stranger") return end;
  const id = end.welcome?.representative?.id;
  if (!id) throw new Error("a console's welcome names its representative");
  const { lsid } = session;
  await session.representative.call("session.share", { lsid, with: id, observer: true });
  return end;
}

async function prepare(consent: Consent, who: ConsoleEnd, { customer, lsid }: ActiveSession) {
  customer.answer = () => consent !== "refused";
  for (const permission of permissions) {
    if (consent === "not asked") continue;
    await who.outcome("permission.request", { lsid, permission });
    if (consent === "revoked") await customer.call("permission.revoke", { permission });
  }
}

/** Tries it as a console would that shows every button and asks nobody. */
async function attempt(what: Tried, who: ConsoleEnd, { lsid }: ActiveSession): Promise<string> {
  switch (what) {
    case "view":
      return openOutcome(who, "screen", lsid);
    case "control": {
      const taken = await who.outcome("control.take", { lsid, force: true });
      // Input without the right to it is refused as well, whatever was said before.
      const opened = await openOutcome(who, "input", lsid);
      expect(opened === "allowed").toBe(taken === "allowed");
      return taken;
    }
    case "shell":
    case "files":
    case "files-write":
    case "system":
    case "system-act":
    case "elevate":
    case "clipboard-to-customer":
    case "clipboard-from-customer":
    case "chat-file":
    case "draw":
      return openOutcome(who, what, lsid);
    case "scripts":
      return who.outcome("script.prepare", { lsid, source: { name: "one", text: "true" } });
    case "actions":
      return who.outcome("action.run", { lsid, action: "lock" });
    case "reboot":
      return who.outcome("action.run", { lsid, action: "reboot" });
    case "chat":
      return who.outcome("chat.send", { lsid, text: "hello" });
    case "push-url":
      return who.outcome("chat.push-url", { lsid, url: "https://example.org/" });
    case "record":
      return who.outcome("record.start", { lsid });
    case "share": {
      const guest = relay.account("guest").id;
      return who.outcome("session.share", { lsid, with: guest, observer: false });
    }
    case "transfer":
      return who.outcome("session.transfer", {
        lsid,
        to: personalQueue(relay.account("guest").id),
      });
  }
}

async function openOutcome(who: ConsoleEnd, kind: ChannelKind, lsid: ActiveSession["lsid"]) {
  const probe = who.open(kind, lsid);
  await poll("the appliance answers", () => probe.isOpen || probe.ended, 5000);
  return probe.ended ? (probe.ended.code ?? "closed") : "allowed";
}

describe.each(roles)("as %s", (role) => {
  describe.each(settings)("with everything %s", (setting) => {
    it.each(consents)("and consent %s, the appliance allows just what it must", async (consent) => {
      const name = `${role} ${setting} ${consent}`;
      relay.account(name, { rules: rulesOf(setting) });
      using guest = droppable(await connectConsole(relay.url, "guest"));
      const session = await beginSession(relay, role === "representative" ? name : "helper");
      const who = await castFor(role, session, name);
      await prepare(consent, who, session);
      const outcomes = await inOrder(permissions, async (what) => attempt(what, who, session));
      expect(outcomes).toEqual(
        Object.fromEntries(
          permissions.map((what) => [what, expected(role, setting, consent, what)]),
        ),
      );
      const ends = [session.representative, session.customer, who, guest.end];
      for (const each of ends) each.drop();
    });
  });
});

describe("with a client that has an administrator's rights", () => {
  const withRights = ["control", "shell", "files", "files-write"] as const;
  const alsoWithRights = ["scripts", "system-act", "actions", "chat-file"] as const;
  const elevated = { ...sampleCustomer, isElevated: true };

  it("whoever may not have the rights may do nothing that is done with them", async () => {
    const name = "without elevate";
    relay.account(name, { rules: { ...rulesOf("allowed"), elevate: { setting: "deny" } } });
    using guest = droppable(await connectConsole(relay.url, "guest"));
    const session = await beginSession(relay, name, elevated);
    const who = session.representative;
    const outcomes = await inOrder(permissions, async (what) => attempt(what, who, session));
    const denied: readonly Permission[] = [...withRights, ...alsoWithRights, "elevate"];
    expect(outcomes).toEqual(
      Object.fromEntries(
        permissions.map((what) => [what, denied.includes(what) ? "not-permitted" : "allowed"]),
      ),
    );
    for (const each of [who, session.customer, guest.end]) each.drop();
  });

  it("whoever may have them works as ever, until the customer takes them back", async () => {
    relay.account("with elevate", { rules: rulesOf("allowed") });
    const session = await beginSession(relay, "with elevate", elevated);
    const { representative, customer, lsid } = session;
    const open = await inOrder(["shell", "files"] as const, (kind) =>
      representative.open(kind, lsid).opened(),
    );
    await customer.call("permission.revoke", { permission: "elevate" });
    for (const probe of Object.values(open)) expect(await probe.end()).toBe("customer-refused");
    const outcomes = await inOrder(withRights, async (what) =>
      attempt(what, representative, session),
    );
    expect(new Set(Object.values(outcomes))).toEqual(new Set(["customer-refused"]));
    for (const each of [representative, customer]) each.drop();
  });
});

describe("taking a permission back", () => {
  it.each(["view", "control"] as const)(
    "ends %s at once, and is told and written",
    async (what) => {
      relay.account("ann");
      const session = await beginSession(relay);
      const { representative: ann, customer, lsid } = session;
      await ann.call("permission.request", { lsid, permission: what });
      if (what === "control") await ann.call("control.take", { lsid, force: false });
      const probe = await ann.open(what === "view" ? "screen" : "input", lsid).opened();
      const atCustomer = await poll("the channel reaches the customer", () => customer.offered[0]);
      await customer.call("permission.revoke", { permission: what });
      expect(await probe.end()).toBe(what === "view" ? "customer-refused" : "not-permitted");
      await atCustomer.end();
      await ann.hears("session.event", ({ event }) => event.event === "permission.revoked");
      await customer.hears("session.changed", (view) => view.permissions[what] === "revoked");
      await customer.hears("session.changed", ({ controller }) => controller === undefined);
      expect(await ann.outcome("permission.request", { lsid, permission: what })).toBe(
        "too-many-attempts",
      );
    },
  );
});

function droppable(end: ConsoleEnd) {
  return { end, [Symbol.dispose]: () => end.drop() };
}

async function inOrder<K extends string, V>(
  keys: readonly K[],
  work: (key: K) => Promise<V>,
): Promise<Record<string, V>> {
  const results: Record<string, V> = {};
  for (const key of keys) results[key] = await work(key);
  return results;
}
