import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Sshd } from "../sshd.ts";

/** Runs commands of `sftp`, one per line, in a folder; resolves at their end. */
export async function sftp(
  { options, host }: Sshd,
  folder: string,
  commands: string,
): Promise<void> {
  const child = spawn("sftp", ["-q", "-b", "-", ...options, host], {
    cwd: folder,
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.end(`${commands}\n`);
  await once(child, "close");
  if (child.exitCode !== 0) throw new Error(`sftp ended with ${String(child.exitCode)}`);
}
