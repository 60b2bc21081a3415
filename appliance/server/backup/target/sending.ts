import { stat } from "node:fs/promises";
import type { BackupTransfer } from "@handrail/protocol/upkeep";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { ApplianceValues } from "../../store/appliance-values.ts";
import type { AuditLog } from "../../store/audit.ts";
import type { AuditDetail } from "../../store/audit-row.ts";
import type { BackupAuthor } from "../author.ts";
import { BackupFolder, isScheduled } from "../backup-folder.ts";
import { openPlace } from "./open-place.ts";
import type { Place } from "./place.ts";
import {
  dropWaiting,
  queueBackup,
  readTrouble,
  waitingBackups,
  writeLastSent,
  writeTrouble,
} from "./queue.ts";
import { sshKey } from "./ssh-key.ts";
import { type Access, readAccess, targetText } from "./target.ts";
import { toTargetError } from "./target-error.ts";

/** What sending rests on. */
export interface SendingOptions {
  readonly values: ApplianceValues;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the backups lie on the appliance. */
  readonly backupsDirectory: string;
  /** With the machine's proxy. */
  readonly proxyFile: string;
  /** How many that the schedule has made are kept at the target. */
  readonly keep: () => number;
}

const startDelayMs = 5_000;
/** `handrail backup` puts backups into the queue as well: they are seen so soon. */
const lookEveryMs = 15_000;
const shortestLookMs = 100;
const firstRetryMs = 60_000;
const longestRetryMs = 3_600_000;
/** After one backup: a server may name as many as it likes. */
const mostRemoved = 100;
/** A server may also say nothing but that it is there: what waits is not kept waiting by that. */
const longestPruneMs = 10 * 60_000;

/**
 * Sends the backups that wait to the target, one after the other. What breaks is begun again, later
 * each time; a start of the appliance goes on with what waits.
 */
export class Sending implements AsyncDisposable {
  readonly #options: SendingOptions;
  readonly #folder: BackupFolder;
  #working: Promise<void> | undefined;
  #abort: AbortController | undefined;
  #transfer: BackupTransfer | undefined;
  #timer: Disposable | undefined;
  #isStopping = false;

  constructor(options: SendingOptions) {
    this.#options = options;
    this.#folder = new BackupFolder(options.backupsDirectory);
    this.#arm(startDelayMs);
  }

  /** What is on its way just now. */
  get transfer(): BackupTransfer | undefined {
    return this.#transfer;
  }

  /** Has a backup sent, at once where nothing else is. */
  add(name: string): void {
    queueBackup(this.#options.values, name);
    this.wake();
  }

  /** Tries at once, whatever went wrong before. */
  wake(): void {
    const { values } = this.#options;
    const trouble = readTrouble(values);
    if (trouble) writeTrouble(values, { ...trouble, nextAt: this.#options.clock.now() });
    if (!this.#working) this.#arm(0);
  }

  /** Leaves what is being sent and what waits: none of it is sent any more. */
  async cancel(by: BackupAuthor): Promise<void> {
    const { audit, values } = this.#options;
    const names = waitingBackups(values);
    if (names.length === 0) return;
    const also = () => {
      for (const name of names) dropWaiting(values, name);
      writeTrouble(values, undefined);
    };
    const detail = { name: names.join(" ").slice(0, 1000) };
    const row = { event: "backup.sending-cancelled", who: by.name, whoId: by.id, detail };
    await audit.append(row, { also });
    this.#abort?.abort();
  }

  /** The target is another one: what went to the one before is given up, with what was known of it. */
  async restart(change: () => Promise<void>): Promise<void> {
    this.#abort?.abort();
    await this.#working;
    await change();
    this.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.#timer?.[Symbol.dispose]();
    this.#abort?.abort();
    await this.#working;
  }

  #arm(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#isStopping) return;
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#working = this.#work().finally(() => {
        this.#working = undefined;
        this.#arm(this.#untilLookMs());
      });
    });
  }

  #untilLookMs(): number {
    const { clock, values } = this.#options;
    const trouble = readTrouble(values);
    if (!trouble) return lookEveryMs;
    return Math.min(Math.max(trouble.nextAt - clock.now(), shortestLookMs), lookEveryMs);
  }

  async #work(): Promise<void> {
    const { clock, log, values } = this.#options;
    try {
      for (;;) {
        const access = readAccess(values);
        const [name] = waitingBackups(values);
        const trouble = readTrouble(values);
        const isEarly = clock.now() < (trouble?.nextAt ?? 0);
        // What could not be sent is there no more: nothing is wrong any longer.
        if (trouble && name === undefined) writeTrouble(values, undefined);
        if (!access || name === undefined || isEarly || this.#isStopping) return;
        if (!(await this.#send(name, access))) return;
      }
    } catch (error) {
      // Of the appliance itself, as a full disk: the next look tries again.
      log.error("backup.send-failed", { error });
    }
  }

  /** Whether it went well, or there was nothing to send any more. */
  async #send(name: string, access: Access): Promise<boolean> {
    const { values, clock, proxyFile } = this.#options;
    const file = await this.#folder.pathOf(name);
    if (file === undefined) {
      dropWaiting(values, name);
      return true;
    }
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const { size: sizeBytes } = await stat(file);
    const told = (doneBytes: number) => (this.#transfer = { name, doneBytes, sizeBytes });
    told(0);
    try {
      await using place = await openPlace(access, sshKey(values), { clock, signal, proxyFile });
      await place.send({ name, path: file, sizeBytes }, told);
      await this.#sent(name, access);
      if (isScheduled(name)) await this.#prune(name, place, access);
      return true;
    } catch (error) {
      if (!signal.aborted) await this.#failed(name, access, error);
      return false;
    } finally {
      this.#transfer = undefined;
      this.#abort = undefined;
    }
  }

  async #sent(name: string, { target }: Access): Promise<void> {
    const { values, clock } = this.#options;
    await this.#tell("backup.sent", { name, target: targetText(target) }, () => {
      dropWaiting(values, name);
      writeTrouble(values, undefined);
      writeLastSent(values, { at: clock.now(), name });
    });
  }

  async #failed(name: string, { target }: Access, error: unknown): Promise<void> {
    const { values, clock, log } = this.#options;
    const { fault, fingerprint } = toTargetError(error);
    const before = readTrouble(values);
    const tries = (before?.tries ?? 0) + 1;
    const now = clock.now();
    const nextAt = now + Math.min(firstRetryMs * 2 ** (tries - 1), longestRetryMs);
    const since = before?.since ?? now;
    log.warn("backup.not-sent", { name, error });
    const keep = () => writeTrouble(values, { fault, fingerprint, since, tries, nextAt });
    // Told once, and again when it is for another reason: not every hour.
    if (before?.fault === fault) return keep();
    const detail = { name, target: targetText(target), because: `target-${fault}` };
    await this.#tell("backup.not-sent", detail, keep);
  }

  /** Removes the oldest there that the schedule of this very appliance has made. */
  async #prune(sent: string, place: Place, { target }: Access): Promise<void> {
    const { clock, keep, log } = this.#options;
    const limit = clock.after(longestPruneMs, () => this.#abort?.abort());
    try {
      const ours = (await place.list()).filter(
        ({ name }) => isScheduled(name) && seriesOf(name) === seriesOf(sent),
      );
      for (const { name } of ours.slice(keep(), keep() + mostRemoved)) {
        await place.remove(name);
        await this.#tell("backup.removed-there", { name, target: targetText(target) });
      }
    } catch (error) {
      // The backup is there; what is too old goes after the next one.
      log.warn("backup.not-removed-there", { error });
    } finally {
      limit[Symbol.dispose]();
    }
  }

  async #tell(event: string, detail: AuditDetail, also?: () => void): Promise<void> {
    const row = { event, who: "appliance", detail };
    await this.#options.audit.append(row, also ? { also } : {});
  }
}

/** What a backup's name begins with before its time: several appliances may share a folder. */
function seriesOf(name: string): string {
  return name.replace(/\d{4}-\d{2}-\d{2}-\d{6}-scheduled\.[a-z]+$/, "");
}
