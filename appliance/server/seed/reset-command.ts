import { createInterface } from "node:readline/promises";
import { misused, parseCommandLine } from "../command-line.ts";
import { complain, print } from "../log.ts";
import { runCommand } from "../update/service.ts";

const usage = `Usage: handrail factory-reset [--confirm RESET]
  Everything that was entered and recorded is deleted, and the machine restarts as a new one.`;

const word = "RESET";
/** Leaves the mark for the next start, as the console's entry does. */
const mark = ["systemctl", "start", "handrail-reset-mark.service"];

/** `handrail factory-reset`: exit code 0 when begun, 1 when refused, 2 for a wrong command. */
export async function resetCommand(args: string[]): Promise<number> {
  const parsed = parseCommandLine(args, { confirm: { type: "string" } });
  if (!parsed || parsed.positionals.length > 0) return misused(usage);
  if ((parsed.values.confirm ?? (await ask())) !== word) {
    complain("Nothing has been changed.");
    return 1;
  }
  try {
    await runCommand(mark);
  } catch {
    complain("This could not be done: journalctl -u handrail-reset-mark says why.");
    return 1;
  }
  print("The machine restarts, and is then a new one.");
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
