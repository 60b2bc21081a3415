import { recordKinds } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { SeekSpacing } from "../../../../appliance/server/relay/seek-spacing.ts";

const hourMs = 3_600_000;

/** Records for so long, with a seek point of that size offered every second. */
function record(lastsMs: number, { bytesPerSecond, seekBytes }: Record<string, number>) {
  const spacing = new SeekSpacing();
  const at: number[] = [];
  let sizeBytes = 0;
  for (let nowMs = 0; nowMs < lastsMs; nowMs += 1000) {
    spacing.wrote(recordKinds.SURFACE, nowMs, bytesPerSecond ?? 0);
    sizeBytes += bytesPerSecond ?? 0;
    if (!spacing.allows(nowMs, seekBytes ?? 0)) continue;
    spacing.wrote(recordKinds.SEEK, nowMs, seekBytes ?? 0);
    at.push(nowMs);
  }
  return { at, seekBytes: at.length * (seekBytes ?? 0), sizeBytes };
}

describe("the seek points of a recording", () => {
  it("lie half a minute apart in its first hour", () => {
    const { at } = record(hourMs, { bytesPerSecond: 1_000_000, seekBytes: 200_000 });
    expect(at).toHaveLength(120);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBe(30_000);
  });

  it("become fewer the longer it lasts", () => {
    const { at } = record(24 * hourMs, { bytesPerSecond: 1_000_000, seekBytes: 200_000 });
    expect(at.length).toBeLessThan(640);
    const last = at.slice(-2);
    expect((last[1] ?? 0) - (last[0] ?? 0)).toBe(480_000);
  });

  it("take no more than a third of it, however large they are", () => {
    const made = record(hourMs, { bytesPerSecond: 40_000, seekBytes: 4_000_000 });
    expect(made.at.length).toBeGreaterThan(5);
    expect(made.seekBytes).toBeLessThanOrEqual((made.sizeBytes + made.seekBytes) / 3);
  });
});
