import { expect, it } from "vitest";
import { Snapshots } from "../../../../extension/system/snapshot.ts";
import { lsid } from "../sample.ts";

const taken = { lsid: lsid("a"), customer: "Grace", computer: "loki", takenAt: 1, readings: [] };

it("keeps the newest first, and not without end", () => {
  const snapshots = new Snapshots();
  for (let count = 0; count < 25; count++) snapshots.add(taken);
  expect(snapshots.all).toHaveLength(20);
  expect(snapshots.all[0]?.id).toBe(25);
  expect(snapshots.get(5)).toBeUndefined();
});

it("forgets one, and all, and never gives a number twice", () => {
  const snapshots = new Snapshots();
  const { id } = snapshots.add(taken);
  snapshots.remove(id);
  expect(snapshots.all).toEqual([]);
  expect(snapshots.add(taken).id).not.toBe(id);
  snapshots.clear();
  expect(snapshots.all).toEqual([]);
});
