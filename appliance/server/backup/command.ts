import { existsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "../clock.ts";
import type { Settings } from "../config.ts";
import { complain, createLog, print } from "../log.ts";
import { applianceValues } from "../store/appliance-values.ts";
import { AuditLog } from "../store/audit.ts";
import { lockDirectory } from "../store/data-lock.ts";
import { databaseName, openStore } from "../store/database.ts";
import { makePrivateDirectory } from "../store/files.ts";
import { Representatives } from "../store/representatives.ts";
import { BackupError, toBackupError } from "./backup-error.ts";
import { madeDetail, makeBackup } from "./backup-file.ts";
import { makeKey } from "./backup-key.ts";
import { checkBackup } from "./check.ts";
import { leaseReading } from "./lease.ts";
import { type PassphraseSource, readNewPassphrase, readPassphrase } from "./passphrase.ts";
import { finishRestore, restoredSettings, stageRestore, stageUndo } from "./restore.ts";
import { queueBackup } from "./target/queue.ts";

const passphraseOptions = {
  "passphrase-file": { type: "string" },
  "passphrase-fd": { type: "string" },
} as const;

/**
 * `handrail backup`: makes a backup, beside a running appliance too, and prints where it lies.
 * @throws BackupError
 */
export async function backupCommand(args: string[], settings: Settings): Promise<number> {
  const options = {
    to: { type: "string" },
    recordings: { type: "boolean" },
    ...passphraseOptions,
  } as const;
  const { values } = parse(() => parseArgs({ args, options }));
  const { dataDirectory, backupsDirectory } = settings;
  const database = path.join(dataDirectory, databaseName);
  if (!existsSync(database)) {
    throw new BackupError("failed", `There is no appliance in ${dataDirectory}.`);
  }
  const folder = path.resolve(values.to ?? backupsDirectory);
  const passphrase = await readNewPassphrase(sourceOf(values));
  const withRecordings = values.recordings ?? false;
  const key = await makeKey(passphrase);
  using store = openStore(database);
  const kept = applianceValues(store);
  using stack = new DisposableStack();
  stack.use(leaseReading(kept, systemClock));
  const made = await makeBackup({ settings, key, folder, withRecordings, clock: systemClock });
  stack.dispose();
  using audit = new AuditLog({ store, clock: systemClock, log: createLog("error", complain) });
  const detail = { ...madeDetail(made), withRecordings };
  // Where the appliance looks for backups it sends them, too; another folder has its own way.
  const also = () => {
    if (folder === path.resolve(backupsDirectory)) queueBackup(kept, made.name);
  };
  const told = audit.append({ event: "backup.made", who: "operator", detail }, { also });
  audit.flush();
  await told;
  print(path.join(folder, made.name));
  for (const name of made.missing) complain(`Not in it, for it went meanwhile: ${name}`);
  complain(`${made.sizeBytes} bytes, SHA-256 ${made.sha256}`);
  return 0;
}

/**
 * `handrail restore`: puts a backup in the place of the data, while the appliance does not run.
 * @throws BackupError
 */
export async function restoreCommand(args: string[], settings: Settings): Promise<number> {
  const options = {
    replace: { type: "boolean" },
    undo: { type: "boolean" },
    ...passphraseOptions,
  } as const;
  const { values, positionals } = parse(() => parseArgs({ args, options, allowPositionals: true }));
  const [file] = positionals;
  if (values.undo) return undo(settings);
  if (file === undefined) throw new BackupError("failed", "Name the backup to be restored.");
  const passphrase = await readPassphrase(sourceOf(values));
  await using handle = await open(file, "r").catch((cause: unknown) => {
    throw new BackupError("not-a-backup", `${file} cannot be read.`, { cause });
  });
  using stack = new DisposableStack();
  stack.use(takeOver(settings));
  mustBeFresh(settings, values.replace ?? false);
  const backup = await checkBackup(handle, passphrase);
  await stageRestore(backup, settings);
  finishRestore(settings);
  const { host, createdAt, files } = backup.contents;
  print(`restored: ${host}, as it was on ${new Date(createdAt).toISOString()}`);
  if (files.some(({ root }) => root === "settings")) {
    const folder = path.join(settings.dataDirectory, restoredSettings);
    complain(`Its settings lie in ${folder}: put back by hand what is still right here.`);
  }
  return 0;
}

function undo(settings: Settings): number {
  using stack = new DisposableStack();
  stack.use(takeOver(settings));
  if (!stageUndo(settings)) {
    throw new BackupError("failed", "Nothing is kept of what was there before a restore.");
  }
  finishRestore(settings);
  print("The data are again what they were before the restore.");
  return 0;
}

/** Keeps the data for this process, as the account that they belong to. */
function takeOver(settings: Settings): Disposable {
  const { dataDirectory } = settings;
  makePrivateDirectory(dataDirectory);
  const { uid, gid } = statSync(dataDirectory);
  if (process.getuid?.() === 0 && uid !== 0) {
    process.setgroups?.([gid]);
    process.setgid?.(gid);
    process.setuid?.(uid);
  }
  const lock = takeLock(dataDirectory);
  try {
    finishRestore(settings);
  } catch (error) {
    lock[Symbol.dispose]();
    throw toBackupError(error);
  }
  return lock;
}

function takeLock(dataDirectory: string): Disposable {
  try {
    return lockDirectory(dataDirectory);
  } catch (cause) {
    const message = "The appliance is running: stop it, restore, and start it again.";
    throw new BackupError("busy", message, { cause });
  }
}

function mustBeFresh({ dataDirectory }: Settings, mayReplace: boolean): void {
  const database = path.join(dataDirectory, databaseName);
  if (mayReplace || !existsSync(database)) return;
  using store = openStore(database);
  if (new Representatives(store).isEmpty()) return;
  throw new BackupError(
    "set-up",
    "This appliance is set up: say --replace to put the backup in the place of its data.",
  );
}

function parse<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BackupError("failed", reason, { cause });
  }
}

function sourceOf(values: {
  "passphrase-file"?: string | undefined;
  "passphrase-fd"?: string | undefined;
}): PassphraseSource {
  const { "passphrase-file": file, "passphrase-fd": descriptor } = values;
  if (descriptor === undefined) return { file };
  const number = Number(descriptor);
  if (Number.isInteger(number) && number >= 0) return { descriptor: number };
  throw new BackupError("passphrase", "--passphrase-fd takes the number of an open file.");
}
