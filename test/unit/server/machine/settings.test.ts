import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { NetworkSettings } from "@handrail/protocol/upkeep";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MachineSettings } from "../../../../appliance/server/machine/machine-settings.ts";
import { holdFile } from "../../../../appliance/server/store/data-lock.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { SettingsMachine } from "../../../support/settings-machine.ts";

const networkFile = "etc/systemd/network/10-handrail.network";
const fixed = {
  method: "static",
  addresses: ["192.0.2.10/24", "2001:db8::10/64"],
  gateways: ["192.0.2.1", "fe80::1"],
  nameServers: ["192.0.2.53"],
} satisfies NetworkSettings;
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ann";

let clock: FakeClock;
let machine: SettingsMachine;
let settings: MachineSettings;
beforeEach(async () => {
  clock = new FakeClock();
  machine = await SettingsMachine.start(clock);
  settings = new MachineSettings(machine.socketFile);
});
afterEach(() => machine[Symbol.asyncDispose]());

describe("a machine's network", () => {
  it("is by DHCP as long as nobody has set another", async () => {
    const { network } = await settings.read();
    expect(network).toEqual({
      settings: { method: "dhcp" },
      interfaces: [{ name: "eth0", isUp: true, addresses: [] }],
      gateways: ["192.0.2.1"],
      nameServers: ["192.0.2.53"],
    });
  });

  it("is set, says until when it has to be kept, and is kept", async () => {
    await settings.setNetwork(fixed);
    const { network } = await settings.read();
    expect(network.settings).toEqual(fixed);
    expect(network.interfaces[0]?.addresses).toEqual(fixed.addresses);
    expect(network.confirmBefore).toBe(clock.now() + 90_000);
    await settings.confirmNetwork();
    await machine.recover();
    expect((await settings.read()).network.settings).toEqual(fixed);
    expect(machine.ran).toEqual(["start-trial", "reload-network", "stop-trial"]);
    await expect(settings.confirmNetwork()).rejects.toMatchObject({ fault: "nothing-to-confirm" });
  });

  it("returns, to the letter, when nobody has kept the new one, whatever was set meanwhile", async () => {
    const former = "[Match]\nType=ether\n\n[Network]\n# By hand.\nAddress=192.0.2.77/24\n";
    await settings.setNetwork(fixed);
    await settings.confirmNetwork();
    writeFileSync(machine.at(networkFile), former);
    await settings.setNetwork({ ...fixed, gateways: [] });
    await settings.setNetwork({ method: "dhcp" });
    expect(machine.read(networkFile)).toBeUndefined();
    await machine.recover();
    expect(machine.read(networkFile)).toBe(former);
    expect((await settings.read()).network.confirmBefore).toBeUndefined();
  });

  it("returns at once when another machine has the address", async () => {
    writeFileSync(machine.at("taken"), "192.0.2.10/24\n");
    await expect(settings.setNetwork(fixed)).rejects.toMatchObject({ fault: "address-taken" });
    expect(machine.read(networkFile)).toBeUndefined();
    expect((await settings.read()).network.settings).toEqual({ method: "dhcp" });
    expect(machine.ran.at(-1)).toBe("stop-trial");
  });

  it("may be a tagged one, of which nothing is left afterwards", async () => {
    const tagged = { ...fixed, vlan: 12 };
    await settings.setNetwork(tagged);
    expect(machine.read("etc/systemd/network/05-handrail-vlan.netdev")).toContain("Id=12");
    expect(machine.read(networkFile)).not.toContain("Address=");
    expect((await settings.read()).network.settings).toEqual(tagged);
    await settings.undoNetwork();
    expect((await settings.read()).network.settings).toEqual({ method: "dhcp" });
    expect(machine.read("etc/systemd/network/05-handrail-vlan.network")).toBeUndefined();
  });

  it.each([
    ["bad-address", { addresses: ["192.0.2.10"] }],
    ["bad-address", { addresses: ["192.0.2.300/24"] }],
    ["bad-address", { addresses: ["2001:db8:::1/64"] }],
    ["bad-gateway", { gateways: ["router"] }],
    ["bad-gateway", { gateways: ["fe80::1%eth0"] }],
    ["bad-address", { addresses: ["fe80::1%eth0/64"] }],
    ["gateway-outside", { gateways: ["198.51.100.1"] }],
    ["gateway-outside", { gateways: ["192.0.2.1", "192.0.2.2"] }],
    ["gateway-outside", { gateways: ["fec0::1"] }],
    ["bad-name-server", { nameServers: ["dns.example"] }],
  ])("is refused as %s, and nothing changes: %j", async (fault, wrong) => {
    await expect(settings.setNetwork({ ...fixed, ...wrong })).rejects.toMatchObject({ fault });
    expect(machine.ran).toEqual([]);
    expect(machine.read(networkFile)).toBeUndefined();
  });
});

describe("what else is set of a machine", () => {
  it("is read as it was written, and goes without a trace", async () => {
    await settings.setTime({
      zone: "Europe/Paris",
      ntpServers: ["ntp.example.org", "192.0.2.123"],
    });
    await settings.setProxy({ address: "http://proxy.example.org:3128" });
    await settings.setHostName("help.example.org");
    await settings.setSsh({ authorisedKey: key });
    expect(await settings.read()).toMatchObject({
      hostName: "help.example.org",
      time: { zone: "Europe/Paris", ntpServers: ["ntp.example.org", "192.0.2.123"] },
      proxy: { address: "http://proxy.example.org:3128" },
      ssh: { authorisedKey: key },
    });
    await settings.setTime({ zone: "Europe/Paris", ntpServers: [] });
    await settings.setProxy({ address: "" });
    await settings.setSsh({ authorisedKey: "" });
    const { proxy, ssh, time } = await settings.read();
    expect({ proxy, ssh, time }).toEqual({
      proxy: { address: "" },
      ssh: { authorisedKey: "" },
      time: { zone: "Europe/Paris", ntpServers: [] },
    });
  });

  it("opens the door for SSH after its server runs, and closes it before", async () => {
    await settings.setSsh({ authorisedKey: key });
    expect(machine.read("etc/handrail/firewall/ssh.nft")).toBe("tcp dport 22 accept\n");
    await settings.setSsh({ authorisedKey: "" });
    expect(machine.read("etc/handrail/firewall/ssh.nft")).toBeUndefined();
    const ran = ["start-ssh", "reload-firewall", "reload-firewall", "stop-ssh"];
    expect(machine.ran).toEqual(ran);
  });

  it.each([
    ["unknown-zone", () => settings.setTime({ zone: "Europe/Nowhere", ntpServers: [] })],
    ["unknown-zone", () => settings.setTime({ zone: "../../etc/passwd", ntpServers: [] })],
    ["unknown-zone", () => settings.setTime({ zone: "Europe/Berlin", ntpServers: [] })],
    ["bad-ntp-server", () => settings.setTime({ zone: "Europe/Paris", ntpServers: ["a b"] })],
    ["bad-proxy", () => settings.setProxy({ address: "http://a:b@proxy.example.org" })],
    ["bad-proxy", () => settings.setProxy({ address: 'http://p"; evil' })],
    ["bad-proxy", () => settings.setProxy({ address: 'http://a";apt{update{x"${ifs}";};};y{"' })],
    // Lower case makes the Kelvin sign a letter of ASCII.
    ["bad-proxy", () => settings.setProxy({ address: "http://pro\u212ay.example.org" })],
    ["bad-host-name", () => settings.setHostName("-help")],
    ["bad-host-name", () => settings.setHostName("192.0.2.1")],
    ["bad-host-name", () => settings.setHostName("a".repeat(65))],
    ["bad-ssh-key", () => settings.setSsh({ authorisedKey: `command="sh" ${key}` })],
    ["bad-ssh-key", () => settings.setSsh({ authorisedKey: `${key}\n${key}` })],
    ["bad-ssh-key", () => settings.setSsh({ authorisedKey: key.replace("ed25519", "rsa") })],
  ])("is refused as %s, and nothing changes", async (fault, change) => {
    await expect(change()).rejects.toMatchObject({ fault });
    expect(machine.ran).toEqual([]);
  });
});

it("a program serves each request, and refuses what is none", async () => {
  await using real = await SettingsMachine.start();
  const asked = new MachineSettings(real.socketFile);
  await asked.setNetwork(fixed);
  await real.recover();
  expect((await asked.read()).network.settings).toEqual({ method: "dhcp" });
  const strange = { method: "dhcp", file: "/etc/passwd" } as const;
  await expect(asked.setNetwork(strange)).rejects.toMatchObject({ fault: "failed" });
});

it("one request is served at a time, and whoever says nothing keeps nobody waiting", async () => {
  await using real = await SettingsMachine.start();
  const asked = new MachineSettings(real.socketFile);
  const silent = connect(real.socketFile);
  await once(silent, "connect");
  expect((await asked.read()).hostName).toBe("handrail");

  const held = holdFile(real.at("lock"), 0);
  const setting = asked.setNetwork(fixed);
  const first = await Promise.race([setting.then(() => "set"), sleep(700).then(() => "waits")]);
  expect([first, real.ran]).toEqual(["waits", []]);
  held?.[Symbol.dispose]();
  await setting;
  expect(real.ran).toEqual(["start-trial", "reload-network"]);
  silent.destroy();
});

it("a door for SSH that cannot be opened stays as it was", async () => {
  await using real = await SettingsMachine.start();
  const asked = new MachineSettings(real.socketFile);
  real.breaks("reload-firewall");
  await expect(asked.setSsh({ authorisedKey: key })).rejects.toMatchObject({ fault: "failed" });
  expect(real.read("etc/handrail/ssh-key")).toBeUndefined();
  expect(real.read("etc/handrail/firewall/ssh.nft")).toBeUndefined();
});

it("a machine that lets nobody in by SSH says so", async () => {
  await using never = await SettingsMachine.start(new FakeClock(), { ssh: "never" });
  const asked = new MachineSettings(never.socketFile);
  await expect(asked.setSsh({ authorisedKey: key })).rejects.toMatchObject({ fault: "ssh-never" });
  expect(never.read("etc/handrail/ssh-key")).toBeUndefined();
  await asked.setSsh({ authorisedKey: "" });
});
