import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  decodeText,
  type Lsid,
  RecordingReader,
  type RecordingRecord,
  recordKinds,
  sessionEventShape,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { beginSession, takeControl, watch } from "../support/active-session.ts";
import { connectConsole, CustomerEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";

const isRoot = process.getuid?.() === 0;

async function recordsOf(relay: Relay, lsid: Lsid): Promise<RecordingRecord[]> {
  const file = relay.broker.recordingPath(lsid);
  if (!file) throw new Error("there is no recording");
  return new RecordingReader().push(await readFile(file));
}

function textsOf(records: readonly RecordingRecord[], kind: number): string[] {
  return records.filter((each) => each.kind === kind).map(({ body }) => decodeText(body));
}

function eventsOf(records: readonly RecordingRecord[]): string[] {
  return textsOf(records, recordKinds.EVENT).map(
    (text) => sessionEventShape.parse(JSON.parse(text)).event,
  );
}

describe("a recording", () => {
  it("holds the pictures as they were sent, the chat, the events, and who had control", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { representative: ann, customer, lsid } = session;
    const { screen, source } = await watch(session, ann);
    await customer.hears("session.changed", ({ recording }) => recording === "on");
    const large = new Uint8Array(100_000).fill(65);
    source.send("picture 1");
    source.send(large);
    source.send("picture 3");
    await screen.text("picture 3");
    await takeControl(session, ann);
    await customer.call("chat.send", { text: "what do you do there?" });
    await ann.call("control.release", { lsid });
    await ann.hears("session.event", ({ event }) => event.event === "control.released");
    await ann.call("session.end", { lsid });
    const records = await poll("the recording is finished", async () => {
      const read = await recordsOf(relay, lsid);
      return read.at(-1)?.kind === recordKinds.END && read;
    });
    expect(records[0]?.kind).toBe(recordKinds.META);
    expect(JSON.parse(decodeText(records[0]?.body ?? large))).toMatchObject({
      lsid,
      siteName: "Example Support",
      customer: "Carla",
    });
    const large1 = "A".repeat(100_000);
    expect(textsOf(records, recordKinds.SURFACE)).toEqual(["picture 1", large1, "picture 3"]);
    expect(textsOf(records, recordKinds.CHAT)[0]).toContain("what do you do there?");
    expect(eventsOf(records)).toEqual([
      "recording.started",
      "screen.watched",
      "permission.asked",
      "permission.granted",
      "control.taken",
      "control.released",
    ]);
    const times = records.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const owner = relay.account("ann");
    const stranger = relay.account("bob");
    expect(relay.broker.mayReadRecording(owner, lsid)).toBe(true);
    expect(relay.broker.mayReadRecording(stranger, lsid)).toBe(false);
    expect(relay.broker.mayReadRecording({ ...stranger, role: "administrator" }, lsid)).toBe(true);
    const past = await ann.call("session.past", { limit: 10 });
    expect(past.sessions).toMatchObject([{ lsid, state: "ended", hasRecording: true }]);
  });

  it("is on the disk within two seconds", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { source, screen } = await watch(session, session.representative);
    source.send("picture 1");
    await screen.text("picture 1");
    await poll(
      "the picture is in the file",
      async () => textsOf(await recordsOf(relay, session.lsid), recordKinds.SURFACE).length === 1,
      2000,
    );
  });

  it("is stopped and started at a representative's wish, and begins with a whole picture", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const session = await beginSession(relay);
    const { representative: ann, customer, lsid } = session;
    const { source, screen } = await watch(session, ann);
    source.send("recorded");
    await screen.text("recorded");
    await ann.call("record.stop", { lsid });
    await customer.hears("session.changed", ({ recording }) => recording === "off");
    source.send("private");
    await screen.text("private");
    await ann.call("record.start", { lsid });
    const anew = await poll("the source is opened anew", () => customer.offered[1]);
    anew.send("recorded again");
    await screen.text("recorded again");
    await ann.call("session.end", { lsid });
    const records = await poll("the recording is finished", async () => {
      const read = await recordsOf(relay, lsid);
      return read.at(-1)?.kind === recordKinds.END && read;
    });
    expect(textsOf(records, recordKinds.SURFACE)).toEqual(["recorded", "recorded again"]);
  });

  it("goes on in the same file after a restart, behind its last whole record", async () => {
    const dataDirectory = await mkdtemp(path.join(tmpdir(), "handrail-recording-"));
    const before = await Relay.start({ dataDirectory });
    const account = before.account("ann");
    const session = await beginSession(before);
    const { source, screen } = await watch(session, session.representative);
    source.send("before");
    await screen.text("before");
    const { ticket } = session.customer;
    await before[Symbol.asyncDispose]();
    const file = path.join(
      dataDirectory,
      "recordings",
      session.lsid.slice(0, 2),
      `${session.lsid}.hrrec`,
    );
    const whole = await readFile(file);
    // As if the power had gone while a record was being written.
    await writeFile(file, Buffer.concat([whole, whole.subarray(8, 28)]));

    await using after = await Relay.start({ dataDirectory });
    after.account("ann", account);
    const ann = await connectConsole(after.url, "ann");
    const customer = new CustomerEnd(after.url, { ticket });
    await customer.connect();
    const again = await watch({ representative: ann, customer, lsid: session.lsid }, ann);
    again.source.send("after");
    await again.screen.text("after");
    await ann.call("session.end", { lsid: session.lsid });
    const records = await poll("the recording is finished", async () => {
      const read = await recordsOf(after, session.lsid);
      return read.at(-1)?.kind === recordKinds.END && read;
    });
    expect(textsOf(records, recordKinds.SURFACE)).toEqual(["before", "after"]);
    expect(records.filter(({ kind }) => kind === recordKinds.META)).toHaveLength(1);
    await rm(dataDirectory, { recursive: true, force: true });
  });
});

describe("a recording that cannot be written", () => {
  it("is given up with a warning to everyone, and the session goes on", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-recording-"));
    const recordingsDirectory = path.join(folder, "recordings");
    await writeFile(recordingsDirectory, "a file where the folder should be");
    await using relay = await Relay.start({ recordingsDirectory });
    relay.account("ann");
    await expectToGoOn(relay, "internal");
    await rm(folder, { recursive: true, force: true });
  });

  it.skipIf(!isRoot)("is given up when the disk is full", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-recording-"));
    const disk = path.join(folder, "disk");
    await mkdir(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
    try {
      await using relay = await Relay.start({ recordingsDirectory: disk });
      relay.account("ann");
      await expectToGoOn(relay, "disk-full");
      // What is there reads up to its last whole record.
      const lsid = relay.broker.listSessions({ limit: 1 })[0]?.lsid;
      if (!lsid) throw new Error("the session is listed");
      const records = await recordsOf(relay, lsid);
      expect(records[0]?.kind).toBe(recordKinds.META);
    } finally {
      execFileSync("umount", [disk]);
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function expectToGoOn(relay: Relay, code: string): Promise<void> {
  const session = await beginSession(relay);
  const { representative: ann, customer, lsid } = session;
  const { source, screen } = await watch(session, ann);
  for (let i = 0; i < 30; i++) source.send(new Uint8Array(20_000));
  await ann.hears("session.warning", (warning) => warning.code === code);
  await ann.hears("session.changed", ({ recording }) => recording === "failed");
  await customer.hears("session.changed", ({ recording }) => recording === "failed");
  source.send("still here");
  await screen.text("still here");
  await ann.call("chat.send", { lsid, text: "still here" });
  const { events } = await ann.call("session.history", { lsid });
  expect(events.map(({ event }) => event)).toContain("recording.failed");
}
