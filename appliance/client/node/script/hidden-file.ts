import { mkdtempSync, openSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * A text as a file that has no name any more, opened for reading: nobody else could ever read it, and
 * nothing of it is left when it is closed. The caller closes it.
 */
export function openHidden(text: string, environment: NodeJS.ProcessEnv): number {
  // Made with the mode 0700.
  const folder = mkdtempSync(path.join(privateFolder(environment), "handrail-"));
  try {
    const file = path.join(folder, "script");
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
    return openSync(file, "r");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In memory and the user's own, where the system has such a place. Source: XDG Base Directory. */
function privateFolder({ XDG_RUNTIME_DIR: folder }: NodeJS.ProcessEnv): string {
  if (!folder?.startsWith("/")) return tmpdir();
  const found = statSync(folder, { throwIfNoEntry: false });
  const isOwn = found?.isDirectory() && found.uid === process.getuid?.();
  return isOwn ? folder : tmpdir();
}
