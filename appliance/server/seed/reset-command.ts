import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { misused, parseCommandLine } from "../command-line.ts";
import { complain, print } from "../log.ts";
import { readMachineConfig } from "../update/machine-config.ts";
import { runCommand } from "../update/service.ts";
import { imagePlaces } from "./places.ts";
import { doReset, markReset } from "./reset.ts";

const usage = `Usage: handrail factory-reset [--confirm RESET]
  Everything that was entered and recorded is deleted, and the machine restarts as a new one.`;

const word = "RESET";
const options = {
  confirm: { type: "string" },
  /** What the start does where the mark is. */
  boot: { type: "boolean", default: false },
} as const;

/** `handrail factory-reset`: exit code 0 when begun, 1 when refused, 2 for a wrong command. */
export async function resetCommand(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const parsed = parseCommandLine(args, options);
  if (!parsed || parsed.positionals.length > 0) return misused(usage);
  const config = readMachineConfig(env);
  const { releasesRoot, rebootCommand, dataDirectory } = config;
  if (parsed.values.boot) {
    const isDone = doReset({ ...imagePlaces, data: dataDirectory }, releasesRoot);
    print(isDone ? "The appliance is a new one." : "No factory reset was asked for.");
    return 0;
  }
  if (existsSync(path.join(releasesRoot, "update/journal.json"))) {
    complain("An update is under way or was cut short: wait, or run handrail update recover.");
    return 1;
  }
  if ((parsed.values.confirm ?? (await ask())) !== word) {
    complain("Nothing has been changed.");
    return 1;
  }
  markReset(releasesRoot);
  print("The machine restarts, and is then a new one.");
  await runCommand(rebootCommand);
  return 0;
}

async function ask(): Promise<string> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await asking.question(
      `All accounts, recordings, keys, logs of sessions and backups on this machine are deleted. ` +
        `Write ${word} to go on: `,
    );
  } finally {
    asking.close();
  }
}
