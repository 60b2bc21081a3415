/**
 * How the machine and the appliance on it are. `read` looks, `judge` decides; the page at /login
 * and `handrail health` show the same report. Nothing here changes anything, or needs root.
 */
import { stat, statfs } from "node:fs/promises";
import { availableParallelism, loadavg, uptime } from "node:os";
import path from "node:path";
import type { Lifetime, UnixMs } from "@handrail/protocol";
import type { Disk, HealthReading, HealthReport } from "@handrail/protocol/upkeep";
import { BackupFolder } from "../backup/backup-folder.ts";
import type { Settings } from "../config.ts";
import { databaseName } from "../store/database.ts";
import type { KnownReleases } from "../update/channel/known.ts";
import { updateNotesIn } from "../update/journal.ts";
import { version } from "../version.ts";
import { judge } from "./judge.ts";
import { readMemory } from "./memory.ts";
import { readRestart } from "./restart.ts";
import { readTimeKeeping } from "./time-keeping.ts";

/** What the appliance knows of itself. */
export interface KnownHealth {
  readonly settings: Pick<Settings, "dataDirectory" | "backupsDirectory" | "releasesDirectory">;
  /** Of the certificate that is shown. */
  readonly certificate: Lifetime;
  readonly backup: {
    readonly isScheduled: boolean;
    readonly hasFailed: boolean;
    /** Since when one cannot be sent to where backups go. */
    readonly unsentSince?: UnixMs | undefined;
  };
  readonly releases: KnownReleases;
  /** When the server was started, Unix ms; absent while it does not run. */
  readonly startedAt?: UnixMs | undefined;
  readonly now: UnixMs;
}

/** Looks at everything and judges it. */
export async function readHealth(known: KnownHealth): Promise<HealthReport> {
  return judge(await read(known));
}

async function read({ settings, now, startedAt, ...known }: KnownHealth): Promise<HealthReading> {
  const [oneMinute = 0, fiveMinutes = 0, quarter = 0] = loadavg();
  const [lastBackup] = await new BackupFolder(settings.backupsDirectory).list();
  const { result } = updateNotesIn(settings.releasesDirectory);
  return {
    readAt: now,
    load: { averages: [oneMinute, fiveMinutes, quarter], cores: availableParallelism() },
    memory: await readMemory(),
    dataDisk: await readDisk(settings.dataDirectory),
    systemDisk: await readDisk("/"),
    certificate: known.certificate,
    clock: await readTimeKeeping(),
    database: { sizeBytes: await databaseBytes(settings.dataDirectory) },
    backup: { ...known.backup, ...(lastBackup ? { lastAt: lastBackup.madeAt } : {}) },
    update: {
      version,
      hasFailed: result?.fault !== undefined,
      ...(result ? { lastAt: result.endedAt } : {}),
      ...known.releases,
    },
    restart: await readRestart({ now }),
    upTime: {
      bootedAt: now - Math.round(uptime() * 1000),
      ...(startedAt === undefined ? {} : { startedAt }),
    },
  };
}

async function readDisk(folder: string): Promise<Disk> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** With what is written and not yet in its place. */
async function databaseBytes(dataDirectory: string): Promise<number> {
  const files = ["", "-wal"].map((suffix) => path.join(dataDirectory, databaseName + suffix));
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
