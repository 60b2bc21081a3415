import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { Backups } from "../../../../appliance/server/backup/backups.ts";
import { noSchedule } from "../../../../appliance/server/backup/schedule.ts";
import { makeSettings } from "../../../../appliance/server/config.ts";
import { createLog } from "../../../../appliance/server/log.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { poll } from "../../../support/poll.ts";

const dayMs = 86_400_000;

it("makes backups by a schedule, and keeps so many of them beside those that somebody made", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-backups-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const settings = makeSettings({ dataDirectory: folder });
  await mkdir(settings.recordingsDirectory);
  const clock = new FakeClock();
  const store = stack.use(openStore(path.join(folder, "handrail.sqlite"), clock));
  const audit = stack.use(new AuditLog({ store, clock, log: createLog("error") }));
  const values = applianceValues(store);
  const log = createLog("error");
  const backups = stack.use(new Backups({ settings, values, audit, clock, log }));
  const passphrase = "correct horse battery staple";
  const ann = { name: "Ann", id: "ann" };
  /** Lets the audit log write what it holds back, until nothing is being made. */
  const settled = (count: number) =>
    poll(`there are ${count}`, async () => {
      clock.advance(20);
      const state = await backups.state();
      return !state.isWorking && state.backups.length === count && state;
    });

  backups.make({ passphrase, withRecordings: false }, ann);
  expect(() => backups.make({ passphrase, withRecordings: false }, ann)).toThrow("another");
  await settled(1);
  const planning = backups.setSchedule({ ...noSchedule, every: "daily", keep: 2 }, passphrase, ann);
  await Promise.race([planning, poll("it is planned", () => (clock.advance(20), backups.hasKey))]);
  await planning;
  for (const count of [2, 3, 3]) {
    const before = (await backups.state()).last?.name;
    clock.advance(dayMs);
    await poll("the next one is made", async () => {
      clock.advance(20);
      const { last, isWorking } = await backups.state();
      return !isWorking && last?.name !== before;
    });
    const state = await settled(count);
    expect(state.last?.fault).toBeUndefined();
  }
  const { backups: left } = await backups.state();
  expect(left.filter(({ name }) => name.endsWith("-scheduled.hrbackup"))).toHaveLength(2);
});
