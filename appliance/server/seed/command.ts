import { existsSync } from "node:fs";
import { systemClock } from "../clock.ts";
import { misused, parseCommandLine } from "../command-line.ts";
import { complain, print } from "../log.ts";
import { runCommand } from "../update/service.ts";
import { applySeed, checkSeed } from "./apply.ts";
import { readSettingsFile } from "./medium.ts";
import { imagePlaces } from "./places.ts";
import { fieldsOf } from "./site.ts";
import { SeedError } from "./seed-error.ts";

const usage = `Usage: handrail seed <command>
  check FILE                                  says whether a seed (handrail.json) could be applied
  apply [FOLDER]                              applies the one in a folder, as the first start does`;

/** What takes up what was written of the machine; those that do not run yet need not. */
const units = ["systemd-networkd.service", "systemd-timesyncd.service"];

/** `handrail seed …`: exit code 0 when done, 1 when refused, 2 for a wrong command. */
export async function seedCommand(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const parsed = parseCommandLine(args, {});
  const [verb, place, ...rest] = parsed?.positionals ?? [];
  if (rest.length > 0) return misused(usage);
  try {
    if (verb === "check" && place !== undefined) return check(place);
    if (verb === "apply") return await apply(place, env);
  } catch (error) {
    if (!(error instanceof SeedError)) throw error;
    complain(error.message);
    return 1;
  }
  return misused(usage);
}

function check(file: string): number {
  if (!existsSync(file)) {
    complain(`There is no file ${file}.`);
    return 1;
  }
  const seed = checkSeed(readSettingsFile(file), systemClock.now());
  print(`The seed can be applied: ${fieldsOf(seed).join(", ")}.`);
  return 0;
}

async function apply(folder: string | undefined, env: NodeJS.ProcessEnv): Promise<number> {
  process.umask(0o022);
  const outcome = await applySeed(folder, { places: imagePlaces, clock: systemClock, env });
  if (outcome === "nothing") {
    print("There is no seed.");
    return 0;
  }
  for (const unit of units) {
    await runCommand(["systemctl", "--no-block", "try-reload-or-restart", unit]);
  }
  print("The seed is applied.");
  return 0;
}
