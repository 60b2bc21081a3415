import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { BatchReport } from "../../../../../appliance/client/core/files/batch-report.ts";
import { ReportPace } from "../../../../../appliance/client/core/files/report-pace.ts";
import { LaneRecord } from "../../node/files/lane-record.ts";

const digest = () => createHash("sha256");
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
/** What the appliance takes of a client before it ends the use of a tool; see `Tools` there. */
const allowance = { atOnce: 2000, perSecond: 10, rowBytes: 512 };

it("reports no more than the appliance takes, however much there is to tell", () => {
  let nowMs = 0;
  const never = { [Symbol.dispose]: () => undefined };
  const pace = new ReportPace({ now: () => nowMs, unixNow: () => nowMs, after: () => never });
  const lane = new LaneRecord();
  let left = allowance.atOnce;
  for (let i = 0; i < 4000; i++) {
    const facts = { path: "/srv/jo/file", names: "n".repeat(i % 3000) };
    const turns = pace.report(lane, "file.saved", facts);
    for (let turn = turns.next(); !turn.done; turn = turns.next()) {
      const waitedMs = typeof turn.value === "number" ? turn.value : 0;
      nowMs += waitedMs;
      left = Math.min(allowance.atOnce, left + (waitedMs / 1000) * allowance.perSecond);
    }
    left -= Math.ceil(JSON.stringify(facts).length / allowance.rowBytes);
    expect(left).toBeGreaterThanOrEqual(0);
  }
  expect(lane.reported.length).toBe(4000);
  expect(nowMs).toBeGreaterThan(0);
});

it("reports also when the work is ended while it waits", () => {
  const never = { [Symbol.dispose]: () => undefined };
  const pace = new ReportPace({ now: () => 0, unixNow: () => 0, after: () => never });
  const lane = new LaneRecord();
  for (let i = 0; i < 1500; i++) pace.reportNow(lane, "file.saved", {});
  const turns = pace.report(lane, "file.downloaded", { path: "/last" });
  expect(turns.next().value).toBeGreaterThan(0);
  turns.return();
  expect(lane.reported.at(-1)).toEqual(["file.downloaded", { path: "/last" }]);
});

it("puts many files into one row, from which each can be proved", () => {
  const batch = new BatchReport(bytes("/srv/jo"), digest);
  const list = digest();
  for (const name of ["a.txt", "two\nlines"]) {
    const sha256 = digest().update(name).digest();
    batch.add(bytes(name), name.length, sha256);
    list.update(`${sha256.toString("hex")}  ${name}\n`);
  }
  expect(batch.take()).toEqual({
    ...{ folder: "/srv/jo", count: 2, sizeBytes: 14, names: "a.txt 5/two␛0Alines 9" },
    sha256: list.digest("hex"),
  });
  expect(batch.take()).toBeUndefined();
});

it("is full before its names are more than a row takes, whatever they are", () => {
  const batch = new BatchReport(bytes("/"), digest);
  while (!batch.isFull) batch.add(new Uint8Array(255).fill(0xff), 2 ** 53, new Uint8Array(32));
  const facts = batch.take();
  expect(String(facts?.["names"]).length).toBeLessThanOrEqual(4096);
  expect(String(facts?.["names"]).endsWith("…")).toBe(false);
});
