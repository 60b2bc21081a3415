import { globSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import path from "node:path";
import { seedDisk } from "../../packer/seed/make.ts";
import { artifact } from "../support/artifacts.ts";
import { root } from "../support/root.ts";
import type { Machine } from "./machine.ts";

const [found] = globSync("packer/dist/out/handrail-*.qcow2", { cwd: root });
if (found === undefined) throw new Error("There is no image yet: npm run image");

/** The image that was built last. */
export const image = path.join(root, found);

/** Keeps for people how much processor time it took until now. */
export async function report(what: string, machine: Machine): Promise<void> {
  await note(`${what}: ${machine.cpuSeconds.toFixed(0)} CPU seconds`);
}

/** Keeps a line for people. */
export async function note(line: string): Promise<void> {
  const text = `${new Date().toISOString()} ${line}\n`;
  await appendFile(await artifact("appliance-boots.txt"), text);
}

/** A disk with these settings. */
export function seedOf(settings: object): Uint8Array {
  return seedDisk(Buffer.from(JSON.stringify({ version: 1, ...settings })));
}
