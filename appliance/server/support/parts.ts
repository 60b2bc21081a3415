import { execFile } from "node:child_process";
import { readFile, statfs } from "node:fs/promises";
import os from "node:os";
import { promisify } from "node:util";
import type { HealthReport } from "@handrail/protocol/upkeep";
import type { Settings } from "../config.ts";
import type { Machine } from "../machine/machine.ts";
import type { MachineSettings } from "../machine/machine-settings.ts";
import { keyFingerprint } from "../machine/settings-text.ts";
import type { Store } from "../store/database.ts";
import { updateNotesIn } from "../update/journal.ts";
import { version } from "../version.ts";

/** What a bundle for support is made from. */
export interface SupportSources {
  readonly settings: Settings;
  /** Why the settings of the server could not be read, and these are the defaults. */
  readonly settingsFault?: string | undefined;
  /** @throws Error where the data cannot be read */
  readonly store: () => Store;
  readonly health: () => Promise<HealthReport>;
  readonly machine: Machine;
  readonly machineSettings: MachineSettings;
}

/** A file of the bundle. */
export interface SupportPart {
  readonly name: string;
  /** What it says, for the list of what is in. */
  readonly what: string;
  /** @throws Error when it cannot be had here */
  read(signal: AbortSignal): Promise<string>;
}

/** Those settings that say nothing of a person or a secret; a new one is left out until it is here. */
const toldSettings = [
  ...(["address", "port", "redirectPort", "dataDirectory", "recordingsDirectory"] as const),
  ...(["backupsDirectory", "publicUrl", "tlsCertificateFile", "seats", "logLevel"] as const),
  ...(["shadowMemoryBytes", "keyLifetimeMs", "keyAttemptsPerAddress"] as const),
  ...(["keyAttemptsPerSite", "signInAttemptsPerAddress", "signInAttemptsPerSite"] as const),
  ...(["requestsPerAddress", "accessTokenLifetimeMs", "refreshTokenLifetimeMs"] as const),
  ...(["browserSessionLifetimeMs", "releasesDirectory"] as const),
] as const;
/** A wrong value is quoted in what is said of it. */
const maxFaultLength = 500;
const packagesFile = "/var/lib/dpkg/status";
const listUnits = ["list-units", "--all", "--plain", "--no-legend", "--no-pager"];

/** Every part, in the order in which it is in the bundle. */
export function supportParts(from: SupportSources): readonly SupportPart[] {
  const { health, machine, machineSettings, settings, settingsFault, store } = from;
  return [
    part("version.json", "releases of Handrail, Node, kernel; processors and memory", async () =>
      json({
        ...{ version, node: process.version, kernel: os.release(), architecture: os.arch() },
        ...{ processors: os.cpus().length, memoryBytes: os.totalmem(), upTimeS: os.uptime() },
      }),
    ),
    part("health.json", "health, as /login shows it", async () => json(await health())),
    part(
      "settings.json",
      "settings of the server, the site's address among them, without certificates",
      async () => {
        if (settingsFault !== undefined)
          return json({ fault: settingsFault.slice(0, maxFaultLength) });
        return json(Object.fromEntries(toldSettings.map((name) => [name, settings[name]])));
      },
    ),
    part("database.json", "tables of the database and how many rows each has", async () =>
      json(tablesOf(store())),
    ),
    part(
      "events.json",
      "how often each event is in the newest 100,000 rows of the audit log",
      async () => json(eventsOf(store())),
    ),
    part("disk.json", "room on the disk of the data", async () => {
      const { bavail, blocks, bsize } = await statfs(settings.dataDirectory);
      return json({ freeBytes: bavail * bsize, totalBytes: blocks * bsize });
    }),
    part("update.json", "how the last update ended", async () => {
      const { journal, result } = updateNotesIn(settings.releasesDirectory);
      return json({ underWay: journal?.stage, last: result && { ...result, by: undefined } });
    }),
    part(
      "machine.json",
      "the machine's names and addresses, clock and proxy; of an SSH key its fingerprint",
      async () => {
        const { ssh, ...state } = await machineSettings.read();
        return json({ ...state, ssh: keyFingerprint(ssh.authorisedKey) });
      },
    ),
    part("packages.txt", "packages of Debian and their versions", async (signal) =>
      packagesOf(await readFile(packagesFile, { encoding: "utf8", signal })),
    ),
    part("units.txt", "services of the machine and how they are", async (signal) => {
      const { stdout } = await promisify(execFile)("systemctl", listUnits, { signal });
      return stdout;
    }),
    part(
      "journal.jsonl",
      "the machine's log; of our own lines events, codes, numbers and names of backups",
      async () => {
        const end = await machine.ask({ verb: "journal" });
        if ("done" in end && end.done.journal !== undefined) return end.done.journal;
        throw new Error("the machine does not give its journal");
      },
    ),
  ];
}

function part(name: string, what: string, read: SupportPart["read"]): SupportPart {
  return { name, what, read };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The names are the schema's: nobody else makes tables. */
function tablesOf({ raw }: Store): Readonly<Record<string, number>> {
  const tables = raw
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
  return Object.fromEntries(
    tables.map((name) => {
      const row = raw.prepare(`SELECT count(*) AS count FROM "${name}"`).get();
      return [name, Number(row?.count)];
    }),
  );
}

function eventsOf({ raw }: Store): Readonly<Record<string, number>> {
  const rows = raw
    .prepare(
      "SELECT event, count(*) AS count FROM " +
        "(SELECT event FROM audit ORDER BY seq DESC LIMIT 100000) GROUP BY event ORDER BY event",
    )
    .all();
  return Object.fromEntries(rows.map(({ event, count }) => [String(event), Number(count)]));
}

/** As dpkg-query(1) would list them; see deb822(5). */
function packagesOf(status: string): string {
  return status
    .split("\n\n")
    .flatMap((stanza) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(stanza)?.[1];
      const isInstalled = field("Status")?.endsWith(" installed") ?? false;
      return isInstalled ? [`${field("Package") ?? ""}\t${field("Version") ?? ""}\n`] : [];
    })
    .join("");
}
