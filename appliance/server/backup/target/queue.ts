import type { UnixMs } from "@handrail/protocol";
import { backupTargetFaults, type BackupTargetTrouble } from "@handrail/protocol/upkeep";
import { z } from "zod";
import type { ApplianceValues } from "../../store/appliance-values.ts";
import { json } from "../../store/row.ts";
import { readAccess } from "./target.ts";

/** What is still to be sent, and how the last tries went: it outlasts the appliance's runs. */

const waitingPrefix = "backup-to-send:";
const troubleName = "backup-send-trouble";
const lastName = "backup-last-sent";

const troubleShape = json(
  z.object({
    fault: z.enum(backupTargetFaults),
    fingerprint: z.string().optional(),
    since: z.number(),
    tries: z.int(),
    nextAt: z.number(),
  }),
);
const lastShape = json(z.object({ at: z.number(), name: z.string() }));

/** Why sending fails, since when, how often in a row, and when it is tried again. */
export interface SendTrouble extends BackupTargetTrouble {
  readonly since: UnixMs;
  readonly tries: number;
  readonly nextAt: UnixMs;
}

/** Has that backup sent, where there is a target; `handrail backup` may say so beside the appliance. */
export function queueBackup(values: ApplianceValues, name: string): void {
  if (readAccess(values)) values.write(waitingPrefix + name, Buffer.alloc(0));
}

/** Backups that wait to be sent, the newest first: it is the one that counts when all is lost. */
export function waitingBackups(values: ApplianceValues): string[] {
  const names = values.list(waitingPrefix).map(({ name }) => name.slice(waitingPrefix.length));
  return names.sort((a, b) => (timeIn(a) < timeIn(b) ? 1 : -1));
}

/** It waits no longer. */
export function dropWaiting(values: ApplianceValues, name: string): void {
  values.remove(waitingPrefix + name);
}

/** Forgets everything of a target that is one no more. */
export function clearQueue(values: ApplianceValues): void {
  for (const name of waitingBackups(values)) dropWaiting(values, name);
  for (const name of [troubleName, lastName]) values.remove(name);
}

/** Why the last try failed; undefined when it did not. */
export function readTrouble(values: Pick<ApplianceValues, "read">): SendTrouble | undefined {
  return troubleShape.safeParse(values.read(troubleName)?.toString()).data;
}

/** Keeps it, or with undefined forgets it. */
export function writeTrouble(values: ApplianceValues, trouble: SendTrouble | undefined): void {
  if (trouble) values.write(troubleName, Buffer.from(JSON.stringify(trouble)));
  else values.remove(troubleName);
}

/** What was sent last to the present target. */
export function readLastSent(values: Pick<ApplianceValues, "read">) {
  return lastShape.safeParse(values.read(lastName)?.toString()).data;
}

/** Keeps it. Part of the caller's transaction. */
export function writeLastSent(values: ApplianceValues, last: { at: UnixMs; name: string }): void {
  values.write(lastName, Buffer.from(JSON.stringify(last)));
}

/** The moment in a backup's name, as it stands there. */
function timeIn(name: string): string {
  return /\d{4}-\d{2}-\d{2}-\d{6}/.exec(name)?.[0] ?? "";
}
