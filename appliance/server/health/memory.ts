import { readdir } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import path from "node:path";
import type { HealthReading } from "@handrail/protocol/upkeep";
import { textOf } from "./machine-files.ts";

const pageBytes = 4096;

/** The machine's memory, and what Handrail's processes have of it, as far as they may be seen. */
export async function readMemory(root = "/"): Promise<HealthReading["memory"]> {
  const ours = await ourProcesses(root);
  const handrailBytes = ours.reduce((sum, bytes) => sum + bytes, 0);
  const known = (await fromProc(root)) ?? (await fromNodes(root));
  const { totalBytes, availableBytes } = known ?? {
    totalBytes: totalmem(),
    availableBytes: freemem(),
  };
  return { totalBytes, availableBytes, handrailBytes, handrailProcesses: ours.length };
}

/** Source: proc_meminfo(5). */
async function fromProc(root: string) {
  const text = await textOf(path.join(root, "proc/meminfo"));
  const [totalBytes, availableBytes] = [field(text, "MemTotal"), field(text, "MemAvailable")];
  return totalBytes !== undefined && availableBytes !== undefined
    ? { totalBytes, availableBytes }
    : undefined;
}

/**
 * The appliance's server is not shown /proc/meminfo (ProcSubset=pid). The kernel says the same of
 * each memory node, but for what is available: free, and what was only read from files.
 */
async function fromNodes(root: string) {
  const folder = path.join(root, "sys/devices/system/node");
  const names = await readdir(folder).catch(() => []);
  const nodes = names.filter((name) => /^node\d+$/.test(name));
  const texts = await Promise.all(nodes.map((name) => textOf(path.join(folder, name, "meminfo"))));
  const sum = (name: string) => texts.reduce((all, text) => all + (field(text, name) ?? 0), 0);
  const totalBytes = sum("MemTotal");
  if (totalBytes === 0) return undefined;
  const reusable = ["Active\\(file\\)", "Inactive\\(file\\)", "SReclaimable"];
  const availableBytes = reusable.reduce((all, name) => all + sum(name), sum("MemFree"));
  return { totalBytes, availableBytes };
}

function field(text: string | undefined, name: string): number | undefined {
  const [, kibibytes] = new RegExp(`\\b${name}:\\s+(\\d+) kB`).exec(text ?? "") ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** The resident memory of each process of ours, bytes. Source: proc_pid_statm(5). */
async function ourProcesses(root: string): Promise<number[]> {
  const folder = path.join(root, "proc");
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const command = (await textOf(path.join(folder, name, "cmdline")))?.split("\0") ?? [];
      if (!command.slice(1).some(isOurs)) return undefined;
      const [, resident] = ((await textOf(path.join(folder, name, "statm"))) ?? "").split(" ");
      return resident === undefined ? undefined : Number(resident) * pageBytes;
    }),
  );
  return found.filter((bytes) => bytes !== undefined);
}

/**
 * By its place: a release is named by the link that leads to it, a checkout by itself. The command,
 * which may be what asks, is no part of what runs.
 */
function isOurs(argument: string): boolean {
  return (
    !/\/handrail\.[jt]s$/.test(argument) &&
    /\/appliance\/server\/(?:[a-z-]+\/)*[a-z-]+\.[jt]s$/.test(argument)
  );
}
