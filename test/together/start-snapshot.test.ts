import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { access, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  encodeText,
  maxSnapshotBytes,
  type PolicyLayer,
  type SystemAnswer,
  systemAnswer,
  systemCategories,
  systemSnapshot,
} from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SnapshotStore } from "../../appliance/server/store/snapshots.ts";
import { type ActiveSession, beginSession, seePicture } from "../support/active-session.ts";
import { connectConsole } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";
import { answerAll, snapshotChannel } from "../support/system-answers.ts";

const asking: PolicyLayer["rules"] = { snapshot: { setting: "allow", consent: "once" } };
const telling: PolicyLayer["rules"] = { snapshot: { setting: "allow", consent: "never" } };

let relay: Relay;
beforeAll(async () => {
  relay = await Relay.start({ config: { seats: 1000 } });
});
afterAll(() => relay[Symbol.asyncDispose]());

let count = 0;
/** A session whose representative has the picture of the customer's screen. */
async function seen(rules: PolicyLayer["rules"], prepare?: (session: ActiveSession) => void) {
  const name = `ann ${++count}`;
  relay.account(name, { rules });
  const session = await beginSession(relay, name);
  prepare?.(session);
  await seePicture(session);
  return { ...session, name };
}

/** What a computer says that has so much to say. */
function report(id: number, text = "carla-pc", rows = 1): SystemAnswer {
  const list = { name: "rows", rows: Array.from({ length: rows }, () => ({ text })), omitted: 0 };
  return { answer: "report", id, takenAt: 5, report: { facts: { name: text }, lists: [list] } };
}

function told({ representative }: ActiveSession, event: string) {
  return representative.hears("session.event", (notice) => notice.event.event === event);
}

/** Where it is kept, as its representative finds it. */
function read({ lsid, name }: ActiveSession & { name: string }): string | undefined {
  return relay.broker.snapshotPath(relay.account(name), lsid);
}

describe("the snapshot of a session's start", () => {
  it("is asked for after the first picture, read whole, kept and written down", async () => {
    const session = await seen(asking);
    const { customer, representative, lsid } = session;
    const channel = await snapshotChannel(session.customer);
    expect(customer.asked).toEqual(["view", "snapshot"]);
    await customer.hears("session.changed", ({ tools }) => tools?.[0]?.tool === "snapshot");
    await answerAll(channel, (id) =>
      id === 3 ? { answer: "failed", id, reason: "too-slow" } : report(id),
    );
    expect(await channel.end()).toBe("closed");
    const { event } = await told(session, "snapshot.taken");
    const bytes = await readFile(read(session) ?? "");
    expect(event.detail).toEqual({
      ...{ categories: 9, sizeBytes: bytes.length },
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    const kept = systemSnapshot.decode(bytes);
    expect(kept).toMatchObject({ lsid, customer: "Carla", computer: "carla-pc" });
    expect(kept.readings.map(({ category }) => category)).toEqual(systemCategories);
    expect((await stat(read(session) ?? "")).mode & 0o777).toBe(0o600);
    await representative.hears("session.changed", ({ snapshot }) => snapshot === "taken");
  });

  it("is not asked for where no administrator allows it", async () => {
    const session = await seen({});
    const { customer, representative, lsid } = session;
    // Another session, which begins later, has its own long before.
    await snapshotChannel((await seen(telling)).customer);
    expect(customer.asked).toEqual(["view"]);
    expect(customer.offered.map(({ channel }) => channel.kind)).toEqual(["screen"]);
    const { events } = await representative.call("session.history", { lsid });
    expect(events.filter(({ event }) => event.startsWith("snapshot."))).toEqual([]);
    expect(read(session)).toBeUndefined();
  });

  it("is not taken when the customer says no", async () => {
    const session = await seen(asking, ({ customer }) => {
      customer.answer = (permission) => permission !== "snapshot";
    });
    await told(session, "snapshot.refused");
    await session.representative.hears("session.changed", ({ snapshot }) => snapshot === "refused");
    expect(session.customer.offered.map(({ channel }) => channel.kind)).toEqual(["screen"]);
  });

  it("is not kept when the customer takes it back meanwhile", async () => {
    const session = await seen(asking);
    const channel = await snapshotChannel(session.customer);
    await answerAll(channel, (id) => report(id), { until: 9 });
    await session.customer.call("permission.revoke", { permission: "snapshot" });
    expect(await channel.end()).toBe("customer-refused");
    await told(session, "snapshot.refused");
    expect(read(session)).toBeUndefined();
  });

  it("goes on over a line that was interrupted", async () => {
    const session = await seen(telling);
    const channel = await snapshotChannel(session.customer);
    await answerAll(channel, (id) => report(id), { until: 4 });
    session.customer.drop();
    await told(session, "customer.disconnected");
    await session.customer.connect(true);
    await answerAll(channel, (id) => report(id), { from: 4 });
    await told(session, "snapshot.taken");
  });
});

describe("a snapshot that was written by an appliance that was killed before it said so", () => {
  it("goes at the next start", async () => {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), "handrail-snapshot-"));
    let file: string;
    {
      await using first = await Relay.start({ dataDirectory });
      first.account("ann");
      const { lsid } = await beginSession(first);
      const snapshots = new SnapshotStore(path.join(dataDirectory, "recordings"));
      await snapshots.write(lsid, encodeText("{}"));
      file = snapshots.pathOf(lsid);
    }
    await access(file);
    await using again = await Relay.start({ dataDirectory });
    await poll("it is gone", () => !existsSync(file));
    expect(again.log.filter((line) => line.includes("snapshot."))).toEqual([]);
    await rm(dataDirectory, { recursive: true });
  });
});

describe("a client that lies", () => {
  it.each([
    ["malformed", encodeText('{"answer":"report","id":1,"takenAt":1,"report":{"facts":[]}}')],
    ["of another question", systemAnswer.encode(report(7))],
  ])("with an answer %s has nothing kept, which is written down", async (_what, bytes) => {
    const session = await seen(telling);
    const channel = await snapshotChannel(session.customer);
    channel.send(bytes);
    expect(await channel.end()).toBe("protocol-violation");
    const { event } = await told(session, "snapshot.failed");
    expect(event.detail).toEqual({ code: "protocol-violation" });
    expect(read(session)).toBeUndefined();
    expect(relay.log.some((line) => line.includes("snapshot.failed"))).toBe(true);
  });

  it("with more than is kept has nothing kept, and its session goes on", async () => {
    const session = await seen(telling);
    const channel = await snapshotChannel(session.customer);
    const large = report(1, "x".repeat(1000), 1700);
    const sizeBytes = systemAnswer.encode(large).length;
    const fits = Math.floor(maxSnapshotBytes / sizeBytes);
    expect(fits).toBeLessThan(systemCategories.length);
    await answerAll(channel, (id) => ({ ...large, id }), { until: fits + 1 });
    expect(await channel.end()).toBe("frame-too-large");
    const { event } = await told(session, "snapshot.failed");
    expect(event.detail).toEqual({ code: "frame-too-large" });
    expect(
      await session.representative.outcome("chat.send", { lsid: session.lsid, text: "?" }),
    ).toBe("allowed");
  });

  it("with one message that no channel takes loses the channel alone", async () => {
    const session = await seen(telling);
    const channel = await snapshotChannel(session.customer);
    channel.send(new Uint8Array(2 * 1024 * 1024 + 1));
    expect(await channel.end()).toBe("frame-too-large");
    await told(session, "snapshot.failed");
    expect(session.customer.closeCode).toBeUndefined();
  });
});

describe("who may read it", () => {
  it("is whoever takes part and may read system information, and administrators", async () => {
    const session = await seen(telling);
    await answerAll(await snapshotChannel(session.customer), (id) => report(id));
    await told(session, "snapshot.taken");
    const { lsid } = session;
    const open = (about: Parameters<Relay["account"]>[1], name = session.name) =>
      relay.broker.snapshotPath(relay.account(name, about), lsid);
    expect(open({ rules: {} })).toContain(lsid);
    expect(() => open({ rules: { system: { setting: "deny" } } })).toThrow("not allowed");
    expect(() => open({}, "stranger")).toThrow("no such session");
    expect(open({ role: "administrator" }, "chief")).toContain(lsid);
    const guest = relay.account("guest");
    await using watching = await connectConsole(relay.url, "guest");
    await session.representative.call("session.share", { lsid, with: guest.id, observer: true });
    expect(() => open({}, "guest")).toThrow("only watches");
    await watching.leave();
  });

  it("is no console that asks for a channel of its own", async () => {
    const session = await seen(telling);
    const probe = session.representative.open("snapshot", session.lsid);
    expect(await probe.end()).toBe("not-permitted");
  });
});
