import type { HealthReport } from "@handrail/protocol/upkeep";
import type { Backups } from "../backup/backups.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { ShownIdentity } from "../page/shown-identity.ts";
import { applianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Store } from "../store/database.ts";
import { knownReleases } from "../update/channel/known.ts";
import { readHealth } from "./health.ts";

/** What a running appliance's report rests on. */
export interface LiveHealthOptions {
  readonly audit: AuditLog;
  readonly backups: Backups;
  readonly clock: Clock;
  readonly config: Config;
  readonly identity: Pick<ShownIdentity, "life">;
  readonly store: Store;
  /** Unix ms. */
  readonly startedAt: number;
}

/** Reads how a running appliance is, as often as it is asked. */
export function liveHealth(options: LiveHealthOptions): () => Promise<HealthReport> {
  const { audit, backups, clock, config, identity, startedAt, store } = options;
  // What came before this start is in the audit log alone, and does not change any more.
  let hadFailed: boolean | undefined;
  return async () => {
    const { last, schedule } = await backups.state();
    hadFailed ??= hasBackupFailed(audit);
    return readHealth({
      settings: config,
      certificate: identity.life,
      backup: {
        isScheduled: schedule.every !== "off",
        hasFailed: last ? last.fault !== undefined : hadFailed,
        unsentSince: backups.target.failsSince,
      },
      releases: knownReleases(applianceValues(store)),
      startedAt,
      now: clock.now(),
    });
  };
}

/** Whether the newest backup that was begun could not be made. */
export function hasBackupFailed(audit: AuditLog): boolean {
  return newest(audit, "backup.failed") > newest(audit, "backup.made");
}

/** The number of the newest row of that event; 0 when there is none. */
function newest(audit: AuditLog, event: string): number {
  const [row] = audit.page({ kind: "administration", text: event, limit: 1 });
  return row?.seq ?? 0;
}
