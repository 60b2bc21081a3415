import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { mkdir, open, rm, statfs } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { makePrivateDirectory, writeSecretFile } from "../store/files.ts";
import { removeFile, syncFileSystem, syncFolder } from "../update/durable.ts";
import { BackupError, toBackupError } from "./backup-error.ts";
import type { CheckedBackup } from "./check.ts";
import { type BackupFile, type BackupRoot, bytesOf, type ContentsReader } from "./contents.ts";
import { type DataPlaces, isKept, isTaken, restoreFolder, uploadFile } from "./places.ts";

/*
 * A restore is prepared in the folder `.restore` of each place, as `new`. With the file `commit` it
 * is decided: from then on `finishRestore` moves what is there into `old` and what is new into its
 * place, and a cut at any moment is made good by calling it again, which every start does first.
 * `old` stays until the appliance has started with what is new.
 */
const noteShape = z.object({
  /**
   * `out`: what is there goes; `in`: what is new comes; `done`: the appliance has not started with
   * it yet; `told`: it has, and `old` is to be removed.
   */
  stage: z.enum(["out", "in", "done", "told"]),
  /** Whether the recordings are replaced as well. */
  hasRecordings: z.boolean(),
  version: z.string(),
  host: z.string(),
  /** When the backup was made, Unix ms. */
  createdAt: z.int(),
});

/** What was restored, or is to be. */
export type RestoreNote = z.infer<typeof noteShape>;

/** So much stays free beside what is restored, bytes: the database grows when it is opened. */
const reserveBytes = 64 * 1024 * 1024;

/**
 * Prepares a restore and decides it; `finishRestore` does it. Before the decision nothing of what
 * is there has changed, and what was prepared is gone after a failure. `mustStill` may refuse it
 * right before the decision.
 * @throws BackupError `no-space`, `damaged`, `failed`, and what `mustStill` throws
 */
export async function stageRestore(
  backup: CheckedBackup,
  places: DataPlaces,
  mustStill: () => void = () => undefined,
): Promise<void> {
  const { contents } = backup;
  const note = noteFile(places);
  await dropOld(places);
  if (existsSync(note)) throw new BackupError("busy", "Another restore is not finished yet.");
  const roots = rootsOf(places, contents.hasRecordings);
  try {
    for (const root of roots) await rm(inside(root, "new"), { recursive: true, force: true });
    await mustFit(backup, places);
    const reader = backup.reader();
    // The same as before, for every byte is authentic; whoever has changed it in between is found.
    const { files } = await reader.contents();
    for (const root of roots) await mkdir(inside(root, "new"), { recursive: true, mode: 0o700 });
    for (const file of files) {
      if (isForeign(file, places)) await skip(reader, file);
      else await unpack(reader, file, places);
    }
    await reader.end();
    for (const root of roots) await syncFileSystem(root);
    mustStill();
  } catch (error) {
    for (const root of roots) await rm(inside(root, "new"), { recursive: true, force: true });
    throw toBackupError(error);
  }
  const { version, host, createdAt, hasRecordings } = contents;
  writeNote(places, { stage: "out", version, host, createdAt, hasRecordings });
}

/** Does what has been decided, and what a cut has left undone. Nobody may use the data meanwhile. */
export function finishRestore(places: DataPlaces): void {
  let note = readNote(places);
  const roots = rootsOf(places, note?.hasRecordings ?? true);
  if (!note) {
    // What a restore has left that was never decided.
    for (const root of roots)
      rmSync(path.join(root, restoreFolder), { recursive: true, force: true });
  }
  if (note?.stage === "out") {
    for (const root of roots) moveOut(root, places);
    note = writeNote(places, { ...note, stage: "in" });
  }
  if (note?.stage === "in") {
    for (const root of roots) moveAll(inside(root, "new"), root, () => true);
    writeNote(places, { ...note, stage: "done" });
  }
}

/** Decides to bring back what a restore has replaced. False when nothing is kept of it. */
export function stageUndo(places: DataPlaces): boolean {
  const note = readNote(places);
  if (note?.stage !== "done") return false;
  for (const root of rootsOf(places, note.hasRecordings)) {
    // After a cut in between, one may have been moved already.
    if (!existsSync(inside(root, "old"))) continue;
    rmSync(inside(root, "new"), { recursive: true, force: true });
    renameSync(inside(root, "old"), inside(root, "new"));
    syncFolder(path.join(root, restoreFolder));
  }
  writeNote(places, { ...note, stage: "out" });
  return true;
}

/** What was restored before this start, and not been told of yet. */
export function restored(places: DataPlaces): RestoreNote | undefined {
  const note = readNote(places);
  return note?.stage === "done" ? note : undefined;
}

/** The appliance has started with what was restored, and has told of it. */
export function setTold(places: DataPlaces): void {
  const note = restored(places);
  if (note) writeNote(places, { ...note, stage: "told" });
}

/** Removes what was there before the last restore. */
export async function dropOld(places: DataPlaces): Promise<void> {
  const note = readNote(places);
  if (note?.stage !== "done" && note?.stage !== "told") return;
  for (const root of rootsOf(places, note.hasRecordings)) {
    await rm(inside(root, "old"), { recursive: true, force: true });
  }
  await rm(uploadFile(places), { force: true });
  removeFile(noteFile(places));
}

async function mustFit({ contents }: CheckedBackup, places: DataPlaces): Promise<void> {
  const wanted = [
    [places.dataDirectory, bytesOf(contents, "data", "settings")],
    [places.recordingsDirectory, bytesOf(contents, "recordings")],
  ] as const;
  const total = wanted.reduce((sum, [, bytes]) => sum + bytes, 0);
  for (const [folder, bytes] of wanted) {
    if (bytes === 0) continue;
    makePrivateDirectory(folder);
    const { bavail, bsize, type } = await statfs(folder);
    const other = await statfs(places.dataDirectory);
    // One file system has to hold both, as far as can be told.
    const isShared = type === other.type && bavail === other.bavail;
    if ((isShared ? total : bytes) + reserveBytes <= bavail * bsize) continue;
    throw new BackupError("no-space", `There is not enough room in ${folder} for the backup.`);
  }
}

async function unpack(reader: ContentsReader, file: BackupFile, places: DataPlaces): Promise<void> {
  const to = path.join(inside(rootOf(file.root, places), "new"), nameOf(file));
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  await using target = await open(to, "wx", 0o600);
  for await (const piece of reader.take(file.sizeBytes)) await target.writeFile(piece);
}

/** What lies in another place here, such as recordings, and what has no place in a backup. */
function isForeign({ root, path: name }: BackupFile, places: DataPlaces): boolean {
  return root === "data" && !isTaken(name.split("/", 1)[0] ?? "", places);
}

async function skip(reader: ContentsReader, { sizeBytes }: BackupFile): Promise<void> {
  const pieces = reader.take(sizeBytes);
  while ((await pieces.next()).done !== true);
}

/** Where the settings of the appliance that was backed up are laid down, in its data. */
export const restoredSettings = "restored-settings";

function nameOf({ root, path: name }: BackupFile): string {
  return root === "settings" ? path.join(restoredSettings, name) : name;
}

function rootOf(root: BackupRoot, places: DataPlaces): string {
  return root === "recordings" ? places.recordingsDirectory : places.dataDirectory;
}

function rootsOf(places: DataPlaces, hasRecordings: boolean): string[] {
  const { dataDirectory, recordingsDirectory } = places;
  return hasRecordings ? [dataDirectory, recordingsDirectory] : [dataDirectory];
}

function moveOut(root: string, places: DataPlaces): void {
  const isData = root === places.dataDirectory;
  const stays = (name: string) => (isData ? isKept(name, places) : name === restoreFolder);
  moveAll(root, inside(root, "old"), (name) => !stays(name));
}

function moveAll(from: string, to: string, isMoved: (name: string) => boolean): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from).filter(isMoved)) {
    const target = path.join(to, name);
    // Of a restore that was cut short while it cleared away.
    rmSync(target, { recursive: true, force: true });
    renameSync(path.join(from, name), target);
  }
  syncFolder(to);
  syncFolder(from);
}

function inside(root: string, name: "new" | "old"): string {
  return path.join(root, restoreFolder, name);
}

function noteFile({ dataDirectory }: DataPlaces): string {
  return path.join(dataDirectory, restoreFolder, "commit");
}

function readNote(places: DataPlaces): RestoreNote | undefined {
  const file = noteFile(places);
  return existsSync(file) ? noteShape.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

function writeNote(places: DataPlaces, note: RestoreNote): RestoreNote {
  const file = noteFile(places);
  writeSecretFile(file, `${JSON.stringify(note)}\n`);
  syncFolder(path.dirname(file));
  return note;
}
