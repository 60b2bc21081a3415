import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ScriptProcess } from "../../../../../appliance/client/core/script/host.ts";
import { scriptHost } from "../../../../../appliance/client/node/script/process.ts";
import { poll } from "../../../../support/poll.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), "handrail-script-test-"));
  mkdirSync(path.join(home, "run"), { mode: 0o700 });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Run {
  readonly process: ScriptProcess;
  stdout: string;
  stderr: string;
  code: number | undefined;
}

function start(text: string, variables: Record<string, string> = {}): Run {
  const environment = {
    ...{ PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: path.join(home, "run") },
    ...{ HANDRAIL_SECRET: "secret", LD_PRELOAD_X: "x", NODE_OPTIONS: "--no-warnings" },
  };
  const got: Omit<Run, "process"> = { stdout: "", stderr: "", code: undefined };
  const started = scriptHost(environment).start({
    order: { text, variables },
    output: (stream, bytes) => void (got[stream] += Buffer.from(bytes).toString()),
    exited: (code) => void (got.code = code),
  });
  return Object.assign(got, { process: started });
}

/** What was killed may stay in the list of processes until somebody has taken note. */
function isAlive(pid: string): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

async function ended(run: Run): Promise<Run> {
  await poll("the script ends", () => run.code !== undefined, 20_000);
  return run;
}

it("runs a script by what its first line names, with its output, its errors and its exit code", async () => {
  const text = '#!/bin/bash -e\nx=(a b)\necho "${x[1]}"\necho oops >&2\nexit 7\n';
  expect(await ended(start(text))).toMatchObject({ stdout: "b\n", stderr: "oops\n", code: 7 });
});

it.each([
  ["#!/usr/bin/env sh\nprintf '%s' \"$0\"\n", "/dev/fd/3"],
  ["printf plain\n", "plain"],
  ["#!/usr/bin/perl\nprint 6*7;\n", "42"],
])("runs %j", async (text, stdout) => {
  expect(await ended(start(text))).toMatchObject({ stdout, code: 0 });
});

it("gives the script what it was announced with, and nothing of the client's own", async () => {
  const text = '#!/bin/sh\nprintf "%s|" "$HANDRAIL_X" "$HANDRAIL_SECRET" "$NODE_OPTIONS" "$PWD"\n';
  const { stdout } = await ended(start(text, { HANDRAIL_X: "$(id)'\"; exit\n" }));
  expect(stdout).toBe(`$(id)'"; exit\n|||${home}|`);
});

it("leaves no file, not even while the script runs", async () => {
  const run = start(
    "#!/bin/sh\nls -l /proc/self/fd/3 /proc/$$/fd/3\nread x < /dev/null\nsleep 60\n",
  );
  await poll("the script says where it is read from", () => run.stdout.includes("deleted"));
  expect(readdirSync(path.join(home, "run"))).toEqual([]);
  run.process.end();
  expect((await ended(run)).code).toBeLessThan(0);
});

it("reads nothing from whoever started the client", async () => {
  expect(await ended(start("#!/bin/sh\ncat; echo end\n"))).toMatchObject({ stdout: "end\n" });
});

it("ends with a script all that it has started, also what does not want to", async () => {
  const stubborn = `#!/bin/bash
trap '' TERM HUP
sleep 600 & echo $!
set -m
( trap '' TERM; while :; do sleep 0.05; done ) & echo $!
echo $$
while :; do wait; done
`;
  const run = start(stubborn);
  const pids = await poll("it runs", () => run.stdout.trim().split("\n")[2] && run.stdout.trim());
  expect(pids.split("\n").filter(isAlive)).toHaveLength(3);
  run.process.end();
  expect((await ended(run)).code).toBe(-9);
  expect(pids.split("\n").filter(isAlive)).toEqual([]);
});

it("is killed at once where nothing of it may go on", async () => {
  const run = start("#!/bin/bash\ntrap '' TERM\necho $$\nwhile :; do sleep 0.05; done\n");
  const pid = await poll("it runs", () => run.stdout.trim());
  run.process.kill();
  await poll("it is gone", () => !isAlive(pid));
  expect((await ended(run)).code).toBe(-9);
});

it("ends what is left in the background when the script itself has ended", async () => {
  const run = start("#!/bin/sh\nsleep 600 &\necho $!\n");
  const { stdout, code } = await ended(run);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\n$/);
  expect(isAlive(stdout.trim())).toBe(false);
});

it("says so when there is nothing to run it with", async () => {
  const { code, stderr } = await ended(start("#!/nowhere/interpreter\n"));
  expect(code).toBe(127);
  expect(stderr).toContain("/nowhere/interpreter");
});

it("holds a script back that nobody reads, and loses nothing", async () => {
  const mark = path.join(home, "written");
  const run = start(`#!/bin/sh\nhead -c 3000000 /dev/zero | tr '\\0' x\ntouch ${mark}\n`);
  run.process.pause();
  // Another one has come and gone meanwhile.
  await ended(start("#!/bin/sh\nsleep 0.3\n"));
  expect(existsSync(mark)).toBe(false);
  run.process.resume();
  expect((await ended(run)).stdout).toHaveLength(3_000_000);
  expect(existsSync(mark)).toBe(true);
});
