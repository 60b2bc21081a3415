import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync } from "node:fs";

/** A file system of its own, in memory. */
export interface MemoryDisk extends Disposable {
  readonly folder: string;
  freeBytes(): number;
}

/** Mounts a small file system at `folder`; as root. `size`: as mount takes it, "90m". */
export function mountMemory(folder: string, size: string): MemoryDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  return {
    folder,
    freeBytes() {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    },
    [Symbol.dispose]() {
      execFileSync("umount", ["--lazy", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
