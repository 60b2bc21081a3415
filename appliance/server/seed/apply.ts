import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import { SystemFiles } from "../machine/system-files.ts";
import { programBeside } from "../program.ts";
import { moveInPlace, removeFile, replaceFile } from "../update/durable.ts";
import { identityOfSeed } from "./certificate.ts";
import { readMedium } from "./medium.ts";
import { type SeedPlaces, stateFiles } from "./places.ts";
import { parseSeed, type Seed } from "./seed.ts";
import { SeedError } from "./seed-error.ts";
import { fieldsOf } from "./site.ts";
import { writeSystem } from "./system.ts";

const worker = programBeside(import.meta, "site-process");
const answerShape = z.object({ isDone: z.boolean() });

/** How it ended. `nothing`: the medium has nothing for us. */
export type SeedOutcome = "applied" | "nothing";

/** What a seed is applied with. `env` is that of the server's program. */
export interface SeedGround {
  readonly places: SeedPlaces;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
}

/** Says whether a seed could be applied here. @throws SeedError naming field, value and remedy */
export function checkSeed(raw: unknown, now: number): Seed {
  const parsed = parseSeed(raw);
  if (!parsed.ok) throw SeedError.ofField(parsed.flaw);
  identityOfSeed(parsed.seed, now);
  return parsed.seed;
}

/**
 * Applies the seed on a medium, before the server's first start. It is copied first, and the copy goes
 * when all of it is done: what was cut short is done from the beginning at the next call, which needs
 * no medium.
 * @throws SeedError when it cannot be used: nothing has been changed, and the console may say so
 */
export async function applySeed(
  medium: string | undefined,
  ground: SeedGround,
): Promise<SeedOutcome> {
  const files = stateFiles(ground.places);
  try {
    const seed = existsSync(files.accepted)
      ? checkSeed(JSON.parse(readFileSync(files.accepted, "utf8")), ground.clock.now())
      : accept(medium, ground);
    if (!seed) return "nothing";
    if (!(await writeSiteAsOwner(seed, ground))) throw SeedError.setUp();
    writeSystem(seed, ground.places);
    const note = { at: ground.clock.now(), fields: fieldsOf(seed) };
    replaceFile(files.applied, `${JSON.stringify(note)}\n`);
    for (const file of Object.values(files.refused)) removeFile(file);
    removeFile(files.accepted);
    return "applied";
  } catch (error) {
    if (!(error instanceof SeedError)) throw error;
    mkdirSync(ground.places.state, { recursive: true });
    replaceFile(files.refused.en, `${error.told.en}\n`);
    replaceFile(files.refused.fr, `${error.told.fr}\n`);
    removeFile(files.accepted);
    throw error;
  }
}

function accept(medium: string | undefined, { clock, places }: SeedGround): Seed | undefined {
  const raw = medium === undefined ? undefined : readMedium(medium);
  if (raw === undefined) return undefined;
  const seed = checkSeed(raw, clock.now());
  const { timeZone } = seed;
  if (timeZone !== undefined && !new SystemFiles(places.root).knowsTimeZone(timeZone)) {
    throw SeedError.ofField({ field: "timeZone", value: timeZone });
  }
  const { accepted } = stateFiles(places);
  mkdirSync(places.state, { recursive: true });
  // For root alone from its first byte: it holds secrets.
  writeFileSync(`${accepted}.draft`, JSON.stringify(seed), { flush: true, mode: 0o600 });
  moveInPlace(`${accepted}.draft`, accepted);
  return seed;
}

/** False when the appliance was set up by somebody. */
async function writeSiteAsOwner(seed: Seed, { env, places }: SeedGround): Promise<boolean> {
  const { uid, gid } = statSync(places.data);
  const asOwner = process.getuid?.() === 0 ? { uid, gid } : {};
  const running = promisify(execFile)(process.execPath, [worker], { ...asOwner, env });
  running.child.stdin?.end(JSON.stringify(seed));
  const { stdout } = await running;
  return answerShape.parse(JSON.parse(stdout)).isDone;
}
