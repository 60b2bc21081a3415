import { stat } from "node:fs/promises";
import path from "node:path";
import type { DebianUpdates } from "@handrail/protocol/upkeep";
import { textOf } from "./machine-files.ts";
import { readRestart } from "./restart.ts";

/** Written by unattended-upgrades whenever it has gone through, also with nothing to do. */
const stamp = "var/lib/apt/periodic/unattended-upgrades-stamp";
const history = "var/log/apt/history.log";
/** What root notes after each daily run of apt: the packages that wait, one a line. */
const waitingNote = "update/debian-waiting";

/** What is known of Debian's own updates, by what everyone may read. */
export async function readDebian({
  releasesDirectory,
  now,
  root = "/",
}: {
  releasesDirectory: string;
  now: number;
  root?: string;
}): Promise<DebianUpdates> {
  const run = await stat(path.join(root, stamp)).catch(() => undefined);
  const waiting = await textOf(path.join(releasesDirectory, waitingNote));
  return {
    ...(run ? { lastRunAt: Math.floor(run.mtimeMs) } : {}),
    installed: lastInstalled((await textOf(path.join(root, history))) ?? ""),
    waiting: waiting?.split("\n").filter((line) => line !== ""),
    restart: await readRestart({ root, now }),
  };
}

/** The newest entry of unattended-upgrades in apt's history. */
function lastInstalled(text: string): DebianUpdates["installed"] {
  const entry = text
    .split("\n\n")
    .findLast(
      (each) => /^Commandline: .*unattended-upgrade/m.test(each) && /^End-Date:/m.test(each),
    );
  if (entry === undefined) return undefined;
  const at = dateOf(/^End-Date: (\S+) +(\S+)$/m.exec(entry) ?? []);
  const lists = entry.matchAll(/^(?:Install|Upgrade): (.*)$/gm);
  const packages = [...lists].flatMap(([, list = ""]) => namesIn(list));
  return { at, packages: [...new Set(packages)].toSorted() };
}

/** `libssl3:amd64 (3.0.15-1, 3.0.16-1), openssl:amd64 (…)` has commas inside the brackets as well. */
function namesIn(list: string): string[] {
  return [...list.matchAll(/([^\s,:()]+)(?::[^\s()]+)? \([^)]*\)/g)].map(([, name = ""]) => name);
}

/** In the machine's own time, as apt writes it. */
function dateOf([, day, time]: readonly string[]): number {
  return new Date(`${day ?? ""}T${time ?? ""}`).getTime();
}
