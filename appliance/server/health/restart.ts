import { readdir, stat } from "node:fs/promises";
import { release, uptime } from "node:os";
import path from "node:path";
import type { HealthReading } from "@handrail/protocol/upkeep";
import { textOf } from "./machine-files.ts";

/** Debian's programs write this when what they have installed needs a restart of the machine. */
const marker = "run/reboot-required";
const kernelPrefix = "vmlinuz-";

/**
 * Whether what runs is older than what is installed: by Debian's own mark, a kernel that was
 * installed since the machine was started, or libraries of ours that were replaced meanwhile.
 */
export async function readRestart({
  root = "/",
  now,
  kernel = release(),
}: {
  root?: string;
  now: number;
  kernel?: string;
}): Promise<HealthReading["restart"]> {
  const marked = await textOf(path.join(root, marker));
  const listed = ((await textOf(path.join(root, `${marker}.pkgs`))) ?? "").split("\n");
  const since = now - uptime() * 1000;
  const packages = [
    ...listed.map((name) => name.trim()),
    ...(await newerKernels(root, { since, kernel })),
    ...(await replacedLibraries(root)),
  ];
  const unique = [...new Set(packages)].filter((name) => name !== "");
  return { isNeeded: marked !== undefined || unique.length > 0, packages: unique };
}

async function newerKernels(
  root: string,
  { since, kernel }: { since: number; kernel: string },
): Promise<string[]> {
  const folder = path.join(root, "boot");
  const names = await readdir(folder).catch(() => []);
  const found: string[] = [];
  for (const name of names) {
    if (!name.startsWith(kernelPrefix) || name === kernelPrefix + kernel) continue;
    // A package's files keep the time of its making: when it was unpacked is another.
    const about = await stat(path.join(folder, name)).catch(() => undefined);
    if (about && about.ctimeMs > since)
      found.push(`linux-image-${name.slice(kernelPrefix.length)}`);
  }
  return found;
}

/** Libraries that this process has loaded and an update has replaced. Source: proc_pid_maps(5). */
async function replacedLibraries(root: string): Promise<string[]> {
  const maps = (await textOf(path.join(root, "proc/self/maps"))) ?? "";
  const replaced = maps.matchAll(/ (\/usr\/lib\/\S+\.so[.\d]*) \(deleted\)$/gm);
  return [...replaced].map(([, file = ""]) => path.basename(file));
}
