import { isLsid, type Lsid } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import type { AuditSearch } from "../../../../appliance/server/store/audit-search.ts";
import { createLog } from "../../../../appliance/server/log.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { Representatives } from "../../../../appliance/server/store/representatives.ts";
import { auditKinds } from "../../../../appliance/protocol/upkeep/index.ts";
import { en } from "../../../../media/login/audit/texts.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const commitMs = 20;
const clock = new FakeClock();
const store = openStore(":memory:", clock);
const audit = new AuditLog({ store, clock, log: createLog("error") });
const lsid = lsidOf("a");
let ann: string;
let secondAt: number;

beforeAll(async () => {
  const account = { name: "ann", displayName: "Ann Archer", passwordHash: "$argon2id$" };
  ann = new Representatives(store).add({ ...account, role: "administrator" }, 0);
  await write({
    event: "sign-in.refused",
    who: "ann",
    whoId: ann,
    detail: { address: "10.0.0.1" },
  });
  secondAt = clock.now();
  await write({ event: "session.accepted", who: "A. Archer", whoId: ann, lsid });
  await write({ event: "sign-in.succeeded", who: "bob", detail: { address: "10.0.0.2" } });
  await write({ event: "session-like.made", who: "50% of Bob", detail: { note: "a_b" } });
});
afterAll(() => store[Symbol.dispose]());

async function write(entry: Parameters<AuditLog["append"]>[0]): Promise<void> {
  const written = audit.append(entry);
  clock.advance(commitMs);
  await written;
}

function lsidOf(letter: string): Lsid {
  const text = letter.repeat(32);
  if (isLsid(text)) return text;
  throw new Error("32 hex digits are an LSID");
}

function found(search: AuditSearch): number[] {
  return audit.page({ ...search, limit: 10 }).map(({ seq }) => seq);
}

describe("a search of the audit log", () => {
  it("without conditions finds every row, the newest first", () => {
    expect(found({})).toEqual([4, 3, 2, 1]);
    expect(found({ before: 3 })).toEqual([2, 1]);
    expect(found({ after: 3 })).toEqual([4]);
  });

  it("finds rows by their kind, and none whose name merely begins like it", () => {
    expect(found({ kind: "sessions" })).toEqual([2]);
    expect(found({ kind: "signIns" })).toEqual([3, 1]);
    expect(found({ kind: "recordings" })).toEqual([]);
  });

  it("finds rows by account, also under the name of another day", () => {
    expect(found({ whoId: ann })).toEqual([2, 1]);
    expect(found({ text: "Ann Archer" })).toEqual([2, 1]);
  });

  it("finds rows by time: from a moment on, and until before another", () => {
    expect(found({ from: secondAt })).toEqual([4, 3, 2]);
    expect(found({ to: secondAt })).toEqual([1]);
  });

  it("finds text in names, details, events and LSIDs, taking wildcards as they are", () => {
    expect(found({ text: "10.0.0.2" })).toEqual([3]);
    expect(found({ text: lsid.slice(3, 20) })).toEqual([2]);
    expect(found({ text: "refused" })).toEqual([1]);
    expect(found({ text: "50%" })).toEqual([4]);
    expect(found({ text: "a_b" })).toEqual([4]);
    expect(found({ text: "%" })).toEqual([4]);
    expect(found({ text: "' OR 1=1 --" })).toEqual([]);
  });

  it("gives all rows in the order of the log, in more than one piece", async () => {
    const many = Array.from({ length: 2100 }, () =>
      audit.append({ event: "recording.opened", who: "Ann", lsid }),
    );
    clock.advance(commitMs);
    await Promise.all(many);
    const seqs = [...audit.all({ kind: "recordings" })].map(({ seq }) => seq);
    expect(seqs).toHaveLength(2100);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect([...audit.all({ kind: "signIns" })].map(({ seq }) => seq)).toEqual([1, 3]);
  });

  it("finds every event that has a sentence by exactly one kind", async () => {
    const events = Object.keys(en.events);
    const rows = events.map((event) => audit.append({ event, who: "kinds" }));
    clock.advance(commitMs);
    await Promise.all(rows);
    const byKind = auditKinds.flatMap((kind) => [...audit.all({ kind, text: "kinds" })]);
    expect(byKind.map(({ event }) => event).sort()).toEqual(events.sort());
  });
});
