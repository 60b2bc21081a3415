import { spawn } from "node:child_process";
import path from "node:path";
import { root } from "../../support/root.ts";

/** How a program of node_modules/.bin ended, and all that it wrote. */
export interface Ended {
  exitCode: number;
  output: string;
}

/** Runs a program that an npm package brought, in the project's top folder, output kept back. */
export async function capture(name: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(binary(name), args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const exitCode = await ending(child);
  return { exitCode, output: Buffer.concat(chunks).toString() };
}

/** Runs a program that an npm package brought, its output shown as it comes. */
export function show(name: string, args: readonly string[]): Promise<number> {
  return ending(spawn(binary(name), args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] }));
}

function binary(name: string): string {
  return path.join(root, "node_modules/.bin", name);
}

function ending(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // A program that a signal ended has no exit code: that is a failure too.
    child.once("close", (code) => {
      resolve(code ?? 1);
    });
  });
}
