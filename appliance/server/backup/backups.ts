import { statfs } from "node:fs/promises";
import { HandrailError, type UnixMs } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { Settings } from "../config.ts";
import type { Log } from "../log.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import type { BackupAuthor } from "./author.ts";
import { type BackupFault, toBackupError } from "./backup-error.ts";
import { type MadeBackup, madeDetail, makeBackup } from "./backup-file.ts";
import { BackupFolder, type KeptBackup, scheduledMark } from "./backup-folder.ts";
import { type BackupKey, makeKey, readKey, writeKey } from "./backup-key.ts";
import { isReadBeside } from "./lease.ts";
import { type BackupSchedule, dueAfter, noSchedule, scheduleShape } from "./schedule.ts";
import { TargetDesk } from "./target/desk.ts";
import { Sending } from "./target/sending.ts";

/** How the last backup since the appliance was started ended. */
export interface LastBackup {
  readonly at: UnixMs;
  readonly name?: string;
  readonly fault?: BackupFault;
}

/** What is known of backups. */
export interface BackupState {
  readonly backups: readonly KeptBackup[];
  readonly isWorking: boolean;
  readonly last: LastBackup | undefined;
  readonly schedule: BackupSchedule;
  /** Unix ms. */
  readonly nextAt: UnixMs | undefined;
  readonly folder: string;
  readonly freeBytes: number;
}

const scheduleName = "backup-schedule";
const keyName = "backup-key";
const scheduledSinceName = "backup-scheduled-since";
/** What has become due while the appliance was off waits until its start is over, ms. */
const overdueDelayMs = 300_000;

/** The schedule by which backups are made. */
export function readSchedule(values: Pick<ApplianceValues, "read">): BackupSchedule {
  const stored = values.read(scheduleName)?.toString();
  return stored === undefined ? noSchedule : scheduleShape.parse(JSON.parse(stored));
}

/** Makes backups on the appliance, when somebody wants one and by a schedule, and keeps them. */
export class Backups implements AsyncDisposable {
  /** Sends them away. */
  readonly sending: Sending;
  /** Where they are sent. */
  readonly target: TargetDesk;
  readonly #settings: Settings;
  readonly #values: ApplianceValues;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #folder: BackupFolder;
  readonly #stopping = new AbortController();
  #working: Promise<void> | undefined;
  #last: LastBackup | undefined;
  #timer: Disposable | undefined;

  constructor(options: {
    settings: Settings;
    values: ApplianceValues;
    audit: AuditLog;
    clock: Clock;
    log: Log;
  }) {
    this.#settings = options.settings;
    this.#values = options.values;
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#log = options.log;
    const { backupsDirectory, proxyFile } = options.settings;
    this.#folder = new BackupFolder(backupsDirectory);
    this.sending = new Sending({
      ...{ ...options, backupsDirectory, proxyFile },
      keep: () => this.#schedule.keep,
    });
    this.target = new TargetDesk({
      ...{ ...options, backupsDirectory, proxyFile },
      sending: this.sending,
    });
    this.#wait();
  }

  /** Whether one is being made, also by the command beside: what it reads must stay. */
  get isWorking(): boolean {
    return this.#working !== undefined || isReadBeside(this.#values, this.#clock.now());
  }

  async state(): Promise<BackupState> {
    const { backupsDirectory, dataDirectory } = this.#settings;
    const { bavail, bsize } = await statfs(backupsDirectory).catch(() => statfs(dataDirectory));
    return {
      backups: await this.#folder.list(),
      isWorking: this.isWorking,
      last: this.#last,
      schedule: this.#schedule,
      nextAt: this.#dueAt,
      folder: backupsDirectory,
      freeBytes: bavail * bsize,
    };
  }

  /**
   * Begins to make a backup; `state` says when it is there.
   * @throws HandrailError `conflict` while another is made
   */
  make(request: { passphrase: string; withRecordings: boolean }, author: BackupAuthor): void {
    const { passphrase, withRecordings } = request;
    this.#begin(() => makeKey(passphrase), { withRecordings, author });
  }

  /** The file of a backup. That it was taken is audited. @throws HandrailError `not-found` */
  async take(name: string, author: BackupAuthor): Promise<string> {
    const file = await this.#folder.pathOf(name);
    if (file === undefined) throw new HandrailError("not-found", "no such backup");
    await this.#tell("backup.downloaded", author, { name });
    return file;
  }

  /** @throws HandrailError `not-found`, `disk-full` */
  async remove(name: string, author: BackupAuthor): Promise<void> {
    if ((await this.#folder.pathOf(name)) === undefined) {
      throw new HandrailError("not-found", "no such backup");
    }
    await this.#tell("backup.removed", author, { name });
    await this.#folder.remove(name);
  }

  /** Whether backups can be made without anybody's passphrase. */
  get hasKey(): boolean {
    return this.#values.read(keyName) !== undefined;
  }

  /** Changes the schedule, and the passphrase of its backups where one is given. */
  async setSchedule(
    schedule: BackupSchedule,
    passphrase: string | undefined,
    author: BackupAuthor,
  ): Promise<void> {
    const before = this.#schedule;
    const key = passphrase === undefined ? undefined : await makeKey(passphrase);
    const detail = {
      scheduleBefore: JSON.stringify(before),
      schedule: JSON.stringify(schedule),
      newPassphrase: key !== undefined,
    };
    const also = () => {
      this.#write(scheduleName, JSON.stringify(schedule));
      this.#write(scheduledSinceName, String(this.#clock.now()));
      if (key) this.#write(keyName, writeKey(key));
    };
    const who = { who: author.name, whoId: author.id };
    await this.#audit.append({ event: "backup.schedule-changed", ...who, detail }, { also });
    this.#wait();
  }

  /** Gives up what is being made. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#stopping.abort();
    await this.sending[Symbol.asyncDispose]();
    await this.target[Symbol.asyncDispose]();
    await this.#working;
  }

  get #schedule(): BackupSchedule {
    return readSchedule(this.#values);
  }

  get #dueAt(): UnixMs | undefined {
    const since = Number(this.#values.read(scheduledSinceName)?.toString());
    return dueAfter(this.#schedule, Number.isFinite(since) ? since : this.#clock.now());
  }

  #wait(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const dueAt = this.#dueAt;
    if (dueAt === undefined) return;
    const leftMs = dueAt - this.#clock.now();
    this.#timer = this.#clock.after(leftMs > 0 ? leftMs : overdueDelayMs, () => this.#due());
  }

  #due(): void {
    const stored = this.#values.read(keyName)?.toString();
    this.#write(scheduledSinceName, String(this.#clock.now()));
    this.#wait();
    if (stored === undefined || this.#working) return;
    const { keep, withRecordings } = this.#schedule;
    const author = { name: "appliance" };
    this.#begin(() => Promise.resolve(readKey(stored)), { withRecordings, author, keep });
  }

  #begin(
    keyOf: () => Promise<BackupKey>,
    about: { withRecordings: boolean; author: BackupAuthor; keep?: number },
  ): void {
    if (this.#working) throw new HandrailError("conflict", "another backup is being made");
    this.#working = this.#run(keyOf, about).finally(() => (this.#working = undefined));
  }

  async #run(
    keyOf: () => Promise<BackupKey>,
    about: { withRecordings: boolean; author: BackupAuthor; keep?: number },
  ): Promise<void> {
    const { withRecordings, author, keep } = about;
    try {
      const made = await makeBackup({
        settings: this.#settings,
        clock: this.#clock,
        key: await keyOf(),
        folder: this.#settings.backupsDirectory,
        withRecordings,
        signal: this.#stopping.signal,
        ...(keep === undefined ? {} : { mark: scheduledMark }),
      });
      await this.#tell("backup.made", author, { ...madeDetail(made), withRecordings });
      this.sending.add(made.name);
      if (keep !== undefined) await this.#prune(keep);
      this.#settle(made);
    } catch (error) {
      this.#failed(error, author);
    }
  }

  async #prune(keep: number): Promise<void> {
    for (const name of await this.#folder.keepScheduled(keep)) {
      await this.#tell("backup.removed", { name: "appliance" }, { name });
    }
  }

  #settle({ name }: Pick<MadeBackup, "name">): void {
    this.#last = { at: this.#clock.now(), name };
  }

  #failed(error: unknown, author: BackupAuthor): void {
    const { fault } = toBackupError(error);
    this.#last = { at: this.#clock.now(), fault };
    this.#log.error("backup.failed", { error });
    // With a full disk the row waits in the audit log, and nobody here waits for the row.
    this.#tell("backup.failed", author, { because: `backup-${fault}` }, true).catch(
      (cause: unknown) => this.#log.error("backup.not-audited", { error: cause }),
    );
  }

  async #tell(
    event: string,
    { name: who, id: whoId }: BackupAuthor,
    detail: Readonly<Record<string, string | number | boolean>>,
    mustHappen = false,
  ): Promise<void> {
    await this.#audit.append({ event, who, whoId, detail }, { mustHappen });
  }

  #write(name: string, value: string): void {
    this.#values.write(name, Buffer.from(value));
  }
}
