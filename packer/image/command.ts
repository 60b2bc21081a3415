import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { Readable, type Writable } from "node:stream";
import { root } from "./places.ts";

/** How a program is run. */
export interface RunOptions {
  /** File that gets all it writes, after what is in it already. */
  readonly log: string;
  /** Besides the environment of this program. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** How much of a failed program's output is shown, characters. */
const shownTail = 4_000;

/** Runs a program, its output kept in a file. @throws Error with the end of its output */
export async function run(
  program: string,
  args: readonly string[],
  { log, env = {}, cwd = root }: RunOptions,
): Promise<void> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  using file = disposable(createWriteStream(log, { flags: "a" }));
  let tail = "";
  const take = (chunk: Buffer) => {
    file.stream.write(chunk);
    tail = (tail + chunk.toString()).slice(-shownTail);
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (code === 0) return;
  throw new Error(`${program} ended with ${code ?? signal ?? "nothing"} (${log}):\n${tail}`);
}

/** What a program writes to standard output. @throws Error when it fails */
export async function output(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close") as Promise<[number | null]>;
  const text = await Readable.from(child.stdout).reduce((all, chunk) => all + String(chunk), "");
  const [code] = await closed;
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
  return text;
}

function disposable(stream: Writable): Disposable & { readonly stream: Writable } {
  return { stream, [Symbol.dispose]: () => void stream.end() };
}
