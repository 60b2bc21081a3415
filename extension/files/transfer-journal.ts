import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "./file-refusal.ts";
import type { LocalPath } from "./local-name.ts";
import { parsePlan, type TransferPlan } from "./transfer-plan.ts";
import { Unfinished } from "./unfinished.ts";

/** What is kept of how far a transfer is. */
export interface TransferRecord {
  readonly done: DoneList;
  readonly unfinished: Unfinished;
}

/** A transfer of an earlier life of this console, and what of it was done. */
export interface KeptTransfer extends TransferRecord {
  readonly plan: TransferPlan;
  /** The person had stopped it: it goes on when they say so. */
  readonly isPaused: boolean;
}

/** Lines that are written at once. */
const writeEvery = 64;

/**
 * Transfers that are not finished, on disk, so that they go on after a restart: a file for the plan,
 * one that grows by a line for each file that arrived, one each for what was begun here and at the
 * customer's, and one while the person has stopped it.
 */
export class TransferJournal {
  readonly #folder: string;
  /** What is written last decides. */
  #turn = Promise.resolve();

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
      if (plan) kept.push(await this.#keptOf(plan));
      else await rm(path.join(this.#folder, name), { force: true });
    }
    return kept.sort((a, b) => a.plan.createdAt - b.plan.createdAt);
  }

  /** Keeps a plan from now on. */
  async begin(plan: TransferPlan): Promise<TransferRecord> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = this.#file(plan, "json");
    await writeFile(`${file}.new`, JSON.stringify(plan), { mode: 0o600 });
    await rename(`${file}.new`, file);
    return this.#recordOf(plan);
  }

  /** Keeps whether the person has stopped it. What cannot be kept goes on after a restart. */
  pause(plan: TransferPlan, isPaused: boolean): Promise<void> {
    const file = this.#file(plan, "paused");
    const kept = this.#inTurn(() =>
      isPaused ? writeFile(file, "paused\n", { mode: 0o600 }) : rm(file, { force: true }),
    );
    return kept.catch(() => undefined);
  }

  /** Forgets a transfer that is over, and removes what it has left half done on this disk. */
  end(plan: TransferPlan): Promise<void> {
    return this.#inTurn(() => this.#end(plan));
  }

  async #end(plan: TransferPlan): Promise<void> {
    for (const form of ["json", "done", "begun", "paused"] as const) {
      await rm(this.#file(plan, form), { force: true });
    }
    const parts = await textOf(this.#file(plan, "parts"));
    for (const line of parts.split("\n").slice(0, -1)) {
      await rm(Buffer.from(line, "base64"), { force: true });
    }
    await rm(this.#file(plan, "parts"), { force: true });
  }

  async #keptOf(plan: TransferPlan): Promise<KeptTransfer> {
    const { done, unfinished } = this.#recordOf(plan);
    await done.load();
    unfinished.load(await textOf(this.#file(plan, "begun")));
    const isPaused = (await textOf(this.#file(plan, "paused"))) !== "";
    return { plan, done, unfinished, isPaused };
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #recordOf(plan: TransferPlan): TransferRecord {
    return {
      done: new DoneList(this.#file(plan, "done"), this.#file(plan, "parts")),
      unfinished: new Unfinished(this.#file(plan, "begun")),
    };
  }

  #file({ id }: TransferPlan, form: "json" | "done" | "parts" | "begun" | "paused"): string {
    return path.join(this.#folder, `${id}.${form}`);
  }
}

/** Which files of a transfer have arrived, as digests of their paths. */
export class DoneList {
  readonly #file: string;
  readonly #partsFile: string;
  readonly #parts = new Set<string>();
  readonly #keys = new Set<string>();
  #unwritten: string[] = [];
  #writing = Promise.resolve();

  constructor(file: string, partsFile: string) {
    this.#file = file;
    this.#partsFile = partsFile;
  }

  async load(): Promise<void> {
    const text = await textOf(this.#file);
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

  /** Something half done is about to be on this disk, to be removed when the transfer ends. */
  async part(place: LocalPath): Promise<void> {
    const line = Buffer.from(place).toString("base64");
    if (this.#parts.has(line)) return;
    this.#parts.add(line);
    await appendFile(this.#partsFile, `${line}\n`, { mode: 0o600 });
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

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  });
}

function keyOf(names: readonly string[]): string {
  return createHash("sha256").update(names.join("/")).digest("base64url").slice(0, 16);
}
