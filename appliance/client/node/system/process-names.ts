import { readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { processStart } from "./process-start.ts";

/** As much of a command line as a program's name is looked for in, characters. */
const maxRead = 4096;

/**
 * What this computer calls a program that runs, the most familiar first: as it was started, which
 * lists of processes show too; its file; as the kernel has it. None when there is no such program.
 */
export function processNames(processId: number): string[] {
  const found = processStart(processId);
  if (!found) return [];
  const names = [startedAs(processId), fileOf(processId), found.name];
  return [...new Set(names.filter((name) => name !== ""))];
}

/** Empty for what has no command line: a thread of the kernel, a program that has ended. */
function startedAs(processId: number): string {
  const line = read(() => readFileSync(`/proc/${processId}/cmdline`, "utf8")).slice(0, maxRead);
  const [program = ""] = line.split(/[\0 ]/, 1);
  return path.basename(program).replace(/:$/, "");
}

/** Empty where it belongs to somebody else. */
function fileOf(processId: number): string {
  const file = read(() => readlinkSync(`/proc/${processId}/exe`));
  return path.basename(file.replace(/ \(deleted\)$/, ""));
}

/** It may end while it is looked at, and not everything of it may be looked at. */
function read(look: () => string): string {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && "code" in error) return "";
    throw error;
  }
}
