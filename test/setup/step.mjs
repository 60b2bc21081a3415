// One step of the set-up: says what it does, runs it, says how long it took.
// Plain JavaScript without dependencies: it runs before anything is installed.

import { spawn } from "node:child_process";

/** A step that cannot be done; the message is a whole sentence for the person at the terminal. */
export class SetupError extends Error {}

/**
 * Does a step unless it is already done.
 *
 * @param {string} title what the step does, as "install the npm packages"
 * @param {() => boolean | Promise<boolean>} isDone must answer within milliseconds
 * @param {() => Promise<void>} work
 * @returns {Promise<void>}
 */
export async function step(title, isDone, work) {
  const startedAt = performance.now();
  if (await isDone()) return;
  process.stdout.write(`[set-up] ${title} …\n`);
  await work();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`[set-up] ${title}: done in ${seconds} s\n`);
}

/**
 * Runs a program and keeps its output back: it is shown only when the program fails.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>} what it wrote to standard output
 */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const all = [];
  const out = [];
  child.stdout.on("data", (chunk) => {
    all.push(chunk);
    out.push(chunk);
  });
  child.stderr.on("data", (chunk) => all.push(chunk));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    process.stderr.write(Buffer.concat(all));
    throw new SetupError(`"${[program, ...args].join(" ")}" ended with exit code ${code}.`);
  }
  return Buffer.concat(out).toString();
}
