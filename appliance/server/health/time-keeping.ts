import { execFile } from "node:child_process";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { HealthReading } from "@handrail/protocol/upkeep";

type ClockReading = HealthReading["clock"];

const run = promisify(execFile);
const answerTimeoutMs = 2_000;
const chronyc = "usr/bin/chronyc";
/** Seconds of a clock that no server has set yet. */
const neverSet = "0.000000000";

/** Who keeps the machine's time, and how well; without root. */
export async function readTimeKeeping(root = "/"): Promise<ClockReading> {
  return (
    (await fromTimesyncd(root)) ??
    (await fromChrony(root)) ?? {
      source: "none",
      isSynchronised: false,
    }
  );
}

/**
 * systemd-timesyncd touches a file whenever it has compared the clock with a server; another one
 * it makes when it starts. Source: systemd-timesyncd.service(8), "Files".
 */
async function fromTimesyncd(root: string): Promise<ClockReading | undefined> {
  const folder = path.join(root, "run/systemd/timesync");
  if (!(await isThere(folder))) return undefined;
  const mark = await stat(path.join(folder, "synchronized")).catch(() => undefined);
  const source = "systemd-timesyncd";
  if (!mark) return { source, isSynchronised: false };
  return { source, isSynchronised: true, lastAt: Math.floor(mark.mtimeMs) };
}

/** Source: chronyc(1), "tracking" with -c: fields separated by commas. */
async function fromChrony(root: string): Promise<ClockReading | undefined> {
  const program = path.join(root, chronyc);
  if (!(await isThere(program))) return undefined;
  try {
    const { stdout } = await run(program, ["-c", "-n", "tracking"], { timeout: answerTimeoutMs });
    return parseTracking(stdout);
  } catch {
    // It is installed and does not run: nobody keeps the time.
    return undefined;
  }
}

/** One line of `chronyc -c tracking`; undefined when it is none. Exported for its test. */
export function parseTracking(line: string): ClockReading | undefined {
  const [, , , referenceSeconds, offsetSeconds, ...rest] = line.trim().split(",");
  if (referenceSeconds === undefined || offsetSeconds === undefined) return undefined;
  const isSynchronised = rest.at(-1) !== "Not synchronised";
  return {
    source: "chrony",
    isSynchronised,
    offsetMs: Number(offsetSeconds) * 1000,
    ...(referenceSeconds === neverSet ? {} : { lastAt: Number(referenceSeconds) * 1000 }),
  };
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
