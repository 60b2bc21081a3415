import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { HandrailError } from "@handrail/protocol";
import type {
  BackupTarget,
  BackupTargetOutcome,
  BackupTargetState,
  BackupTargetTrouble,
  BackupTransfer,
  RemoteBackup,
} from "@handrail/protocol/upkeep";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { Refusal } from "../../refusal.ts";
import type { ApplianceValues } from "../../store/appliance-values.ts";
import { mustHaveRoom } from "../../store/piece-file.ts";
import type { AuditLog } from "../../store/audit.ts";
import type { AuditDetail } from "../../store/audit-row.ts";
import { moveInPlace } from "../../update/durable.ts";
import type { BackupAuthor } from "../author.ts";
import { isBackupName } from "../backup-folder.ts";
import { openPlace } from "./open-place.ts";
import type { Place, Told } from "./place.ts";
import { clearQueue, readLastSent, readTrouble, waitingBackups } from "./queue.ts";
import type { Sending } from "./sending.ts";
import { sshKey, sshPublicKey } from "./ssh-key.ts";
import {
  type Access,
  isSameSignIn,
  readAccess,
  takesSecret,
  targetText,
  writeAccess,
} from "./target.ts";
import { TargetError, toTargetError } from "./target-error.ts";

/** What the desk rests on. */
export interface TargetDeskOptions {
  readonly values: ApplianceValues;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly backupsDirectory: string;
  /** With the machine's proxy. */
  readonly proxyFile: string;
  /** Absent beside an appliance that may run: it sees by itself what is to be sent. */
  readonly sending?: Sending;
}

/** A target as it was typed; without a secret the kept one is meant. */
interface Form {
  readonly target: BackupTarget;
  readonly secret?: string | undefined;
}

const fetchPrefix = ".fetch-";

/** Everything that is done about where backups are sent, but sending them. */
export class TargetDesk implements AsyncDisposable {
  readonly #options: TargetDeskOptions;
  readonly #stopping = new AbortController();
  #fetching: Promise<void> | undefined;
  #transfer: BackupTransfer | undefined;
  #fetchTrouble: BackupTargetTrouble | undefined;

  constructor(options: TargetDeskOptions) {
    this.#options = options;
  }

  get state(): BackupTargetState {
    const { sending, values } = this.#options;
    const trouble = readTrouble(values);
    return {
      target: readAccess(values)?.target,
      publicKey: sshPublicKey(values),
      waiting: waitingBackups(values),
      sending: sending?.transfer,
      fetching: this.#transfer,
      lastSent: readLastSent(values),
      trouble,
      fetchTrouble: this.#fetchTrouble,
    };
  }

  /** Since when a backup cannot be sent, where that is so; Unix ms. */
  get failsSince(): number | undefined {
    return readTrouble(this.#options.values)?.since;
  }

  /**
   * Sends backups there from now on, or with undefined nowhere. What waits for another place is
   * given up.
   * @throws HandrailError `bad-request` for a server's key or a secret that is missing
   */
  async change(form: Form | undefined, by: BackupAuthor): Promise<void> {
    const { values, sending } = this.#options;
    const before = readAccess(values);
    const access = form && this.#accessOf(form);
    if (access?.target.kind === "sftp" && access.target.hostKey === undefined) {
      throw new Refusal("bad-request", "the server's key is to be confirmed first: try it", {
        field: "target.hostKey",
      });
    }
    const detail = {
      targetBefore: targetText(before?.target),
      target: targetText(access?.target),
      ...(form?.secret === undefined ? {} : { newSecret: true }),
    };
    const isElsewhere = detail.target !== detail.targetBefore;
    const write = () =>
      this.#tell("backup.target-changed", by, detail, () => {
        writeAccess(values, access);
        if (isElsewhere) clearQueue(values);
      });
    if (sending) await sending.restart(write);
    else await write();
  }

  /** Writes a small file there and removes it, and says what came of it. Changes nothing here. */
  async try(form: Form, by: BackupAuthor): Promise<BackupTargetOutcome> {
    const outcome = await this.#try(this.#accessOf(form));
    const detail = {
      target: targetText(form.target),
      ...(outcome.ok ? {} : { because: `target-${outcome.fault}` }),
    };
    await this.#tell(outcome.ok ? "backup.target-tried" : "backup.target-failed", by, detail);
    return outcome;
  }

  /** What lies at the target. @throws TargetError; HandrailError `not-found` without a target */
  async list(): Promise<RemoteBackup[]> {
    return this.#at(this.#mustHave(), (place) => place.list());
  }

  /** Begins to take one from the target; `state` says how it goes. @throws HandrailError */
  beginFetch(name: string, by: BackupAuthor): void {
    if (this.#fetching) throw new HandrailError("conflict", "another one is being fetched");
    this.#mustHave();
    this.#fetchTrouble = undefined;
    this.#fetching = this.fetch(name, by)
      .then(
        () => undefined,
        (error: unknown) => {
          const { fault, fingerprint } = toTargetError(error);
          this.#fetchTrouble = { fault, fingerprint };
          this.#options.log.warn("backup.not-fetched", { name, error });
        },
      )
      .finally(() => {
        this.#fetching = undefined;
        this.#transfer = undefined;
      });
  }

  /**
   * Takes a backup from the target to the appliance: whole under its name, or not there. Gives its
   * place.
   * @throws TargetError; HandrailError `not-found`
   */
  async fetch(name: string, by: BackupAuthor): Promise<string> {
    const { backupsDirectory } = this.#options;
    const access = this.#mustHave();
    if (!isBackupName(name)) throw new HandrailError("not-found", "no such backup");
    await mkdir(backupsDirectory, { recursive: true, mode: 0o700 });
    await clearFetched(backupsDirectory);
    const draft = path.join(backupsDirectory, fetchPrefix + name);
    const to = path.join(backupsDirectory, name);
    await this.#at(access, async (place) => {
      const found = (await place.list()).find((each) => each.name === name);
      if (!found) throw new TargetError("not-found");
      const { sizeBytes } = found;
      await mustHaveRoom(backupsDirectory, sizeBytes);
      const told: Told = (doneBytes) => (this.#transfer = { name, doneBytes, sizeBytes });
      told(0);
      await place.fetch(found, draft, told);
    });
    moveInPlace(draft, to);
    await this.#tell("backup.fetched", by, { name, target: targetText(access.target) });
    return to;
  }

  /** Gives up what is being fetched. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#fetching;
  }

  /** The kept secret goes to nobody but whom it was given for. @throws HandrailError */
  #accessOf({ target, secret }: Form): Access {
    if (!takesSecret(target)) return { target };
    if (secret !== undefined) return { target, secret };
    const kept = readAccess(this.#options.values);
    if (kept?.secret !== undefined && isSameSignIn(kept.target, target)) {
      return { target, secret: kept.secret };
    }
    const message = "type the password or secret key for this place";
    throw new Refusal("bad-request", message, { field: "secret" });
  }

  #mustHave(): Access {
    const access = readAccess(this.#options.values);
    if (!access) throw new HandrailError("not-found", "backups are sent nowhere");
    return access;
  }

  async #try(access: Access): Promise<BackupTargetOutcome> {
    try {
      await this.#at(access, (place) => place.try());
      return { ok: true };
    } catch (error) {
      const { fault, fingerprint } = toTargetError(error);
      return { ok: false, fault, ...(fingerprint === undefined ? {} : { fingerprint }) };
    }
  }

  async #at<T>(access: Access, work: (place: Place) => Promise<T>): Promise<T> {
    const { clock, proxyFile, values } = this.#options;
    const { signal } = this.#stopping;
    await using place = await openPlace(access, sshKey(values), { clock, signal, proxyFile });
    return await work(place);
  }

  async #tell(
    event: string,
    by: BackupAuthor,
    detail: AuditDetail,
    also?: () => void,
  ): Promise<void> {
    const { audit } = this.#options;
    const row = { event, who: by.name, whoId: by.id, detail };
    const writing = audit.append(row, also ? { also } : {});
    audit.flush();
    await writing;
  }
}

/** Removes what is left of fetches that were cut. */
async function clearFetched(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(fetchPrefix)) await rm(path.join(folder, name), { force: true });
  }
}
