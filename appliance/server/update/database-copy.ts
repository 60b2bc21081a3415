import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { programBeside } from "../program.ts";
import { databaseName } from "../store/database.ts";
import { toUpdateError, UpdateError } from "./update-error.ts";

const worker = programBeside(import.meta, "database-process");
const answerShape = z.object({ schema: z.int() });

/**
 * The copy of the database that is made before an update, while the server is stopped, and put back
 * when the new release has failed. All of it is done by a process of the account that the data
 * belong to: root opens no file of the server's.
 */
export class DatabaseCopy {
  readonly #data: string;
  readonly #folder: string;

  constructor(dataDirectory: string) {
    this.#data = dataDirectory;
    this.#folder = path.join(dataDirectory, "update");
  }

  /** Where the copy lies that was made before a release was replaced. */
  fileOf(version: string): string {
    return path.join(this.#folder, `database-before-leaving-${version}.sqlite`);
  }

  has(version: string): boolean {
    return existsSync(this.fileOf(version));
  }

  /** Bytes that a copy takes at most, and that are free for it. */
  async room(): Promise<{ neededBytes: number; freeBytes: number }> {
    const files = ["", "-wal"].map((suffix) => path.join(this.#data, databaseName + suffix));
    const sizes = files.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    const { bavail, bsize } = await statfs(this.#data);
    return {
      neededBytes: sizes.reduce((sum, each) => sum + each, 0),
      freeBytes: bavail * bsize,
    };
  }

  /** Makes the copy, whole or not at all. @throws UpdateError `database-copy`, `no-space` */
  async make(version: string): Promise<void> {
    await this.#run("copy", this.#database, this.fileOf(version));
  }

  /** Puts a copy in the place of the database; the copy stays. Called again, it does the same. */
  async restore(version: string): Promise<void> {
    await this.#run("restore", this.fileOf(version), this.#database);
  }

  /**
   * How many schema files the database has seen, or the copy that was made before a release was
   * replaced. 0: there is none yet.
   */
  async schema(copyOf?: string): Promise<number> {
    return this.#run("schema", copyOf === undefined ? this.#database : this.fileOf(copyOf));
  }

  /** Removes the copies but that of one release. */
  async keepOnly(version: string): Promise<void> {
    await this.#run("keep-only", this.#folder, path.basename(this.fileOf(version)));
  }

  get #database(): string {
    return path.join(this.#data, databaseName);
  }

  async #run(...args: string[]): Promise<number> {
    const { uid, gid } = statSync(this.#data);
    const asOwner = process.getuid?.() === 0 ? { uid, gid } : {};
    const env = { PATH: process.env.PATH ?? "" };
    const running = promisify(execFile)(process.execPath, [worker, ...args], { ...asOwner, env });
    const { stdout } = await running.catch((error: unknown) => {
      throw asFault(error);
    });
    return answerShape.parse(JSON.parse(stdout)).schema;
  }
}

function asFault(error: unknown): UpdateError {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  if (said === "") return toUpdateError(error);
  if (/ENOSPC|disk is full/.test(said)) {
    return new UpdateError("no-space", "The disk of the data is full.", { cause: error });
  }
  return new UpdateError("database-copy", `The database could not be copied: ${said}.`, {
    cause: error,
  });
}
