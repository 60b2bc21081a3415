import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { processesWith } from "../support/leftovers.ts";
import { poll } from "../support/poll.ts";
import { Program } from "../support/processes.ts";
import { root } from "../support/root.ts";

// The demonstration as a person starts and ends it. All that it makes is below a folder of its own,
// whose name is also in the environment or command line of each of its processes.
let folder: string;
let demo: Program;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-appear-"));
});
afterEach(async () => {
  await demo[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

it("prints three pages that are there, and leaves nothing behind at Ctrl+C", async () => {
  start();
  await demo.line(/Ctrl\+C ends everything/, 120_000);
  for (const page of demo.output.match(/http:\/\/127[^\s]+/g) ?? []) {
    expect((await fetch(page)).status, page).toBe(200);
  }
  expect(demo.output).toMatch(/https:\/\/127[^\s]+\/login/);
  const before = await processesWith(folder);
  const names = before.map(({ command }) => command).join("\n");
  for (const part of ["appliance/server/main.ts", "code-server", "Xvfb", "x11vnc", "chromium"]) {
    expect(names).toContain(part);
  }
  demo.signal("SIGINT");
  expect(await demo.ended()).toBe(0);
  await nothingIsLeft(before.map(({ pid }) => pid));
});

it("leaves nothing behind at Ctrl+C while it is starting", async () => {
  start();
  await demo.line(/starting VS Code/, 60_000);
  const before = await processesWith(folder);
  demo.signal("SIGINT");
  demo.signal("SIGINT");
  await demo.line(/\[demo\] ending/);
  expect(await demo.ended()).toBe(0);
  expect(demo.output).not.toContain("Handrail is ready");
  await nothingIsLeft(before.map(({ pid }) => pid));
});

it("leaves nothing behind at Ctrl+C in the middle of the whole job", async () => {
  start("--once");
  // Both browsers are there, and the customer's is about to be used.
  await demo.line(/typing the key into the portal/, 120_000);
  await poll("the customer's browser is there", async () => {
    const windows = await processesWith(folder);
    return windows.some(({ command }) => /chrom/.test(command) && !/headless/.test(command));
  });
  const before = await processesWith(folder);
  demo.signal("SIGINT");
  demo.signal("SIGINT");
  expect(await demo.ended()).toBe(1);
  expect(demo.output).toContain("interrupted");
  await nothingIsLeft(before.map(({ pid }) => pid));
});

it("says which part has ended by itself and ends the others", async () => {
  start();
  await demo.line(/Ctrl\+C ends everything/, 120_000);
  const before = await processesWith(folder);
  const appliance = before.filter(({ command }) => command.includes("appliance/server/main.ts"));
  for (const { pid } of appliance) process.kill(pid, "SIGKILL");
  await demo.line(/the appliance was killed/);
  expect(await demo.ended()).toBe(1);
  await nothingIsLeft(before.map(({ pid }) => pid));
});

function start(...args: readonly string[]): void {
  demo = new Program(path.join(root, "node_modules/.bin/node"), {
    args: [path.join(root, "test/demo/main.ts"), ...args],
    env: { ...process.env, TMPDIR: folder },
  });
}

async function nothingIsLeft(pids: readonly number[]): Promise<void> {
  await poll("all processes are gone", async () => {
    expect(await processesWith(folder)).toEqual([]);
    return true;
  });
  expect(await readdir(folder)).toEqual([]);
  // The lock files of X displays are not in our folder.
  const locks = (await readdir("/tmp")).filter((name) => /^\.X\d+-lock$/.test(name));
  const holders = locks.map((name) => readFile(path.join("/tmp", name), "utf8").catch(() => ""));
  const held = (await Promise.all(holders)).map(Number);
  expect(held.filter((pid) => pids.includes(pid))).toEqual([]);
}
