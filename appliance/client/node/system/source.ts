/**
 * This computer as the system tool knows it. Each category is read by a process of its own, which
 * starts other programs in turn: it gets a clean environment, has a time limit, and ends with all
 * that it started when nobody waits for it any more.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HandrailError, type SystemCategory, type SystemReport } from "@handrail/protocol";
import type { SystemSource } from "../../core/system.ts";
import { reportFrom } from "./report.ts";

const timeLimitMs = 20_000;
const maxOutputBytes = 16 * 1024 * 1024;

/** Nothing of the customer's own settings: programs are found where the system has them. */
const environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
  LC_ALL: "C.UTF-8",
};

/** What the system says. `program`: that which reads one category. */
export function openSystem(program: URL): SystemSource {
  return { read: (category, signal) => read(fileURLToPath(program), category, signal) };
}

async function read(
  program: string,
  category: SystemCategory,
  signal: AbortSignal,
): Promise<SystemReport> {
  const timeLimit = AbortSignal.timeout(timeLimitMs);
  const reader = spawn(process.execPath, [program, category], {
    ...{ cwd: "/", env: environment, stdio: ["ignore", "pipe", "ignore"], detached: true },
  });
  const stop = (): void => {
    if (reader.pid !== undefined) endGroup(reader.pid);
  };
  const either = AbortSignal.any([signal, timeLimit]);
  either.addEventListener("abort", stop);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  reader.stdout.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > maxOutputBytes) stop();
    else chunks.push(chunk);
  });
  try {
    const [code] = (await once(reader, "close")) as [number | null];
    if (timeLimit.aborted) throw new HandrailError("too-slow", `${category} took too long`);
    if (code !== 0) throw new HandrailError("unavailable", `${category} ended with ${code}`);
  } finally {
    either.removeEventListener("abort", stop);
  }
  return reportFrom(Buffer.concat(chunks).toString("utf8"));
}

/** A group of its own: what the process has started ends as well. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    const isGone = error instanceof Error && "code" in error && error.code === "ESRCH";
    if (!isGone) throw error;
  }
}
