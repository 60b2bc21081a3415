import { createHash } from "node:crypto";
import { constants, type Stats } from "node:fs";
import {
  chmod,
  type FileHandle,
  link,
  lstat,
  lutimes,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  symlink,
  unlink,
  utimes,
} from "node:fs/promises";
import { HandrailError, pathBytes } from "@handrail/protocol";
import { codeOf, FileRefusal } from "./file-refusal.ts";
import { localChild, type LocalPath, nameEncoding, nameFromLocal } from "./local-name.ts";

/** What a file or folder is to look like once it is there. */
export interface Looks {
  /** Permission bits; of these only those for reading, writing and executing are taken. */
  readonly mode: number;
  /** Unix ms. */
  readonly modifiedAt: number;
}

/** Directories that are known to be real; forgotten beyond that. */
const maxKnown = 10_000;
const partPrefix = ".handrail-";

/**
 * A folder of this computer into which a customer's files are put, whatever names and links they
 * have: nothing is written through a link, and nothing outside. What is being written has another
 * name until it is whole. Paths are names below the folder, as the other computer has them.
 */
export class LocalFolder {
  readonly root: LocalPath;
  /** Folders that are real; true: made just now, so that nothing is in them but what came here. */
  readonly #known = new Map<string, boolean>();

  constructor(root: LocalPath) {
    this.root = root;
  }

  /** Where something belongs. @throws HandrailError `protocol-violation` for what leads outside */
  place(names: readonly string[]): LocalPath {
    let place = this.root;
    for (const name of names) {
      const next = localChild(place, name);
      if (next === undefined) throw new HandrailError("protocol-violation", "no name of a file");
      place = next;
    }
    return place;
  }

  /** Makes a folder and those above it. @throws HandrailError `conflict`: a file or link is there */
  async makeFolder(names: readonly string[]): Promise<void> {
    for (let depth = 1; depth <= names.length; depth++) {
      const place = this.place(names.slice(0, depth));
      const key = place.toString("latin1");
      if (this.#known.has(key)) continue;
      const isNew = await makeReal(place);
      if (this.#known.size >= maxKnown) this.#known.clear();
      this.#known.set(key, isNew);
    }
  }

  /**
   * Whether a folder was made by this object, so that nobody else has anything in it. Never so where
   * two names may be one file.
   */
  isNew(names: readonly string[]): boolean {
    return (
      nameEncoding === "buffer" && (this.#known.get(this.place(names).toString("latin1")) ?? false)
    );
  }

  /** What stands under that name, if anything. */
  async find(names: readonly string[]): Promise<Stats | undefined> {
    return statOf(this.place(names));
  }

  /** Where a file is written until it is whole. `mark`: what tells it from others. */
  partOf(names: readonly string[], mark: string): LocalPath {
    const key = createHash("sha256")
      .update(`${names.join("/")}\0${mark}`)
      .digest("hex");
    return this.place([...names.slice(0, -1), `${partPrefix}${key.slice(0, 24)}.part`]);
  }

  /** Opens such a part, new or to be gone on with. Never follows a link. */
  async openPart(names: readonly string[], mark: string): Promise<FileHandle> {
    await this.makeFolder(names.slice(0, -1));
    const flags = constants.O_RDWR | constants.O_CREAT | noFollow;
    return open(this.partOf(names, mark), flags, 0o600);
  }

  /** Gives the whole part its name. @throws HandrailError `conflict`: something has come there */
  async finishPart(
    names: readonly string[],
    mark: string,
    { looks, replaces }: { looks: Looks; replaces: boolean },
  ): Promise<void> {
    const part = this.partOf(names, mark);
    const place = this.place(names);
    await utimes(part, new Date(), new Date(looks.modifiedAt));
    await chmod(part, looks.mode & 0o777);
    if (replaces) return rename(part, place).catch(asConflict);
    // A link fails where a rename would replace what somebody has put there just now.
    await link(part, place).catch(async (error: unknown) => {
      if (codeOf(error) === "EEXIST") throw asConflictError(error);
      await renameFree(part, place);
    });
    await rm(part, { force: true });
  }

  async removePart(names: readonly string[], mark: string): Promise<void> {
    await rm(this.partOf(names, mark), { force: true });
  }

  /** Makes a link whose text may be anything; nobody here goes through it. */
  async makeLink(
    names: readonly string[],
    target: string,
    { modifiedAt, replaces }: { modifiedAt: number; replaces: boolean },
  ): Promise<void> {
    const place = this.place(names);
    await this.makeFolder(names.slice(0, -1));
    if (replaces) await unlink(place).catch(ignoreMissing);
    await symlink(targetPath(target), place).catch(asConflict);
    await lutimes(place, new Date(), new Date(modifiedAt));
  }

  /** Gives a folder its permissions and time, once nothing more is put into it. */
  async finishFolder(names: readonly string[], looks: Looks): Promise<void> {
    const place = this.place(names);
    // Whoever fetched it can always open it and take it away again.
    await chmod(place, (looks.mode & 0o777) | 0o700);
    await utimes(place, new Date(), new Date(looks.modifiedAt));
  }
}

/** The names in a folder of this computer. */
export async function namesIn(folder: LocalPath): Promise<string[]> {
  // Written out, because the two forms have types of their own.
  const names =
    nameEncoding === "buffer" ? await readdir(folder, "buffer") : await readdir(folder, "utf8");
  return names.map(nameFromLocal);
}

/** What is there, links as such; undefined for nothing. */
export async function statOf(place: LocalPath): Promise<Stats | undefined> {
  return lstat(place).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  });
}

/**
 * Whether a link with that text, at that place below a folder, leads to something in the folder.
 * `..` may only begin it: after a name it would count from wherever another link leads.
 */
export function staysInside(names: readonly string[], target: string): boolean {
  if (target.startsWith("/") || /^[a-z]:|\\/i.test(target)) return false;
  const steps = target.split("/").filter((step) => step !== "" && step !== ".");
  const firstName = steps.findIndex((step) => step !== "..");
  const ups = firstName < 0 ? steps.length : firstName;
  return ups < names.length && !steps.slice(ups).includes("..");
}

// Windows has no such flag, and no links that an open for writing would make.
const noFollow = process.platform === "win32" ? 0 : constants.O_NOFOLLOW;

async function makeReal(place: LocalPath): Promise<boolean> {
  const isNew = await mkdir(place).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
      return false;
    },
  );
  const found = await lstat(place);
  if (!found.isDirectory()) throw inTheWay();
  return isNew;
}

async function renameFree(part: LocalPath, place: LocalPath): Promise<void> {
  // Some file systems have no links of this kind.
  if (await statOf(place)) throw inTheWay();
  await rename(part, place);
}

function targetPath(target: string): LocalPath {
  return nameEncoding === "buffer" ? Buffer.from(pathBytes(target)) : target;
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== "ENOENT") throw error;
}

function asConflict(error: unknown): never {
  throw asConflictError(error);
}

function asConflictError(error: unknown): unknown {
  const isTaken = ["EEXIST", "EISDIR", "ENOTDIR", "ENOTEMPTY"].includes(codeOf(error) ?? "");
  return isTaken ? inTheWay(error) : error;
}

function inTheWay(cause?: unknown): FileRefusal {
  return new FileRefusal("exists", "", { isHere: true, cause });
}
