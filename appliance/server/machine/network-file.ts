import type { NetworkSettings } from "@handrail/protocol/upkeep";
import { systemFiles } from "./system-files.ts";

type Static = Extract<NetworkSettings, { method: "static" }>;

/**
 * What each file of systemd.network(5) and systemd.netdev(5) says for these settings; undefined is no
 * file. Without any, the image's own asks for an address by DHCP.
 */
export function networkFiles(settings: NetworkSettings): ReadonlyMap<string, string | undefined> {
  const { network, vlanDevice, vlanNetwork } = systemFiles;
  if (settings.method === "dhcp") return new Map(fileNames.map((name) => [name, undefined]));
  const { vlan } = settings;
  const match = vlan === undefined ? "Type=ether" : `Name=${vlanName(vlan)}`;
  const text = textOf(settings, match);
  if (vlan === undefined) {
    return new Map([...fileNames.map((name) => [name, undefined] as const), [network, text]]);
  }
  const device = ["[NetDev]", `Name=${vlanName(vlan)}`, "Kind=vlan", "", "[VLAN]", `Id=${vlan}`];
  const carrier = ["[Match]", "Type=ether", "", "[Network]", `VLAN=${vlanName(vlan)}`];
  return new Map([
    [vlanDevice, lines(device)],
    [vlanNetwork, text],
    // The untagged network is somebody else's: nothing is asked for there.
    [network, lines([...carrier, "LinkLocalAddressing=no", "IPv6AcceptRA=no"])],
  ]);
}

/** The settings that files say; undefined stands for a file that is not there. */
export function readNetworkFiles(read: (name: string) => string | undefined): NetworkSettings {
  const device = read(systemFiles.vlanDevice);
  const text = read(device === undefined ? systemFiles.network : systemFiles.vlanNetwork);
  if (text === undefined) return { method: "dhcp" };
  const all = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}=(.+)$`, "gm"))].map(([, value = ""]) => value.trim());
  const vlan = Number(/^Id=(\d+)$/m.exec(device ?? "")?.[1]);
  return {
    method: "static",
    ...{ addresses: all("Address"), gateways: all("Gateway"), nameServers: all("DNS") },
    ...(Number.isNaN(vlan) ? {} : { vlan }),
  };
}

/** The interface of a tagged network. */
export function vlanName(vlan: number): string {
  return `vlan${vlan}`;
}

const fileNames = [systemFiles.vlanDevice, systemFiles.vlanNetwork, systemFiles.network] as const;

function textOf({ addresses, gateways, nameServers }: Static, match: string): string {
  return lines([
    ...["[Match]", match, "", "[Network]"],
    ...gateways.map((gateway) => `Gateway=${gateway}`),
    ...nameServers.map((server) => `DNS=${server}`),
    // Not taken where another machine has it already.
    ...addresses.flatMap((address) => [
      ...["", "[Address]", `Address=${address}`, "DuplicateAddressDetection=both"],
    ]),
  ]);
}

function lines(all: readonly string[]): string {
  return [...all, ""].join("\n");
}
