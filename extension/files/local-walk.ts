import type { Stats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import path from "node:path";
import { localChild, type LocalPath, nameEncoding, nameFromLocal } from "./local-name.ts";
import { codeOf } from "./file-refusal.ts";
import { namesIn } from "./local-folder.ts";

/** Something that is to be moved, wherever it is: what it is and where below the target it goes. */
export interface Moved {
  /** Below the target, as the other computer is to name it. */
  readonly names: readonly string[];
  readonly kind: "file" | "folder" | "link" | "other";
  readonly sizeBytes: number;
  /** Permission bits. */
  readonly mode: number;
  /** Unix ms. */
  readonly modifiedAt: number;
}

/** Something of this computer. */
export interface LocalMoved extends Moved {
  readonly place: LocalPath;
  /** Of a link: its text. */
  readonly target?: string;
}

/** What cannot be read, and why. */
export type WalkProblem = (names: readonly string[], error: unknown) => void;

/** So many entries of a folder are looked at together. */
const atOnce = 32;

/**
 * Files and folders of this computer with all that is in them: a folder before what it holds, and
 * its files before its folders. Links are told and not followed; devices and the like are `other`.
 */
export async function* walkLocal(
  sources: readonly LocalPath[],
  problem: WalkProblem,
): AsyncGenerator<LocalMoved> {
  for (const source of sources) {
    const names = [nameFromLocal(path.basename(source.toString()))];
    const found = await looked(source, names, problem);
    if (found) yield* walk(found, problem);
  }
}

async function* walk(found: LocalMoved, problem: WalkProblem): AsyncGenerator<LocalMoved> {
  yield found;
  if (found.kind !== "folder") return;
  const folders: LocalMoved[] = [];
  for await (const child of childrenOf(found, problem)) {
    if (child.kind === "folder") folders.push(child);
    else yield child;
  }
  for (const folder of folders) yield* walk(folder, problem);
}

async function* childrenOf(
  { place, names }: LocalMoved,
  problem: WalkProblem,
): AsyncGenerator<LocalMoved> {
  let children: string[];
  try {
    children = await namesIn(place);
  } catch (error) {
    return problem(names, error);
  }
  for (let at = 0; at < children.length; at += atOnce) {
    const some = children.slice(at, at + atOnce).map(async (name) => {
      const child = localChild(place, name);
      return child === undefined ? undefined : looked(child, [...names, name], problem);
    });
    for (const child of await Promise.all(some)) if (child) yield child;
  }
}

async function looked(
  place: LocalPath,
  names: readonly string[],
  problem: WalkProblem,
): Promise<LocalMoved | undefined> {
  try {
    return await movedOf(place, names);
  } catch (error) {
    // Gone since its folder was read: there is nothing to be moved.
    if (names.length === 1 || codeOf(error) !== "ENOENT") problem(names, error);
    return undefined;
  }
}

async function movedOf(place: LocalPath, names: readonly string[]): Promise<LocalMoved> {
  const stats = await lstat(place);
  const kind = kindOf(stats);
  const { size: sizeBytes, mode, mtimeMs } = stats;
  const found = { names, place, kind, mode: mode & 0o7777, modifiedAt: Math.floor(mtimeMs) };
  if (kind !== "link") return { ...found, sizeBytes: kind === "file" ? sizeBytes : 0 };
  return { ...found, sizeBytes: 0, target: await linkText(place) };
}

async function linkText(place: LocalPath): Promise<string> {
  return nameEncoding === "buffer"
    ? nameFromLocal(await readlink(place, "buffer"))
    : nameFromLocal(await readlink(place, "utf8"));
}

function kindOf(stats: Stats): Moved["kind"] {
  if (stats.isSymbolicLink()) return "link";
  if (stats.isDirectory()) return "folder";
  return stats.isFile() ? "file" : "other";
}
