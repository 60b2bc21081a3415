import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { complain } from "./log.ts";

/** What a command was called with; undefined when it is used otherwise than its usage says. */
export function parseCommandLine<const O extends ParseArgsOptionsConfig>(
  args: string[],
  options: O,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch {
    // Whoever called says how it is used.
    return undefined;
  }
}

/** Says how a command is used, and gives its exit code. */
export function misused(usage: string): number {
  complain(usage);
  return 2;
}
