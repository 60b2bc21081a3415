import path from "node:path";
import { expect, test } from "vitest";
import { poll } from "../../support/poll.ts";
import { Program } from "../../support/processes.ts";
import { root } from "../../support/root.ts";

function shell(script: string): Program {
  return new Program("sh", { args: ["-c", script] });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("waits for a line, also one that is there already", async () => {
  await using program = shell("echo port 4711; echo ready >&2; exec sleep 60");
  await program.line(/ready/);
  expect((await program.line(/port (\d+)/)).at(1)).toBe("4711");
});

test("fails at once, with its output, when the program ends before the line", async () => {
  await using program = shell("echo disk full; exit 3");
  await expect(program.line(/ready/)).rejects.toThrow(/ended before .*\ndisk full/s);
  expect(await program.ended()).toBe(3);
});

test("ends what the program started, also what ignores the signal", async () => {
  const program = shell(`sh -c 'trap "" TERM; echo child $$; while :; do sleep 1; done' & wait`);
  const child = Number((await program.line(/child (\d+)/)).at(1));
  await program[Symbol.asyncDispose]();
  await poll("the child is gone", () => !isAlive(child), 5_000);
});

test("ends with the tests, also when they are killed", async () => {
  const code = `
    import { Program } from ${JSON.stringify(path.join(root, "test/support/processes.ts"))};
    const program = new Program("sleep", { args: ["60"] });
    console.log("sleeps as", program.pid);
    setInterval(() => undefined, 1_000);`;
  const tests = new Program(process.execPath, { args: ["--input-type=module", "--eval", code] });
  const sleeper = Number((await tests.line(/sleeps as (\d+)/)).at(1));
  tests.signal("SIGKILL");
  await poll("the program is gone", () => !isAlive(sleeper), 5_000);
});

test("says so when there is no such program", async () => {
  await using program = new Program("handrail-no-such-program");
  await expect(program.line(/ready/)).rejects.toThrow(/No such file/);
});
