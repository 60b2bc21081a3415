import type { Stats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import path from "node:path";
import { HandrailError } from "@handrail/protocol";
import { localChild, type LocalPath, nameEncoding, nameFromLocal } from "./local-name.ts";
import { codeOf, namesIn } from "./local-folder.ts";

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

/**
 * Files and folders of this computer with all that is in them, a folder before what it holds. Links
 * are told and not followed; devices and the like are `other`.
 */
export async function* walkLocal(
  sources: readonly LocalPath[],
  problem: WalkProblem,
): AsyncGenerator<LocalMoved> {
  for (const source of sources) {
    yield* walk(source, [nameFromLocal(path.basename(source.toString()))], problem);
  }
}

async function* walk(
  place: LocalPath,
  names: readonly string[],
  problem: WalkProblem,
): AsyncGenerator<LocalMoved> {
  let found: LocalMoved;
  try {
    found = await movedOf(place, names);
  } catch (error) {
    // Gone since its folder was read: there is nothing to be moved.
    if (names.length === 1 || codeOf(error) !== "ENOENT") problem(names, error);
    return;
  }
  yield found;
  if (found.kind !== "folder") return;
  let children: string[];
  try {
    children = await namesIn(place);
  } catch (error) {
    return problem(names, error);
  }
  for (const name of children) {
    const child = localChild(place, name);
    if (child !== undefined) yield* walk(child, [...names, name], problem);
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

/** A refusal of this computer's file system in the words of the catalogue. */
export function localRefusal(error: unknown): HandrailError {
  if (error instanceof HandrailError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return new HandrailError(refusals[code ?? ""] ?? "internal", message, { cause: error });
}

const refusals: Readonly<Record<string, HandrailError["code"]>> = {
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  ENOENT: "not-found",
  EACCES: "not-permitted",
  EPERM: "not-permitted",
  EROFS: "not-permitted",
  EEXIST: "conflict",
  EISDIR: "conflict",
  ENOTDIR: "conflict",
};
