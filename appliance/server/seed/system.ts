import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { replaceFile, syncFolder } from "../update/durable.ts";
import {
  seedKeyPrefix,
  type SeedPlaces,
  systemFiles,
  timeZoneLink,
  updateKeysFolder,
} from "./places.ts";
import type { Seed } from "./seed.ts";

/** Whether the machine knows a time zone; it may have fewer than Node. */
export function knowsTimeZone({ root }: SeedPlaces, zone: string): boolean {
  return existsSync(path.join(root, "usr/share/zoneinfo", zone));
}

/** Writes what a seed says of the machine itself. Done again, it does the same. */
export function writeSystem(seed: Seed, places: SeedPlaces): void {
  const { language, network, ntpServers, proxy, role, timeZone, updateKeys = [] } = seed;
  const write = (file: string, text: string | undefined) => {
    if (text !== undefined) put(path.join(places.root, file), text);
  };
  write(systemFiles.language, language && `${language}\n`);
  write(systemFiles.network, network?.method === "static" ? networkText(network) : undefined);
  write(systemFiles.timeServers, ntpServers && `[Time]\nNTP=${ntpServers.join(" ")}\n`);
  write(systemFiles.proxy, proxy && proxyText(proxy));
  for (const [i, key] of updateKeys.entries()) {
    write(path.join(updateKeysFolder, `${seedKeyPrefix}${i + 1}.pem`), `${key.trim()}\n`);
  }
  write(systemFiles.jumpoint, role === "jumpoint" ? "" : undefined);
  if (timeZone !== undefined) linkTimeZone(timeZone, places);
}

function put(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  replaceFile(file, text);
}

/** As systemd.network(5) has it. */
function networkText(network: Extract<Seed["network"], { method: "static" }>): string {
  return [
    ...["[Match]", "Type=ether", "", "[Network]"],
    ...network.gateways.map((gateway) => `Gateway=${gateway}`),
    ...network.nameServers.map((server) => `DNS=${server}`),
    // Not taken where another machine has it already.
    ...network.addresses.flatMap((address) => [
      ...["", "[Address]", `Address=${address}`, "DuplicateAddressDetection=both"],
    ]),
    "",
  ].join("\n");
}

function proxyText(proxy: string): string {
  return ["http", "https"].map((kind) => `Acquire::${kind}::Proxy "${proxy}";\n`).join("");
}

function linkTimeZone(zone: string, { root }: SeedPlaces): void {
  const link = path.join(root, timeZoneLink);
  rmSync(`${link}.new`, { force: true });
  symlinkSync(`/usr/share/zoneinfo/${zone}`, `${link}.new`);
  renameSync(`${link}.new`, link);
  syncFolder(path.dirname(link));
}
