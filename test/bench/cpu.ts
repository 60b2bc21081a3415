import { readdir, readFile } from "node:fs/promises";

/** CPU seconds, user and system, that a process and all that it started have used so far. */
export async function cpuSeconds(pid: number): Promise<number> {
  const pids = [pid, ...(await descendants(pid))];
  const each = await Promise.all(pids.map(ofProcess));
  return each.reduce((sum, seconds) => sum + seconds, 0);
}

/** Resident memory of a process, bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** Time on a processor of all threads that run, ns, which is finer than the ticks of `stat`. */
async function ofProcess(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const each = tasks.map((task) =>
    readFile(`/proc/${pid}/task/${task}/schedstat`, "utf8").catch(() => "0"),
  );
  const texts = await Promise.all(each);
  return texts.reduce((sum, text) => sum + Number(text.split(" ")[0]), 0) / 1e9;
}

async function descendants(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const found: number[] = [];
  for (const task of tasks) {
    const text = await readFile(`/proc/${pid}/task/${task}/children`, "utf8").catch(() => "");
    for (const child of text.split(" ").map(Number).filter(Boolean)) {
      found.push(child, ...(await descendants(child)));
    }
  }
  return found;
}
