import {
  type FilesWriteConsoleMessage,
  isPath,
  isWithin,
  keepMode,
  pathText,
} from "@handrail/protocol";
import { randomBytes } from "node:crypto";
import {
  type BigIntStats,
  chmodSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { factText } from "../../core/files/batch-report.ts";
import type { Facts } from "../../core/files/lane.ts";
import type { Work } from "../../core/files/rounds.ts";
import { hashOf, kindOf, lookAt, pathOf } from "./disk.ts";
import { codeOf, FileRefusal, refusalOf } from "./fault.ts";
import { stepTo } from "./footing.ts";
import type { Parts } from "./parts.ts";
import { copyTree, isInside, removeTree, type Tally } from "./tree.ts";

type Asked<T> = Extract<FilesWriteConsoleMessage, { type: T }>;

/** A change of the disk that needs no data from the console. */
export type Change = Asked<"makeFolder" | "remove" | "rename" | "copy" | "link" | "change">;

/** What a change is told, and whom it tells. */
export interface Changing {
  readonly parts: Parts;
  /** What was done so far. */
  readonly tally: Tally;
  /** Something was done that is to be written down. */
  readonly done: (event: string, facts: Facts) => void;
}

/** Files above this size are removed without hashing them first, which would take long. */
const maxHashedBytes = 64n * 1024n * 1024n;

/** Changes the disk. @throws FileRefusal; the system's faults */
export function* change(asked: Change, changing: Changing): Work {
  const { path } = asked;
  if (!isPath(path) || path.length === 1) throw new FileRefusal("bad-path");
  stepTo(path);
  switch (asked.type) {
    case "makeFolder":
      return makeFolder(asked, changing);
    case "remove":
      return yield* remove(asked, changing);
    case "rename":
    case "copy":
      return yield* move(asked, changing);
    case "link":
      return link(asked, changing);
    case "change":
      return dress(asked, changing);
  }
}

function makeFolder({ path, mode }: Asked<"makeFolder">, { tally, done }: Changing): void {
  mkdirSync(pathOf(path));
  tally.count = 1;
  done("folder.made", { path: textOf(path) });
  if (mode !== keepMode) chmodSync(pathOf(path), mode & 0o7777);
}

function* remove(asked: Asked<"remove">, { tally, done }: Changing): Work {
  const path = pathOf(asked.path);
  const stats = lookAt(path);
  if (!stats) throw new FileRefusal("not-found", "ENOENT");
  const facts: Facts = { path: textOf(path) };
  if (stats.isFile() && stats.size <= maxHashedBytes) {
    const hashed = yield* readable(path);
    if (hashed) facts["sha256Before"] = hashed;
  }
  if (stats.isDirectory() && !asked.isRecursive) {
    rmdirSync(path);
    tally.count = 1;
    return done("file.removed", { ...facts, ...tally });
  }
  let error = "stopped";
  try {
    yield* removeTree(path, tally);
    error = "";
  } catch (fault) {
    error = refusalOf(fault).error;
    throw fault;
  } finally {
    const isAny = tally.count > 0;
    if (isAny) done("file.removed", { ...facts, ...tally, ...(error !== "" && { error }) });
  }
}

/** The SHA-256 of a file, in hex; empty: it cannot be read, and may be removed all the same. */
function* readable(path: Buffer): Work<string> {
  try {
    return (yield* hashOf(path, false)).sha256.toString("hex");
  } catch {
    // Who may write to a folder need not be able to read what lies in it.
    return "";
  }
}

function* move(asked: Asked<"rename" | "copy">, changing: Changing): Work {
  const { to, path } = asked;
  if (!isPath(to) || isWithin(to, path)) throw new FileRefusal("bad-path");
  const target = lookAt(pathOf(to));
  const source = lookAt(pathOf(path));
  if (!source) throw new FileRefusal("not-found", "ENOENT");
  if (target && !asked.isOverwriting) throw new FileRefusal("exists", "EEXIST");
  const replaced = target ? yield* whatIsReplaced(pathOf(to), target) : "";
  const facts = {
    ...{ path: textOf(path), to: textOf(to) },
    ...(replaced !== "" && { replaced }),
  };
  const isCopy = asked.type === "copy";
  const isInItself = source.isDirectory() && isInside(folderOf(pathOf(to)), source);
  if (isInItself) throw new FileRefusal("bad-path");
  if (!isCopy && renamed(pathOf(path), pathOf(to))) {
    changing.tally.count = 1;
    return changing.done("file.renamed", facts);
  }
  yield* copyBeside(pathOf(path), pathOf(to), changing);
  changing.done("file.copied", { ...facts, ...changing.tally });
  if (isCopy) return;
  const { parts, done } = changing;
  const gone: Tally = { count: 0, sizeBytes: 0 };
  yield* remove(
    { type: "remove", id: asked.id, path, isRecursive: true },
    { parts, done, tally: gone },
  );
}

/** Its SHA-256 for a file, else what it is. */
function* whatIsReplaced(path: Buffer, stats: BigIntStats): Work<string> {
  const hashed = stats.isFile() ? yield* readable(path) : "";
  return hashed || kindOf(stats);
}

/** False: it lies on another disk. @throws the system's faults */
function renamed(from: Buffer, to: Buffer): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (fault) {
    if (codeOf(fault) === "EXDEV") return false;
    throw fault;
  }
}

function folderOf(path: Buffer): Buffer {
  return path.subarray(0, Math.max(1, path.lastIndexOf("/")));
}

/** Copies to a part beside the place, and puts that in the place when it is whole. */
function* copyBeside(from: Buffer, to: Buffer, { parts, tally }: Changing): Work {
  const part = parts.pathIn(folderOf(to), randomBytes(16).toString("hex"));
  let isPlaced = false;
  try {
    yield* copyTree(from, part, tally);
    renameSync(part, to);
    isPlaced = true;
  } finally {
    if (!isPlaced && lookAt(part)) {
      const turns = removeTree(part, { count: 0, sizeBytes: 0 });
      while (!turns.next().done);
    }
  }
}

function link({ path, target }: Asked<"link">, { tally, done }: Changing): void {
  if (target.length === 0 || target.includes(0)) throw new FileRefusal("bad-path");
  symlinkSync(pathOf(target), pathOf(path));
  tally.count = 1;
  done("file.linked", { path: textOf(path), target: textOf(target) });
}

function dress({ path, mode, modifiedAt }: Asked<"change">, { tally, done }: Changing): void {
  const at = pathOf(path);
  const { atimeMs } = statSync(at);
  const facts: Facts = { path: textOf(path) };
  if (mode !== keepMode) {
    chmodSync(at, mode & 0o7777);
    facts["mode"] = (mode & 0o7777).toString(8).padStart(4, "0");
  }
  if (modifiedAt > 0) {
    utimesSync(at, atimeMs / 1000, modifiedAt / 1000);
    facts["modified"] = timeText(modifiedAt);
  }
  tally.count = 1;
  done("file.changed", facts);
}

function timeText(at: number): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? String(at) : time.toISOString();
}

function textOf(path: Uint8Array): string {
  return factText(pathText(path));
}
