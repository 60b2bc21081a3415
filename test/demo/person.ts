import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { userInfo } from "node:os";
import { type Desktop, terminalKeys } from "../support/desktop.ts";

/** Who sits at the sample computer, and what the computer is called. */
export const person = { name: "Zoé Martin", computer: "zoe-laptop" } as const;

/**
 * Opens a terminal in which the account and the computer have the names of the sample person: what
 * runs there sees an own host name and an own list of accounts. Where the system does not let this
 * account do so, the names are those of this machine.
 */
export async function openPersonsTerminal(desktop: Desktop, geometry: string): Promise<void> {
  const apart = ["--mount", "--uts"];
  if (spawnSync("unshare", [...apart, "true"]).status !== 0) {
    await desktop.openTerminal("Terminal", geometry);
    return;
  }
  const accounts = path.join(desktop.home, ".accounts");
  writeFileSync(accounts, accountsWith(person.name));
  const script = 'hostname "$1" && mount --bind "$2" /etc/passwd && shift 2 && exec "$@"';
  const font = ["-fa", "DejaVu Sans Mono", "-fs", "11"];
  const shown = ["-T", "Terminal", "-geometry", geometry, ...font];
  const terminal = ["xterm", ...shown, "-xrm", terminalKeys];
  const names = [person.computer, accounts];
  desktop.open("unshare", [...apart, "sh", "-c", script, "sh", ...names, ...terminal]);
  await desktop.window("Terminal");
}

/**
 * Opens a new file in a text editor; gives its path. A person does not write letters as root: where
 * the demonstration runs as such, the editor is told of another account that may do the same.
 */
export async function openPersonsEditor(
  desktop: Desktop,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<string> {
  const apart = ["--user", "--map-user=1000"];
  const isRoot = userInfo().uid === 0;
  if (!isRoot || spawnSync("unshare", [...apart, "true"]).status !== 0) {
    return desktop.openEditor(name, text);
  }
  const file = path.join(desktop.home, name);
  await writeFile(file, text);
  desktop.open("unshare", [...apart, "mousepad", file]);
  await desktop.window(name);
  return file;
}

/** This machine's accounts, with the one that is used here under another full name. */
function accountsWith(fullName: string): string {
  const { uid } = userInfo();
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const renamed = lines.map((line) => {
    const fields = line.split(":");
    if (fields[2] !== String(uid)) return line;
    return [...fields.slice(0, 4), fullName, ...fields.slice(5)].join(":");
  });
  return renamed.join("\n");
}
