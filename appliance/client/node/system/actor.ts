/** Ends programs and works the services of this computer, with the rights of whoever sits at it. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { ServiceVerb, SystemAct } from "@handrail/protocol";
import type { Acted, SystemActor } from "../../core/system-act.ts";
import { processNames } from "./process-names.ts";
import { processStart } from "./process-start.ts";

const run = promisify(execFile);
/** For so long a program may take to end when it is asked to. */
const endWithinMs = 5_000;
const lookEveryMs = 50;
/** Long enough for a password to be typed where the system asks for one. */
const serviceWithinMs = 90_000;
/** Somebody may have set the clock by less than this since the process was seen. */
const clockSetMs = 1_000;

/** How systemd is found and asked. */
export interface ServiceSystem {
  /** There while systemd runs the computer: source sd_booted(3). */
  readonly bootedFolder: string;
  readonly program: string;
}

const systemd: ServiceSystem = { bootedFolder: "/run/systemd/system", program: "systemctl" };

/** What does it on this computer. `system`: how its services are worked. */
export function openSystemActor(system = systemd): SystemActor {
  return {
    act: async (wanted, signal) =>
      wanted.act === "end-process"
        ? endProcess(wanted, signal)
        : workService(wanted.act, wanted.service, { system, signal }),
    namesOf: processNames,
  };
}

async function endProcess(
  wanted: Extract<SystemAct, { act: "end-process" }>,
  signal: AbortSignal,
): Promise<Acted> {
  const { processId } = wanted;
  // Whoever wants this program gone presses Stop; its parent may be what the customer works in.
  if (processId === process.pid || processId === process.ppid) return acted("own");
  if (!isSame(wanted)) return acted("gone");
  try {
    process.kill(processId, wanted.isForced ? "SIGKILL" : "SIGTERM");
  } catch (error) {
    return acted(errorCode(error) === "ESRCH" ? "gone" : "forbidden");
  }
  const until = performance.now() + endWithinMs;
  while (isSame(wanted)) {
    if (performance.now() > until || signal.aborted) return acted("alive");
    await sleep(lookEveryMs);
  }
  return acted("done");
}

/** Whether the process that was seen is still there: a number alone may be another's by now. */
function isSame({ processId, startedAt }: { processId: number; startedAt: number }): boolean {
  const found = processStart(processId);
  if (!found || found.hasEnded) return false;
  return Math.abs(found.startedAt - startedAt) <= clockSetMs;
}

async function workService(
  verb: ServiceVerb,
  service: string,
  { system, signal }: { system: ServiceSystem; signal: AbortSignal },
): Promise<Acted> {
  if (!existsSync(system.bootedFolder)) return acted("no-systemd");
  const limits = { timeout: serviceWithinMs, signal, env: { ...process.env, LC_ALL: "C.UTF-8" } };
  try {
    await run(system.program, [verb, "--no-pager", "--", `${service}.service`], limits);
    return acted("done");
  } catch (error) {
    return refused(error);
  }
}

const missing = /not loaded|not found|could not be found/i;
const forbidden = /access denied|authentication (is )?required|not authorized|permission denied/i;

function refused(error: unknown): Acted {
  const code = errorCode(error);
  if (code === "ENOENT") return acted("no-systemd");
  const said = saidOf(error);
  if (code === "ABORT_ERR" || isKilled(error)) return { outcome: "too-slow", said };
  if (forbidden.test(said)) return { outcome: "forbidden", said };
  if (missing.test(said)) return { outcome: "no-service", said };
  return { outcome: "failed", said };
}

function saidOf(error: unknown): string {
  const said = typeof error === "object" && error !== null && "stderr" in error ? error.stderr : "";
  return String(said).trim();
}

function isKilled(error: unknown): boolean {
  return typeof error === "object" && error !== null && "killed" in error && error.killed === true;
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function acted(outcome: Acted["outcome"]): Acted {
  return { outcome, said: "" };
}
