import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { MaintenanceWindow } from "@handrail/protocol/upkeep";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../../../appliance/server/log.ts";
import { ChannelDesk } from "../../../../appliance/server/machine/channel-desk.ts";
import { Machine as MachineDoor } from "../../../../appliance/server/machine/machine.ts";
import { MachineDesk } from "../../../../appliance/server/machine/machine-desk.ts";
import { MachineSettings } from "../../../../appliance/server/machine/machine-settings.ts";
import { Maintenance } from "../../../../appliance/server/machine/maintenance.ts";
import { UpdateDesk } from "../../../../appliance/server/machine/update-desk.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import { databaseName, openStore } from "../../../../appliance/server/store/database.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { Machine } from "../../../support/machine.ts";
import { poll } from "../../../support/poll.ts";
import { ReleaseChannel } from "../../../support/release-channel.ts";
import { makeSigner, makeSmallTree, packRelease } from "../../../support/release.ts";

const ann = { who: "Ann Archer", whoId: "a1" };
const hourMs = 3_600_000;
/** Each night, in the time zone of whoever runs this. */
const nightly: MaintenanceWindow = { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 120, toMinute: 240 };
const noon = new Date(2030, 0, 1, 12).getTime();
const night = new Date(2030, 0, 2, 3).getTime();

let folder: string;
let stack: AsyncDisposableStack;
let site: Awaited<ReturnType<typeof openSite>>;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-maintenance-"));
  stack = new AsyncDisposableStack();
  site = await openSite();
});
afterEach(async () => {
  await stack.disposeAsync();
  rmSync(folder, { recursive: true, force: true });
});

/** A machine with a release that does nothing, and a channel with a newer one that is never well. */
async function openSite() {
  const signer = makeSigner(folder);
  const machine = stack.use(
    await Machine.start(makeSmallTree(folder, "1.0.0"), signer, { healthTimeoutMs: 1_000 }),
  );
  const channel = stack.use(await ReleaseChannel.start());
  const bundle = await packRelease(makeSmallTree(folder, "1.1.0", { schema: 9_999 }), signer);
  copyFileSync(bundle, path.join(channel.folder, "handrail-1.1.0.hrupdate"));
  await channel.publish(signer);
  const clock = new FakeClock(noon);
  const log = createLog("error", () => undefined);
  const { dataDirectory, releasesRoot: releasesDirectory } = machine;
  const store = stack.use(openStore(path.join(dataDirectory, databaseName), clock));
  const audit = stack.use(new AuditLog({ store, clock, log }));
  const values = applianceValues(store);
  const base = { audit, clock, log, values, dataDirectory };
  const door = new MachineDoor(await machine.openSocket());
  const settings = new MachineSettings("/nonexistent/settings.sock");
  const updateKeysDirectory = path.join(machine.folder, "update-keys");
  const now = { isBusy: false, needsRestart: false };
  const channelDesk = stack.use(
    new ChannelDesk({ ...base, version: "1.0.0", updateKeysDirectory }),
  );
  const updateDesk = stack.use(new UpdateDesk({ ...base, machine: door, releasesDirectory }));
  const machineDesk = stack.use(new MachineDesk({ ...base, machine: door, settings }));
  const maintenance = stack.use(
    new Maintenance({
      ...{ ...base, channelDesk, machineDesk, updateDesk },
      isBusy: () => now.isBusy,
      needsRestart: () => Promise.resolve(now.needsRestart),
    }),
  );
  const rows = () => audit.page({ limit: 100 }).map(({ event, who }) => `${event} ${who}`);
  const set = async (change: { installs?: "in-window"; restarts?: "in-window" }) => {
    const upkeep = { ...channelDesk.settings, channel: channel.named, window: nightly, ...change };
    await channelDesk.change(upkeep, ann);
  };
  const hasRestarted = () => existsSync(path.join(machine.folder, "rebooted"));
  return {
    ...{ channel, channelDesk, clock, maintenance, now, updateDesk },
    ...{ hasRestarted, rows, set },
  };
}

describe("what the appliance does by itself", () => {
  it("is to look for releases once a day, and an hour after a look that failed", async () => {
    const { channel, channelDesk, clock, maintenance, set } = site;
    const looks = () => channel.asked.filter((name) => name === "index.json").length;
    await maintenance.work();
    expect(looks()).toBe(0);
    await set({});
    clock.advance(60_000);
    await poll("it has looked", () => channelDesk.state.offered);
    expect(looks()).toBe(1);
    clock.advance(23 * hourMs);
    await maintenance.work();
    expect(looks()).toBe(1);
    clock.advance(hourMs);
    rmSync(path.join(channel.folder, "index.json"));
    await maintenance.work();
    expect(looks()).toBe(2);
    await maintenance.work();
    expect(looks()).toBe(2);
    clock.advance(hourMs);
    await maintenance.work();
    expect(looks()).toBe(3);
    await channelDesk.change({ ...channelDesk.settings, looksDaily: false }, ann);
    clock.advance(48 * hourMs);
    await maintenance.work();
    expect(looks()).toBe(3);
    // Nobody has said that anything is to be installed.
    expect(channelDesk.state.isFetched).toBe(false);
  });

  it(
    "is to install a release in the window alone, and each one once",
    { timeout: 60_000 },
    async () => {
      const { channelDesk, clock, maintenance, now, rows, set, updateDesk } = site;
      await set({ installs: "in-window" });
      await maintenance.work();
      expect(channelDesk.state.isFetched).toBe(true);
      await maintenance.work();
      clock.jumpTo(night);
      now.isBusy = true;
      await maintenance.work();
      expect(updateDesk.isRunning).toBe(false);
      now.isBusy = false;
      await maintenance.work();
      expect(updateDesk.isRunning).toBe(true);
      await poll("it is over", async () => {
        const { last, running } = await updateDesk.state();
        return last?.fault === "not-healthy" && !running;
      });
      expect(rows()).toContain("update.failed appliance");
      expect(rows()).toContain("update.fetched appliance");
      await maintenance.work();
      expect(updateDesk.isRunning).toBe(false);
      expect(channelDesk.state.isFetched).toBe(false);
    },
  );

  it("is given up when the appliance stops, whatever another server does", async () => {
    const { channel, channelDesk, clock, maintenance, set } = site;
    const held = Promise.withResolvers<undefined>();
    channel.hold = held.promise;
    await set({ installs: "in-window" });
    clock.advance(60_000);
    await poll("it is being fetched", () => (channelDesk.state.fetching?.doneBytes ?? 0) > 0);
    await maintenance[Symbol.asyncDispose]();
    expect(channelDesk.state).toMatchObject({ fetching: undefined, isFetched: false });
    held.resolve(undefined);
  });

  it("is to say why it does not begin with a release that the machine does not take", async () => {
    const { channelDesk, clock, maintenance, rows, set, updateDesk } = site;
    await set({ installs: "in-window" });
    await maintenance.work();
    const { fetchedFile = "" } = channelDesk;
    copyFileSync(path.join(folder, "key.pem"), fetchedFile);
    clock.jumpTo(night);
    await maintenance.work();
    expect(rows()).toContain("update.not-begun appliance");
    expect(await updateDesk.state()).toMatchObject({ refused: "not-a-bundle" });
  });

  it("is to restart the machine in the window, where it is needed and wanted, once", async () => {
    const { clock, hasRestarted, maintenance, now, rows, set } = site;
    const restarts = () => rows().filter((row) => row === "machine.reboot appliance").length;
    now.needsRestart = true;
    await set({});
    clock.jumpTo(night);
    await maintenance.work();
    await set({ restarts: "in-window" });
    clock.jumpTo(noon);
    await maintenance.work();
    expect(restarts()).toBe(0);
    clock.jumpTo(night);
    now.isBusy = true;
    await maintenance.work();
    expect(restarts()).toBe(0);
    now.isBusy = false;
    await maintenance.work();
    await poll("it restarts", hasRestarted);
    expect(restarts()).toBe(1);
    await maintenance.work();
    expect(restarts()).toBe(1);
    clock.jumpTo(night + 24 * hourMs);
    await maintenance.work();
    expect(restarts()).toBe(2);
  });
});
