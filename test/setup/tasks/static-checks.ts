import { glob, mkdir } from "node:fs/promises";
import path from "node:path";
import { root } from "../../support/root.ts";
import { capture } from "./program.ts";
import type { Tally } from "./tally.ts";

interface Check {
  title: string;
  program: string;
  args: readonly string[];
}

const cache = path.join(root, "node_modules/.cache/handrail");

/** Types of every room, lint and format: each counts as one test, and prints one line when well. */
export async function staticChecks(): Promise<Tally[]> {
  await mkdir(cache, { recursive: true });
  return allOf([...(await typeChecks()), lint, format]);
}

const lint: Check = {
  title: "lint",
  program: "eslint",
  args: ["--config", "test/lint/eslint.config.js", "--max-warnings", "0", "."],
};

const format: Check = {
  title: "format",
  program: "prettier",
  args: ["--check", "--log-level", "warn", "."],
};

// Each room by its own tsconfig: only so does the compiler know what does not exist in it.
async function typeChecks(): Promise<Check[]> {
  const rooms: string[] = [];
  for await (const file of glob("{extension,appliance,media,packer,test}/**/tsconfig.json", {
    cwd: root,
    exclude: (name) => name === "node_modules" || name === "dist",
  })) {
    rooms.push(path.dirname(file));
  }
  return rooms.sort().map((room) => ({
    title: `types of ${room}`,
    program: "tsc",
    args: ["-p", `${room}/tsconfig.json`, "--noEmit", ...incremental(room)],
  }));
}

function incremental(room: string): string[] {
  return [
    "--incremental",
    "--tsBuildInfoFile",
    `${cache}/${room.replaceAll("/", "-")}.tsbuildinfo`,
  ];
}

// Two at a time: each takes about one processor.
async function allOf(checks: Check[]): Promise<Tally[]> {
  const waiting = [...checks];
  const tallies: Tally[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift())
      tallies.push(await one(check));
  };
  await Promise.all([worker(), worker()]);
  return tallies;
}

async function one({ title, program, args }: Check): Promise<Tally> {
  const startedAt = performance.now();
  const { exitCode, output } = await capture(program, args);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const passed = exitCode === 0;
  process.stdout.write(` ${passed ? "✓" : "✗"} ${title} (${seconds} s)\n`);
  if (!passed) process.stdout.write(`${output.trimEnd()}\n`);
  return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
