import { createHash } from "node:crypto";
import { maxNoteLength, newScript, scriptHeldMs, type ScriptSummary } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../appliance/server/clock.ts";
import { NoteStore } from "../../appliance/server/store/notes.ts";
import { Representatives } from "../../appliance/server/store/representatives.ts";
import { beginSession } from "../support/active-session.ts";
import { connectConsole, type ConsoleEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";

const words = { description: "What it does", category: "General" };

let relay: Relay;
let editor: ConsoleEnd;
/** How far the appliance's steady clock is ahead, ms. */
let skipped = 0;
beforeAll(async () => {
  const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + skipped };
  relay = await Relay.start({ clock, config: { seats: 100 } });
  relay.account("ann");
  relay.account("bob");
  relay.account("root", { role: "administrator" });
  editor = await connectConsole(relay.url, "root");
});
afterAll(() => relay[Symbol.asyncDispose]());

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const documentOf = (name: string, about: readonly string[], text: string) =>
  ["---", `name: ${name}`, ...about, "---", text].join("\n");

async function add(name: string, text = "#!/bin/sh\ntrue\n", ...about: string[]) {
  const document = documentOf(name, about, text);
  return { document, ...(await editor.call("script.save", { revision: 0, document })) };
}

function rows(event: string, script: string) {
  return relay.store.raw
    .prepare("SELECT detail FROM audit WHERE event = ? ORDER BY seq")
    .all(event)
    .map(({ detail }) => JSON.parse(String(detail)) as Record<string, unknown>)
    .filter((detail) => detail.script === script);
}

describe("the scripts of a site", () => {
  it("are kept, listed, read, changed and deleted, each change with the hashes of before and after", async () => {
    const first = await add("Uptime", "#!/bin/sh\nuptime\n", "categories: [Health]");
    expect(first).toMatchObject({ revision: 1, categories: ["Health"], mayRun: true });
    const { id } = first;
    const { document, revision } = await editor.call("script.read", { id });
    expect([document, revision]).toEqual([first.document, 1]);
    const changed = `${document}# again\n`;
    await editor.call("script.save", { id, revision, document: changed });
    expect(await editor.outcome("script.save", { id, revision, document })).toBe("conflict");
    expect(await editor.outcome("script.delete", { id, revision })).toBe("conflict");
    await editor.call("script.delete", { id, revision: 2 });
    expect(await editor.outcome("script.read", { id })).toBe("not-found");
    const [before, after] = [hash(document), hash(changed)];
    expect(rows("script.added", "Uptime")).toEqual([
      { script: "Uptime", revision: 1, sha256: before },
    ]);
    expect(rows("script.changed", "Uptime")).toEqual([
      { script: "Uptime", revision: 2, sha256Before: before, sha256: after },
    ]);
    expect(rows("script.removed", "Uptime")).toEqual([
      { script: "Uptime", revision: 2, sha256Before: after },
    ]);
  });

  it("are told of to everyone when they change", async () => {
    const ann = await connectConsole(relay.url, "ann");
    await add("Told");
    await ann.hears("scripts.changed");
  });

  it("are changed by administrators and whoever was given that, and by nobody else", async () => {
    const { id, document, revision } = await add("Mine");
    const ann = await connectConsole(relay.url, "ann");
    expect((await ann.call("script.list", {})).mayEdit).toBe(false);
    for (const outcome of [
      await ann.outcome("script.save", { id, revision, document }),
      await ann.outcome("script.save", { revision: 0, document: newScript("Hers", words) }),
      await ann.outcome("script.delete", { id, revision }),
    ]) {
      expect(outcome).toBe("not-permitted");
    }
    relay.account("carl", { editsScripts: true });
    const carl = await connectConsole(relay.url, "carl");
    await carl.call("script.save", { id, revision, document: `${document}#\n` });
    // As it is at that moment, also for a console that has been here before.
    relay.account("carl", { editsScripts: false });
    expect(await carl.outcome("script.delete", { id, revision: 2 })).toBe("not-permitted");
  });

  it("are for their teams alone; for others they do not exist", async () => {
    // A team's members are accounts of the database.
    const stored = { name: "bob", displayName: "Bob", role: "representative" } as const;
    const bob = new Representatives(relay.store).add({ ...stored, passwordHash: "" }, 0);
    relay.account("bob", { id: bob });
    await relay.broker.teams.add(
      { name: "Night shift", members: [bob] },
      { id: bob, name: "root" },
    );
    const { id } = await add("Nightly", "#!/bin/sh\ntrue\n", "teams: [Night shift]");
    const ann = await beginSession(relay, "ann");
    const names = async (end: ConsoleEnd) =>
      (await end.call("script.list", {})).scripts.map(({ name }: ScriptSummary) => name);
    expect(await names(ann.representative)).not.toContain("Nightly");
    expect(await ann.representative.outcome("script.read", { id })).toBe("not-found");
    const { lsid } = ann;
    await ann.representative.call("permission.request", { lsid, permission: "scripts" });
    const source = { script: id };
    expect(await ann.representative.outcome("script.prepare", { lsid, source })).toBe("not-found");
    expect(await names(await connectConsole(relay.url, "bob"))).toContain("Nightly");
    // Who may change a script of another team may not run it for that.
    const session = await beginSession(relay, "root");
    const asked = { lsid: session.lsid, permission: "scripts" } as const;
    await session.representative.call("permission.request", asked);
    const wanted = { lsid: session.lsid, source };
    expect(await session.representative.outcome("script.prepare", wanted)).toBe("not-permitted");
  });

  it.each([
    ["without a name", newScript("", words).replace("name: ", "name:")],
    ["with a name that is a path", newScript("../../etc/passwd", words)],
    ["with a team that is not there", documentOf("Teamless", ["teams: [Nobody]"], "#!/bin/sh\n:")],
    ["with a platform that nobody has", documentOf("Odd", ["platforms: [amiga]"], "#!/bin/sh\n:")],
    ["that is no document", "#!/bin/sh\ntrue\n"],
  ])("are not kept %s", async (_, document) => {
    expect(await editor.outcome("script.save", { revision: 0, document })).toBe("bad-request");
  });

  it("have names of their own, whatever the case", async () => {
    await add("Only one");
    const document = newScript("ONLY ONE", words);
    expect(await editor.outcome("script.save", { revision: 0, document })).toBe("conflict");
  });
});

describe("a run", () => {
  /** A session in which scripts are allowed. */
  async function begin() {
    const session = await beginSession(relay, "ann");
    const { representative: ann, lsid } = session;
    await ann.call("permission.request", { lsid, permission: "scripts" });
    return { ...session, ann };
  }

  it("is what the appliance has kept, with macros as variables, and is shown by its name", async () => {
    const text = '#!/bin/sh\necho "${session.customer.name}"\n';
    const { id, document } = await add("Greet", text);
    const { ann, customer, lsid } = await begin();
    const { run } = await ann.call("script.prepare", { lsid, source: { script: id } });
    const [order] = customer.orders;
    expect(order).toMatchObject({ run, name: "Greet", revision: 1, sha256: hash(document) });
    expect(order?.text).toBe('#!/bin/sh\necho "${HANDRAIL_SESSION_CUSTOMER_NAME}"\n');
    expect(order?.variables.HANDRAIL_SESSION_CUSTOMER_NAME).toBe(customer.facts.name);
    const near = await ann.open("script", lsid, run).opened();
    await customer.hears("session.changed", ({ tools }) => tools?.[0]?.what === "Greet");
    const far = await poll("the channel reaches the customer", () => customer.offered.at(-1));
    const { name, revision, sha256 } = { name: "Greet", revision: 1, sha256: hash(document) };
    const detail = { name, revision, sha256, exitCode: 0, durationMs: 5 };
    customer.tell("tool.event", { channel: far.channel.id, event: "script.ran", detail });
    const ran = await ann.hears("session.event", ({ event }) => event.event === "script.ran");
    expect(ran.event).toMatchObject({ who: "Ann", detail });
    far.channel.close();
    expect(await near.end()).toBe("closed");
    const { events } = await ann.call("session.history", { lsid });
    const opened = events.find(({ event }) => event === "script.opened");
    expect(opened?.detail).toEqual({ name, revision, sha256 });
  });

  it("is for whoever has prepared it, once, and for its own session", async () => {
    const { id } = await add("Once");
    const { ann, lsid } = await begin();
    const other = await begin();
    const { run } = await ann.call("script.prepare", { lsid, source: { script: id } });
    expect(await other.ann.open("script", other.lsid, run).end()).toBe("not-found");
    expect(await ann.open("script", lsid).end()).toBe("not-found");
    await ann.open("script", lsid, run).opened();
    expect(await ann.open("script", lsid, run).end()).toBe("not-found");
  });

  it("begins within a minute after it was prepared, or not at all", async () => {
    const { id } = await add("Late");
    const { ann, lsid } = await begin();
    const { run } = await ann.call("script.prepare", { lsid, source: { script: id } });
    skipped = scriptHeldMs;
    expect(await ann.open("script", lsid, run).end()).toBe("not-found");
    const again = await ann.call("script.prepare", { lsid, source: { script: id } });
    await ann.open("script", lsid, again.run).opened();
  });

  it("needs all that its script needs, and what somebody has written needs a shell", async () => {
    const { id } = await add("Deep", "#!/bin/sh\ntrue\n", "needs: [shell]");
    const { ann, lsid } = await begin();
    const written = { name: "Cell", text: "id\n" };
    for (const source of [{ script: id }, written]) {
      expect(await ann.outcome("script.prepare", { lsid, source })).toBe("customer-refused");
    }
    await ann.call("permission.request", { lsid, permission: "shell" });
    for (const source of [{ script: id }, written]) {
      expect(await ann.outcome("script.prepare", { lsid, source })).toBe("allowed");
    }
  });

  it("does not begin, nor go on, without what its script needs", async () => {
    const { id } = await add("Deeper", "#!/bin/sh\ntrue\n", "needs: [shell]");
    const { ann, customer, lsid } = await begin();
    const prepare = () => ann.call("script.prepare", { lsid, source: { script: id } });
    await ann.call("permission.request", { lsid, permission: "shell" });
    const early = await prepare();
    const near = await ann.open("script", lsid, (await prepare()).run).opened();
    await customer.call("permission.revoke", { permission: "shell" });
    expect(await near.end()).toBe("customer-refused");
    expect(await ann.open("script", lsid, early.run).end()).toBe("customer-refused");
  });

  it("does not begin with a macro that does not exist", async () => {
    const { id } = await add("Typo", '#!/bin/sh\necho "${session.nobody}"\n');
    const { ann, lsid } = await begin();
    const source = { script: id };
    expect(await ann.outcome("script.prepare", { lsid, source })).toBe("bad-request");
  });

  it("ends when the customer takes the permission back", async () => {
    const { id } = await add("Stopped");
    const { ann, customer, lsid } = await begin();
    const { run } = await ann.call("script.prepare", { lsid, source: { script: id } });
    const near = await ann.open("script", lsid, run).opened();
    await customer.call("permission.revoke", { permission: "scripts" });
    expect(await near.end()).toBe("customer-refused");
  });

  it("is not for a customer who is away, nor for a session of others", async () => {
    const { id } = await add("Away");
    const { ann, customer, lsid } = await begin();
    ann.forget();
    customer.drop();
    await ann.hears("session.changed", (view) => view.lsid === lsid && !view.customerConnected);
    const source = { script: id };
    expect(await ann.outcome("script.prepare", { lsid, source })).toBe("customer-away");
    const bob = await connectConsole(relay.url, "bob");
    expect(await bob.outcome("script.prepare", { lsid, source })).toBe("not-found");
  });
});

describe("a note", () => {
  it("is kept with its session, as it was written, and written down with its hash", async () => {
    const { representative: ann, lsid } = await beginSession(relay, "ann");
    const text = "# Disk\n\n<script>alert(1)</script>\n";
    await ann.call("note.keep", { lsid, note: { title: "Disk", text } });
    expect(relay.broker.readSession(lsid)?.notes).toMatchObject([
      { author: "Ann", title: "Disk", text },
    ]);
    const { events } = await ann.call("session.history", { lsid });
    const kept = events.find(({ event }) => event === "note.kept");
    const sizeBytes = Buffer.byteLength(text);
    expect(kept?.detail).toEqual({ title: "Disk", sizeBytes, sha256: hash(text) });
    expect(new NoteStore(relay.store).count(lsid)).toBe(1);
  });

  it("is nothing that others can keep, nor without end", async () => {
    const { representative: ann, lsid } = await beginSession(relay, "ann");
    const note = { title: "x", text: "y" };
    const bob = await connectConsole(relay.url, "bob");
    expect(await bob.outcome("note.keep", { lsid, note })).toBe("not-found");
    const long = { title: "x", text: "y".repeat(maxNoteLength + 1) };
    expect(await ann.outcome("note.keep", { lsid, note: long })).toBe("bad-request");
  });
});
