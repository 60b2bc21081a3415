import { HandrailError } from "@handrail/protocol";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock } from "../../../../extension/clock.ts";
import type { Transfer } from "../../../../extension/files/transfer.ts";
import type { TransferPlan } from "../../../../extension/files/transfer-plan.ts";
import { Transfers } from "../../../../extension/files/transfers.ts";
import type { Reach } from "../../../../extension/session/reach.ts";
import { poll } from "../../../support/poll.ts";
import { CustomerDisk, lsid } from "./customer-disk.ts";

let customer: CustomerDisk;
let transfers: Transfers;
let reach: Reach;
let finished: Transfer[];
beforeEach(async () => {
  customer = await CustomerDisk.start();
  await mkdir(customer.there("f"));
  await writeFile(customer.there("f", "x"), "content");
  reach = "now";
  finished = [];
  transfers = consoleStarts();
});
afterEach(async () => {
  transfers.dispose();
  await customer[Symbol.asyncDispose]();
});

function consoleStarts(): Transfers {
  return new Transfers({
    clock: systemClock,
    journal: customer.journal,
    diskOf: () => customer.disk,
    reach: () => reach,
    decide: () => Promise.reject(new HandrailError("cancelled", "nobody answers")),
    finished: (transfer) => void finished.push(transfer),
  });
}

const wish = () => ({
  ...{ lsid, computer: "carla-pc", direction: "download" as const },
  ...{ sources: [customer.there("f")], target: customer.here() },
});
const kept = () => readdir(path.join(customer.base, "storage", "transfers"));

it("waits until the customer can be reached, tells when it is done, and keeps nothing", async () => {
  reach = "later";
  const transfer = await transfers.add(wish());
  expect(transfer.state).toBe("waiting");
  expect(await kept()).not.toEqual([]);
  reach = "now";
  await poll("it is done", () => finished.includes(transfer));
  expect(transfer.state).toBe("done");
  expect(await readFile(customer.here("f", "x"), "utf8")).toBe("content");
  expect(await kept()).toEqual([]);
});

it("takes up after a restart what was left", async () => {
  reach = "later";
  await transfers.add(wish());
  transfers.dispose();
  transfers = consoleStarts();
  await transfers.load();
  expect(transfers.all.map(({ state }) => state)).toEqual(["interrupted"]);
  reach = "now";
  await poll("it is done", () => finished.length === 1);
  expect(await readFile(customer.here("f", "x"), "utf8")).toBe("content");
});

it("stays paused over a restart, until the person lets it go on", async () => {
  reach = "later";
  await mkdir(customer.here("later"));
  const stopped = await transfers.add({ ...wish(), target: customer.here("later") });
  const other = await transfers.add(wish());
  stopped.pause();
  // Another that was paused and let go on is as before.
  other.pause();
  other.resume();
  transfers.dispose();
  await poll("one is kept as paused", async () => {
    const marks = (await kept()).filter((name) => name.endsWith(".paused"));
    return marks.join() === `${stopped.plan.id}.paused`;
  });
  reach = "now";
  transfers = consoleStarts();
  await transfers.load();
  const again = (plan: TransferPlan) => transfers.all.find((each) => each.plan.id === plan.id);
  await poll("the other is done", () => again(other.plan)?.state === "done");
  expect(again(stopped.plan)?.state).toBe("paused");
  again(stopped.plan)?.resume();
  await poll("it is done", () => again(stopped.plan)?.state !== "paused");
  await poll("nothing is left to do", () => finished.length === 2);
});

it("takes away what was paused before a restart and is given up after it", async () => {
  await writeFile(customer.here("big"), randomBytes(16_000_000));
  await mkdir(customer.there("to"));
  const upload = { direction: "upload" as const, sources: [customer.here("big")] };
  reach = "later";
  const transfer = await transfers.add({ ...wish(), ...upload, target: customer.there("to") });
  // Without the customer's answers no more is sent: it cannot come to its end.
  customer.flows = () => transfer.progress.doneBytes < 2_000_000;
  reach = "now";
  await poll("a part is there", () => transfer.progress.doneBytes >= 2_000_000);
  transfer.pause();
  await poll("it is paused", () => transfer.state === "paused");
  customer.flows = () => true;
  customer.pump();
  const parts = () => readdir(customer.there("to"));
  expect(await parts()).toEqual([expect.stringMatching(/^\.handrail-part-/)]);
  await poll("that is kept", async () => (await kept()).some((name) => name.endsWith(".paused")));
  transfers.dispose();
  transfers = consoleStarts();
  await transfers.load();
  const [again] = transfers.all;
  if (!again) throw new Error("the transfer is lost");
  await transfers.remove(again);
  await poll("nothing of it is there", async () => (await parts()).length === 0);
  expect(await kept()).toEqual([]);
});

it("ends with the session", async () => {
  reach = "never";
  const transfer = await transfers.add(wish());
  await poll("it has ended", () => finished.includes(transfer));
  expect(transfer.state).toBe("failed");
  expect(transfer.error).toMatchObject({ code: "session-ended" });
  await poll("nothing is kept", async () => (await kept()).length === 0);
});

it("stands still when a question is not answered, and tells nobody of what is given up", async () => {
  await mkdir(customer.here("f"));
  await writeFile(customer.here("f", "x"), "mine");
  const transfer = await transfers.add(wish());
  await poll("it stands still", () => transfer.state === "paused");
  await transfers.remove(transfer);
  expect([transfer.state, finished, transfers.all]).toEqual(["cancelled", [], []]);
  expect(await readFile(customer.here("f", "x"), "utf8")).toBe("mine");
});
