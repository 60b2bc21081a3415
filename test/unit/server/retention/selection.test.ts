import { type Lsid, parseLsid } from "@handrail/protocol";
import { type RetentionSettings } from "@handrail/protocol/upkeep";
import { describe, expect, it } from "vitest";
import { type Candidate, select } from "../../../../appliance/server/retention/selection.ts";
import type { PurgeKind } from "../../../../appliance/server/store/retention.ts";

const dayMs = 86_400_000;
const now = Date.UTC(2030, 5, 1);
const gigabyte = 1e9;

function lsidOf(number: number): Lsid {
  const lsid = parseLsid(number.toString(16).padStart(32, "0"));
  if (lsid === undefined) throw new Error("32 hex digits are an LSID");
  return lsid;
}

/** A session of that age with so much of a kind. */
function left(number: number, ageDays: number, kind: PurgeKind = "recordings"): Candidate {
  return { lsid: lsidOf(number), kind, endedAt: now - ageDays * dayMs, sizeBytes: gigabyte };
}

function chosen(candidates: Candidate[], settings: RetentionSettings, freeBytes = 0) {
  return select(candidates, { settings, now, freeBytes }).map(({ kind, keepDays, chosen }) => ({
    ...{ kind, keepDays },
    of: chosen.map(({ lsid }) => Number.parseInt(lsid, 16)),
  }));
}

describe("what is deleted", () => {
  const all = [left(1, 31), left(2, 29), left(3, 400), left(4, 31, "snapshots")];

  it("is nothing unless the site says so", () => {
    expect(chosen(all, {})).toEqual([]);
  });

  it("is what is older than so many days, each kind by its own, the oldest first", () => {
    expect(chosen(all, { recordingDays: 30 })).toEqual([
      { kind: "recordings", keepDays: 30, of: [3, 1] },
    ]);
    expect(chosen(all, { recordingDays: 365, snapshotDays: 30 })).toEqual([
      { kind: "recordings", keepDays: 365, of: [3] },
      { kind: "snapshots", keepDays: 30, of: [4] },
    ]);
  });

  it("is the oldest while the disk lacks room, and no more than that", () => {
    const settings = { minimumFreeGigabytes: 3 };
    expect(chosen(all, settings, 3 * gigabyte)).toEqual([]);
    expect(chosen(all, settings, 1.5 * gigabyte)).toEqual([
      { kind: "recordings", keepDays: undefined, of: [3, 1] },
    ]);
    expect(chosen(all, { minimumFreeGigabytes: 100 })).toEqual([
      { kind: "recordings", keepDays: undefined, of: [3, 1, 2] },
      { kind: "snapshots", keepDays: undefined, of: [4] },
    ]);
  });

  it("counts what goes by its age as room", () => {
    const settings = { recordingDays: 365, minimumFreeGigabytes: 1 };
    expect(chosen(all, settings)).toEqual([{ kind: "recordings", keepDays: 365, of: [3] }]);
  });

  it("is never of a session that ended within the last hour", () => {
    expect(chosen([left(1, 1 / 48)], { minimumFreeGigabytes: 100 })).toEqual([]);
  });
});
