import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSystem } from "../../../../../appliance/client/node/system/source.ts";
import { poll } from "../../../../support/poll.ts";
import { root } from "../../../../support/root.ts";

const folderOf = path.join(root, "appliance/client/node/system");
const program = pathToFileURL(path.join(folderOf, "system-process.ts"));
const unaborted = new AbortController().signal;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-system-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(code: string): Promise<URL> {
  const file = path.join(folder, "reader.mjs");
  await writeFile(file, code);
  return pathToFileURL(file);
}

it("reads this computer", async () => {
  const system = openSystem(program);
  const memory = await system.read("memory", unaborted);
  const total = /MemTotal:\s+(\d+) kB/.exec(await readFile("/proc/meminfo", "utf8"))?.[1];
  expect(memory.facts["totalBytes"]).toBe(Number(total) * 1024);
  const computer = await system.read("computer", unaborted);
  expect(computer.facts["name"]).toBe((await readFile("/etc/hostname", "utf8")).trim());
  const processes = await system.read("processes", unaborted);
  const mine = processes.lists[0]?.rows.find(({ processId }) => processId === process.pid);
  expect(mine?.["memoryBytes"]).toBeGreaterThan(0);
});

it("gives the reader nothing of the customer's environment", async () => {
  const reader = await written(
    "console.log(JSON.stringify({ facts: { names: Object.keys(process.env).join() }, lists: [] }))",
  );
  const { facts } = await openSystem(reader).read("memory", unaborted);
  expect(facts["names"]).toBe("PATH,LANG,LC_ALL");
});

it("refuses what is no report", async () => {
  const reader = await written("console.log(JSON.stringify({ facts: { list: [1] }, lists: [] }))");
  await expect(openSystem(reader).read("memory", unaborted)).rejects.toThrow();
});

it("ends a reader, and all that it has started, when nobody waits any more", async () => {
  const file = path.join(folder, "pid");
  const reader = await written(
    `import { spawn } from "node:child_process";
     import { writeFileSync } from "node:fs";
     const { pid } = spawn("sleep", ["600"], { stdio: "inherit" });
     writeFileSync(${JSON.stringify(file)}, String(pid));`,
  );
  const ending = new AbortController();
  const reading = openSystem(reader)
    .read("memory", ending.signal)
    .catch(() => "stopped");
  const pid = Number(
    await poll("it has started", () => readFile(file, "utf8").catch(() => ""), 5000),
  );
  ending.abort();
  expect(await reading).toBe("stopped");
  await poll("what it has started ends", () => !isAlive(pid), 2000);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
