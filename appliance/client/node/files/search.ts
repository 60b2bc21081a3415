import { childPath, type FoundFile, pathText } from "@handrail/protocol";
import { statfsSync } from "node:fs";
import { kindOf, lookAt, lookThrough, measuresOf, pathOf } from "./disk.ts";
import { openFolder } from "./folder.ts";
import { hungAt } from "./footing.ts";

/** Paths in one message. */
const pageFiles = 64;
/** What is looked at in one turn. */
const turnEntries = 200;
/** Folders that wait to be searched; more are left out, and that is said. */
const maxWaiting = 100_000;

/**
 * File systems that the kernel makes up: no files of anybody are in them, and some have no end.
 * Source: linux/magic.h (proc, sysfs, devpts, cgroup, cgroup2, debugfs, tracefs, securityfs, bpf).
 */
const madeUp: ReadonlySet<number> = new Set([
  ...[0x9fa0, 0x62656572, 0x1cd1, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673],
  ...[0xcafe4a11],
]);

/** A part of what was found, the last one with `isLast`. */
export interface FoundPage {
  found: FoundFile[];
  isLast: boolean;
  isCut: boolean;
}

interface Folder {
  readonly path: Buffer;
  readonly disk: bigint;
}

/** Searches a folder by names, in turns: undefined is a turn with nothing to tell. */
export function* search(
  folder: Buffer,
  pattern: string,
  most: number,
): Generator<FoundPage | undefined, void> {
  const matches = matcherOf(pattern);
  const waiting: Folder[] = [{ path: folder, disk: -1n }];
  const state = { left: most, isCut: false, found: [] as FoundFile[] };
  let looked = 0;
  for (let next = waiting.pop(); next && state.left > 0; next = waiting.pop()) {
    for (const entry of entriesOf(next, folder, state)) {
      if (matches(entry.name)) take(state, entry.file);
      if (state.left === 0) break;
      if (entry.below && waiting.length < maxWaiting) waiting.push(entry.below);
      else if (entry.below) state.isCut = true;
      if (++looked % turnEntries === 0) yield pageOf(state, pageFiles);
    }
    yield pageOf(state, pageFiles);
  }
  yield {
    found: state.found,
    isLast: true,
    isCut: state.isCut || (state.left === 0 && most > 0),
  };
}

interface SearchState {
  left: number;
  isCut: boolean;
  found: FoundFile[];
}

function take(state: SearchState, file: FoundFile): void {
  state.found.push(file);
  state.left--;
}

/** A page of at least so many, else undefined. */
function pageOf(state: SearchState, least: number): FoundPage | undefined {
  if (state.found.length < least) return undefined;
  const page = { found: state.found, isLast: false, isCut: false };
  state.found = [];
  return page;
}

interface Entry {
  name: string;
  file: FoundFile;
  below: Folder | undefined;
}

/** What is in a folder; a folder that cannot be read has nothing in it, and that is said. */
function* entriesOf(
  { path, disk }: Folder,
  root: Buffer,
  state: SearchState,
): Generator<Entry, void> {
  try {
    if (path !== root && isMadeUp(path, disk)) return;
    using folder = openFolder(path);
    for (const name of folder.names) {
      const child = pathOf(childPath(path, name));
      if (hungAt(child)) {
        state.isCut = true;
        continue;
      }
      const own = lookAt(child);
      if (!own) continue;
      const end = own.isSymbolicLink() ? lookThrough(child) : own;
      yield {
        name: pathText(name),
        file: {
          ...{ path: child, kind: kindOf(own), leadsTo: kindOf(end) },
          ...measuresOf(end ?? own),
        },
        below: own.isDirectory() ? { path: child, disk: own.dev } : undefined,
      };
    }
  } catch (fault) {
    if (path === root) throw fault;
    state.isCut = true;
  }
}

const madeUpDisks = new Map<bigint, boolean>();

function isMadeUp(path: Buffer, disk: bigint): boolean {
  const known = madeUpDisks.get(disk);
  if (known !== undefined) return known;
  const is = madeUp.has(statfsSync(path).type);
  if (madeUpDisks.size < 1024) madeUpDisks.set(disk, is);
  return is;
}

/** With `*` or `?` the whole name, else a part of it; upper and lower case are the same. */
function matcherOf(pattern: string): (name: string) => boolean {
  const wanted = pattern.toLowerCase();
  if (!/[*?]/.test(wanted)) return (name) => name.toLowerCase().includes(wanted);
  return (name) => isMatch(name.toLowerCase(), wanted);
}

/** Takes time in proportion to both lengths at most, whatever the pattern. */
function isMatch(name: string, pattern: string): boolean {
  let at = 0;
  let in_ = 0;
  let star = -1;
  let after = 0;
  while (at < name.length) {
    if (in_ < pattern.length && (pattern[in_] === "?" || pattern[in_] === name[at])) {
      at++;
      in_++;
    } else if (pattern[in_] === "*") {
      star = in_++;
      after = at;
    } else if (star >= 0) {
      in_ = star + 1;
      at = ++after;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(in_));
}
