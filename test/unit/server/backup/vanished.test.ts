import { rmSync } from "node:fs";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { madeDetail, makeBackup } from "../../../../appliance/server/backup/backup-file.ts";
import { makeKey } from "../../../../appliance/server/backup/backup-key.ts";
import { checkBackup } from "../../../../appliance/server/backup/check.ts";
import { isReadBeside, leaseReading } from "../../../../appliance/server/backup/lease.ts";
import { makeSettings } from "../../../../appliance/server/config.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const passphrase = "correct horse battery staple";

async function stand() {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-vanished-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const settings = makeSettings({ dataDirectory: folder });
  await mkdir(settings.recordingsDirectory);
  const store = stack.use(openStore(path.join(folder, "handrail.sqlite")));
  const made = stack.move();
  return { settings, store, [Symbol.asyncDispose]: () => made.disposeAsync() };
}

it("makes a backup although files go meanwhile, and names them in its list", async () => {
  await using at = await stand();
  const { settings } = at;
  const place = (name: string) => path.join(settings.recordingsDirectory, name);
  for (const name of ["a.hrrec", "b.hrrec", "c.hrrec"]) await writeFile(place(name), "recorded");
  const going = ["b.hrrec", "c.hrrec"];
  // The moment of a list is taken when its files are known, and before the first is read.
  const clock = {
    now() {
      const name = going.shift();
      if (name !== undefined) rmSync(place(name));
      return Date.now();
    },
  };
  const key = await makeKey(passphrase);
  const folder = settings.backupsDirectory;
  const made = await makeBackup({ settings, clock, key, folder, withRecordings: true });
  expect(made.missing).toEqual(["b.hrrec", "c.hrrec"]);
  expect(madeDetail(made)).toMatchObject({ name: made.name, missing: 2 });
  await using file = await open(path.join(folder, made.name));
  const { contents } = await checkBackup(file, passphrase);
  expect(contents.missing).toEqual(["b.hrrec", "c.hrrec"]);
  const packed = contents.files.filter(({ root }) => root === "recordings");
  expect(packed.map((each) => each.path)).toEqual(["a.hrrec"]);
});

it("knows that the command reads, for as long as it does or lives", async () => {
  await using at = await stand();
  const values = applianceValues(at.store);
  const clock = new FakeClock();
  const isRead = () => isReadBeside(values, clock.now());
  expect(isRead()).toBe(false);
  const lease = leaseReading(values, clock);
  expect(isRead()).toBe(true);
  clock.advance(600_000);
  expect(isRead()).toBe(true);
  lease[Symbol.dispose]();
  expect(isRead()).toBe(false);
  // Killed, so that nobody renews or ends it.
  const stopped = { now: () => clock.now(), monotonicMs: () => 0, after: () => lease };
  leaseReading(values, stopped);
  expect(isRead()).toBe(true);
  clock.advance(61_000);
  expect(isRead()).toBe(false);
});
