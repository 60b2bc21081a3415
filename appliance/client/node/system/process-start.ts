/** When processes were started, as the kernel counts it: source proc(5), /proc/pid/stat. */
import { readFileSync } from "node:fs";

/** The kernel's clock for people (USER_HZ), which is 100 on every Linux that Node runs on. */
const tickMs = 10;
/** Fields of /proc/pid/stat behind the name in parentheses: state is the first, start the 20th. */
const statePlace = 0;
const startPlace = 19;
/** Of a process that has ended and whose parent has not asked how. */
const ended = ["Z", "X"];

/** What is known of a process. */
export interface ProcessStart {
  /** As the kernel has it, at most 15 bytes. */
  readonly name: string;
  /** Unix ms; the same at every reading unless somebody sets the clock. */
  readonly startedAt: number;
  /** It has ended, and only its number is still taken. */
  readonly hasEnded: boolean;
}

/** When the computer was started, Unix ms. */
export function bootedAt(): number {
  const seconds = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1];
  return Number(seconds) * 1000;
}

/** The process of that number; undefined when there is none. */
export function processStart(processId: number, booted = bootedAt()): ProcessStart | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${processId}/stat`, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  // A name may hold anything, parentheses too: what counts begins behind the last one.
  const end = stat.lastIndexOf(")");
  const fields = stat.slice(end + 2).split(" ");
  const startedAt = booted + Number(fields[startPlace]) * tickMs;
  const name = stat.slice(stat.indexOf("(") + 1, end);
  return { name, startedAt, hasEnded: ended.includes(fields[statePlace] ?? "") };
}

function isMissing(error: unknown): boolean {
  // ESRCH: it ends while it is being read.
  return (
    error instanceof Error && "code" in error && ["ENOENT", "ESRCH"].includes(String(error.code))
  );
}
