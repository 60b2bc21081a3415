import type { NetworkSettings } from "@handrail/protocol/upkeep";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../../../appliance/server/log.ts";
import { Machine } from "../../../../appliance/server/machine/machine.ts";
import { MachineDesk } from "../../../../appliance/server/machine/machine-desk.ts";
import { MachineSettings } from "../../../../appliance/server/machine/machine-settings.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { poll } from "../../../support/poll.ts";
import { SettingsMachine } from "../../../support/settings-machine.ts";

const ann = { who: "Ann Archer", whoId: "a1" };
const fixed: NetworkSettings = {
  method: "static",
  addresses: ["192.0.2.10/24"],
  gateways: ["192.0.2.1"],
  nameServers: [],
};
const confirmWithinMs = 90_000;

let stack: AsyncDisposableStack;
let site: Awaited<ReturnType<typeof openSite>>;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  site = await openSite(stack);
});
afterEach(() => stack.disposeAsync());

async function openSite(on: AsyncDisposableStack) {
  const clock = new FakeClock();
  const there = on.use(await SettingsMachine.start(clock));
  const log = createLog("error", () => undefined);
  const store = on.use(openStore(":memory:", clock));
  const audit = on.use(new AuditLog({ store, clock, log }));
  const values = applianceValues(store);
  const settings = new MachineSettings(there.socketFile);
  const machine = new Machine("/nonexistent/machine.sock");
  const start = () => on.use(new MachineDesk({ machine, settings, values, audit, clock, log }));
  const rows = () =>
    audit.page({ limit: 100 }).map(({ event, who, detail }) => ({ event, who, ...detail }));
  return { clock, there, start, rows, desk: start() };
}

describe("the desk of the machine", () => {
  it("writes down what the network was, is, and that it is kept", async () => {
    await site.desk.setNetwork(fixed, ann);
    expect((await site.desk.state()).network.confirmBefore).toBe(site.clock.now() + 90_000);
    await site.desk.confirmNetwork(ann);
    const network = "192.0.2.10/24; gateway 192.0.2.1";
    expect(site.rows()).toEqual([
      { event: "machine.network-confirmed", who: ann.who, network },
      { event: "machine.network-set", who: ann.who, networkBefore: "DHCP", network },
    ]);
  });

  it("writes down once that the machine has gone back by itself", async () => {
    await site.desk.setNetwork(fixed, ann);
    site.clock.advance(confirmWithinMs);
    await site.there.recover();
    site.clock.advance(10_000);
    await poll("it is written down", () => site.rows().length === 2);
    await Promise.all([site.desk.state(), site.desk.state()]);
    expect(site.rows()).toHaveLength(2);
    expect(site.rows()[0]).toMatchObject({
      event: "machine.network-undone",
      who: "appliance",
      network: "DHCP",
    });
  });

  it("notices at its start that the machine has gone back meanwhile", async () => {
    await site.desk.setNetwork(fixed, ann);
    site.desk[Symbol.dispose]();
    await site.there.recover();
    site.start();
    site.clock.advance(10_000);
    await poll("it is written down", () => site.rows().length === 2);
    expect(site.rows()[0]).toMatchObject({ event: "machine.network-undone", who: "appliance" });
  });

  it("tells who goes back from the machine that does so by itself", async () => {
    await site.desk.setNetwork(fixed, ann);
    await site.desk.undoNetwork(ann);
    await site.desk.state();
    const events = site.rows().map(({ event, who }) => [event, who]);
    expect(events).toEqual([
      ["machine.network-undone", ann.who],
      ["machine.network-set", ann.who],
    ]);
    await expect(site.desk.confirmNetwork(ann)).rejects.toMatchObject({
      fault: "nothing-to-confirm",
    });
    expect(site.rows()).toHaveLength(2);
  });

  it("writes down the former and the new value of all else, of a key its fingerprint", async () => {
    // The fingerprint is the one that ssh-keygen(1) shows of it.
    const authorisedKey =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ann";
    await site.desk.setTime({ zone: "Europe/Paris", ntpServers: ["192.0.2.123"] }, ann);
    await site.desk.setProxy({ address: "http://proxy.example:3128" }, ann);
    await site.desk.setSsh({ authorisedKey }, ann);
    await site.desk.setSsh({ authorisedKey: "" }, ann);
    await site.desk.setHostName("help", ann);
    const key = "SHA256:ZkAslGjFiUHdGf/WUL8rQvkib4PTvQatUV0OUQSncCA";
    expect(site.rows().toReversed()).toEqual([
      {
        ...{ event: "machine.time-set", who: ann.who },
        ...{ timeBefore: "Etc/UTC", time: "Europe/Paris; NTP 192.0.2.123" },
      },
      {
        ...{ event: "machine.proxy-set", who: ann.who },
        ...{ addressBefore: "", address: "http://proxy.example:3128" },
      },
      { event: "machine.ssh-set", who: ann.who, keyBefore: "", key },
      { event: "machine.ssh-set", who: ann.who, keyBefore: key, key: "" },
      {
        ...{ event: "machine.host-name-set", who: ann.who },
        ...{ nameBefore: "handrail", name: "help" },
      },
    ]);
  });

  it("writes down before it asks the machine, and what that does not take", async () => {
    await expect(site.desk.setHostName("-help", ann)).rejects.toMatchObject({
      fault: "bad-host-name",
    });
    const detail = { who: ann.who, nameBefore: "handrail", name: "-help" };
    expect(site.rows()).toEqual([
      { event: "machine.not-set", because: "machine-bad-host-name", ...detail },
      { event: "machine.host-name-set", ...detail },
    ]);
  });

  it("writes down nothing of what is no proxy: its password would stay there for ever", async () => {
    const proxy = { address: "http://ann:secret@proxy.example.org:3128" };
    await expect(site.desk.setProxy(proxy, ann)).rejects.toMatchObject({ fault: "bad-proxy" });
    expect(site.rows()).toEqual([]);
  });

  it("writes down nothing of what is no time server either", async () => {
    const time = { zone: "Etc/UTC", ntpServers: ["ntp://ann:secret@ntp.example.org"] };
    await expect(site.desk.setTime(time, ann)).rejects.toMatchObject({ fault: "bad-ntp-server" });
    expect(site.rows()).toEqual([]);
  });

  it("writes nothing down of a restart where there is no machine", async () => {
    await expect(site.desk.act("restart", ann)).rejects.toMatchObject({ code: "unavailable" });
    expect(site.rows()).toEqual([]);
  });
});
