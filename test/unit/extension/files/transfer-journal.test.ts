import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Lsid } from "@handrail/protocol";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TransferJournal } from "../../../../extension/files/transfer-journal.ts";
import type { TransferPlan } from "../../../../extension/files/transfer-plan.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-journal-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const plan: TransferPlan = {
  id: "1".repeat(32),
  lsid: "a".repeat(32) as Lsid,
  computer: "carla-pc",
  direction: "download",
  sources: ["/srv/carla/a\nb"],
  target: "/tmp/x",
  createdAt: 1,
};

it("knows after a restart what is to be done and what was", async () => {
  const { done } = await new TransferJournal(folder).begin(plan);
  done.add(["a", "b"]);
  await done.flush();
  const [kept] = await new TransferJournal(folder).load();
  expect(kept?.plan).toEqual(plan);
  expect(kept?.done.has(["a", "b"])).toBe(true);
  expect(kept?.done.has(["a"])).toBe(false);
});

it("does a file again whose line was cut off", async () => {
  const { done } = await new TransferJournal(folder).begin(plan);
  done.add(["a"]);
  await done.flush();
  await appendFile(path.join(folder, "transfers", `${plan.id}.done`), "half");
  const [kept] = await new TransferJournal(folder).load();
  expect(kept?.done.has(["a"])).toBe(true);
});

it("forgets what is over, and what nobody can read", async () => {
  const journal = new TransferJournal(folder);
  await journal.begin(plan);
  await journal.end(plan);
  await writeFile(path.join(folder, "transfers", "x.json"), '{"id":"../../x"}');
  expect(await journal.load()).toEqual([]);
  expect(await journal.load()).toEqual([]);
});
