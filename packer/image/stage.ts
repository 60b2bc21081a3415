import { createHash } from "node:crypto";
import { existsSync, globSync, lstatSync } from "node:fs";
import { mkdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { inBuilt, room } from "./places.ts";

/** A step of the build that can be left out when nothing that it depends on has changed. */
export interface Stage {
  readonly name: string;
  /** What it does, for whoever waits. */
  readonly title: string;
  /** Files and folders of the room that decide what it makes. */
  readonly inputs: readonly string[];
  /** Names of the stages before whose results it takes. */
  readonly after: readonly string[];
  /** What it makes, in the folder of what is made. */
  readonly outputs: readonly string[];
  /** What else decides; a stage whose answer cannot be known before always runs. */
  readonly also?: () => Promise<string> | string;
  /** `log` is the file that programs write to. */
  run(log: string): Promise<void>;
}

/** Which stages are run; both ends are inclusive, and absent where nobody named them. */
export interface Range {
  /** This one and all after it are done again. */
  readonly from: string | undefined;
  readonly until: string | undefined;
}

/** Runs the stages that are not done yet. @throws Error for a stage that there is not */
export async function runStages(
  all: readonly Stage[],
  { from, until, say }: Range & { say: (line: string) => void },
): Promise<void> {
  const unknown = [from, until].find((name) => name && !all.some((stage) => stage.name === name));
  if (unknown) {
    throw new Error(`There is no stage ${unknown}: ${all.map(({ name }) => name).join(", ")}.`);
  }
  const stages = all.slice(0, until ? all.findIndex(({ name }) => name === until) + 1 : all.length);
  await mkdir(inBuilt("log"), { recursive: true });
  const keys = new Map<string, string>();
  let isForced = false;
  for (const [index, stage] of stages.entries()) {
    isForced ||= stage.name === from;
    const key = await keyOf(stage, keys);
    keys.set(stage.name, key);
    const place = `[${index + 1}/${stages.length}] ${stage.title}`;
    if (!isForced && (await isDone(stage, key))) {
      say(`${place}: nothing has changed`);
      continue;
    }
    say(`${place} …`);
    const startedAt = performance.now();
    await perform(stage, key);
    say(`${place}: done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
}

async function perform(stage: Stage, key: string): Promise<void> {
  const log = inBuilt(`log/${stage.name}.log`);
  await rm(stampOf(stage), { force: true });
  await writeFile(log, "");
  await stage.run(log);
  const missing = stage.outputs.filter((name) => !existsSync(inBuilt(name)));
  if (missing.length > 0) throw new Error(`${stage.name} has not made ${missing.join(", ")}`);
  await writeFile(stampOf(stage), key);
}

async function isDone(stage: Stage, key: string): Promise<boolean> {
  if (!existsSync(stampOf(stage))) return false;
  const isWhole = stage.outputs.every((name) => existsSync(inBuilt(name)));
  return isWhole && (await readFile(stampOf(stage), "utf8")) === key;
}

function stampOf({ name }: Stage): string {
  return inBuilt(`log/${name}.done`);
}

async function keyOf(stage: Stage, keys: ReadonlyMap<string, string>): Promise<string> {
  const hash = createHash("sha256").update(stage.name);
  for (const name of stage.after) hash.update(`\n${name} ${keys.get(name) ?? ""}`);
  for (const input of stage.inputs) {
    for (const file of filesOf(path.join(room, input))) {
      hash.update(`\n${path.relative(room, file)} `).update(await contentOf(file));
    }
  }
  hash.update(`\n${(await stage.also?.()) ?? ""}`);
  return hash.digest("hex");
}

function filesOf(place: string): string[] {
  if (!lstatSync(place).isDirectory()) return [place];
  return globSync("**/*", { cwd: place, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}

async function contentOf(file: string): Promise<string | Buffer> {
  const { mode } = lstatSync(file);
  return lstatSync(file).isSymbolicLink()
    ? readlink(file)
    : Buffer.concat([Buffer.from(`${mode & 0o111} `), await readFile(file)]);
}
