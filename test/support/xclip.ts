import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { Desktop } from "./desktop.ts";
import { poll } from "./poll.ts";

const maxOutputBytes = 128 * 1024 * 1024;
let files = 0;

/** Copies on a desktop as a program there does; waits until the desktop knows of it. */
export async function copyOn(
  desktop: Desktop,
  content: string | Uint8Array,
  target = "UTF8_STRING",
): Promise<void> {
  const file = path.join(desktop.home, `copied-${++files}`);
  await writeFile(file, content);
  desktop.open("xclip", ["-selection", "clipboard", "-t", target, "-quiet", "-i", file]);
  const expected = Buffer.from(content);
  await poll("it is copied", async () => expected.equals(await pasteOn(desktop, target)));
}

/** What a program of a desktop pastes. Fails when there is nothing of that kind. */
export async function pasteOn(desktop: Desktop, target = "UTF8_STRING"): Promise<Buffer> {
  const args = ["-selection", "clipboard", "-t", target, "-o"];
  const limits = { maxBuffer: maxOutputBytes, timeout: 20_000 };
  const options = { env: desktop.env, encoding: "buffer", ...limits } as const;
  const { stdout } = await promisify(execFile)("xclip", args, options);
  return stdout;
}
