import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "./local-folder.ts";
import { parsePlan, type TransferPlan } from "./transfer-plan.ts";

/** A transfer of an earlier life of this console, and what of it was done. */
export interface KeptTransfer {
  readonly plan: TransferPlan;
  readonly done: DoneList;
}

/** Lines that are written at once. */
const writeEvery = 64;

/**
 * Transfers that are not finished, on disk, so that they go on after a restart: a file for the plan,
 * and one that grows by a line for each file that arrived.
 */
export class TransferJournal {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = path.join(folder, "transfers");
  }

  /** Those of earlier, the oldest first. */
  async load(): Promise<KeptTransfer[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    });
    const kept: KeptTransfer[] = [];
    for (const name of names.filter((each) => each.endsWith(".json"))) {
      const plan = parsePlan(await readFile(path.join(this.#folder, name), "utf8"));
      // One that nobody can read any more would stay for good.
      if (plan) kept.push({ plan, done: await this.#doneOf(plan) });
      else await rm(path.join(this.#folder, name), { force: true });
    }
    return kept.sort((a, b) => a.plan.createdAt - b.plan.createdAt);
  }

  /** Keeps a plan from now on. */
  async begin(plan: TransferPlan): Promise<DoneList> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = this.#file(plan, "json");
    await writeFile(`${file}.new`, JSON.stringify(plan), { mode: 0o600 });
    await rename(`${file}.new`, file);
    return new DoneList(this.#file(plan, "done"));
  }

  /** Forgets a transfer that is over. */
  async end(plan: TransferPlan): Promise<void> {
    await rm(this.#file(plan, "json"), { force: true });
    await rm(this.#file(plan, "done"), { force: true });
  }

  async #doneOf(plan: TransferPlan): Promise<DoneList> {
    const list = new DoneList(this.#file(plan, "done"));
    await list.load();
    return list;
  }

  #file({ id }: TransferPlan, form: "json" | "done"): string {
    return path.join(this.#folder, `${id}.${form}`);
  }
}

/** Which files of a transfer have arrived, as digests of their paths. */
export class DoneList {
  readonly #file: string;
  readonly #keys = new Set<string>();
  #unwritten: string[] = [];
  #writing = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  async load(): Promise<void> {
    const text = await readFile(this.#file, "utf8").catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return "";
      throw error;
    });
    // A last line that is not whole is of a file that is looked at again.
    for (const line of text.split("\n").slice(0, -1)) this.#keys.add(line);
  }

  has(names: readonly string[]): boolean {
    return this.#keys.has(keyOf(names));
  }

  add(names: readonly string[]): void {
    const key = keyOf(names);
    this.#keys.add(key);
    this.#unwritten.push(key);
    if (this.#unwritten.length >= writeEvery) void this.flush();
  }

  /** Resolves when all of it is on disk. What cannot be written is only done twice. */
  flush(): Promise<void> {
    const lines = this.#unwritten.map((key) => `${key}\n`).join("");
    this.#unwritten = [];
    if (lines !== "") {
      this.#writing = this.#writing
        .then(() => appendFile(this.#file, lines, { mode: 0o600 }))
        .catch(() => undefined);
    }
    return this.#writing;
  }
}

function keyOf(names: readonly string[]): string {
  return createHash("sha256").update(names.join("/")).digest("base64url").slice(0, 16);
}
