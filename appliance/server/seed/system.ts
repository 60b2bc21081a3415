import path from "node:path";
import { networkFiles } from "../machine/network-file.ts";
import { SystemFiles, systemFiles } from "../machine/system-files.ts";
import { seedKeyPrefix, type SeedPlaces, updateKeysFolder } from "./places.ts";
import type { Seed } from "./seed.ts";

/** Writes what a seed says of the machine itself. Done again, it does the same. */
export function writeSystem(seed: Seed, places: SeedPlaces): void {
  const { language, network, ntpServers, proxy, role, timeZone, updateKeys = [] } = seed;
  const files = new SystemFiles(places.root);
  if (language) files.write(systemFiles.language, `${language}\n`);
  if (network) for (const [name, text] of networkFiles(network)) files.write(name, text);
  if (ntpServers) files.writeTimeServers(ntpServers);
  if (proxy) files.writeProxy({ address: proxy });
  for (const [i, key] of updateKeys.entries()) {
    files.write(path.join(updateKeysFolder, `${seedKeyPrefix}${i + 1}.pem`), `${key.trim()}\n`);
  }
  if (role === "jumpoint") files.write(systemFiles.jumpoint, "");
  if (timeZone !== undefined) files.writeTimeZone(timeZone);
}
