import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { removeFile, syncFolder } from "../update/durable.ts";
import {
  seedKeyPrefix,
  type SeedPlaces,
  systemFiles,
  timeZoneLink,
  updateKeysFolder,
} from "./places.ts";

/** Folders of the base that must stay: the file system's own, at its root. */
const kept = new Set(["lost+found"]);

/** Where the mark lies that the next start begins with a factory reset. */
export function resetMark(releasesRoot: string): string {
  return path.join(releasesRoot, "factory-reset");
}

/** Has the next start do it. It is on the disk when the call is over. */
export function markReset(releasesRoot: string): void {
  mkdirSync(releasesRoot, { recursive: true });
  writeFileSync(resetMark(releasesRoot), "", { flush: true });
  syncFolder(releasesRoot);
}

/**
 * Empties the data and forgets what this one machine was told, where the mark is; the release and the
 * system stay. The mark goes last: what was cut short is done again at the next start.
 */
export function doReset(places: SeedPlaces, releasesRoot: string): boolean {
  const mark = resetMark(releasesRoot);
  if (!existsSync(mark)) return false;
  empty(places.data, kept);
  for (const name of ["seed", "update"]) {
    rmSync(path.join(releasesRoot, name), { recursive: true, force: true });
  }
  empty(path.join(places.root, "var/cache/handrail"), new Set());
  for (const file of Object.values(systemFiles)) removeIfThere(path.join(places.root, file));
  const keys = path.join(places.root, updateKeysFolder);
  for (const name of namesIn(keys).filter((each) => each.startsWith(seedKeyPrefix))) {
    removeFile(path.join(keys, name));
  }
  const zone = path.join(places.root, timeZoneLink);
  rmSync(zone, { force: true });
  symlinkSync("/usr/share/zoneinfo/Etc/UTC", zone);
  for (const folder of [places.data, path.dirname(zone)]) syncFolder(folder);
  removeFile(mark);
  return true;
}

function empty(folder: string, except: ReadonlySet<string>): void {
  for (const name of namesIn(folder).filter((each) => !except.has(each))) {
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function removeIfThere(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })) removeFile(file);
}
