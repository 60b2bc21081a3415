import type { Log } from "../log.ts";
import type { AuditLog } from "../store/audit.ts";
import type { DataPlaces } from "./places.ts";
import { dropOld, restored, setTold } from "./restore.ts";

/** The appliance runs with what was restored: that is audited, and what was there before goes. */
export async function settleRestore(
  places: DataPlaces,
  { audit, log }: { audit: AuditLog; log: Log },
): Promise<void> {
  const note = restored(places);
  if (note) {
    const { host, version, createdAt, hasRecordings } = note;
    const detail = { host, version, firstAt: createdAt, withRecordings: hasRecordings };
    await audit.append({ event: "backup.restored", who: "operator", detail });
    log.info("backup.restored", detail);
    setTold(places);
  }
  // Nobody waits for it: it may be gigabytes.
  dropOld(places).catch((error: unknown) => log.error("backup.leftovers", { error }));
}
