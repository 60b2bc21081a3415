import type { HealthReading } from "@handrail/protocol/upkeep";

const dayMs = 86_400_000;
const now = Date.UTC(2030, 5, 1);
const half = { freeBytes: 50e9, totalBytes: 100e9 };

/** A machine on which all is well. */
export const wellReading: HealthReading = {
  readAt: now,
  load: { averages: [0.5, 0.4, 0.3], cores: 2 },
  memory: {
    ...{ totalBytes: 2e9, availableBytes: 1.2e9 },
    ...{ handrailBytes: 120e6, handrailProcesses: 1 },
  },
  dataDisk: half,
  systemDisk: half,
  certificate: { validFrom: now - 10 * dayMs, validTo: now + 90 * dayMs },
  clock: { source: "systemd-timesyncd", isSynchronised: true, lastAt: now - 60_000 },
  database: { sizeBytes: 10e6 },
  backup: { lastAt: now - dayMs, isScheduled: true, hasFailed: false },
  update: { version: "1.2.3", hasFailed: false },
  restart: { isNeeded: false, packages: [] },
  upTime: { bootedAt: now - 5 * dayMs, startedAt: now - dayMs },
};
