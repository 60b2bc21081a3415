// `npm run demo`: the main job on this machine, ready to click. `npm run demo -- --once` does the
// whole job by itself and prints one JSON object with what it found; with `--pictures` it also renews
// the pictures of the README. `npm run demo -- --two` adds a second representative.

import { copyFile } from "node:fs/promises";
import path from "node:path";
import { artifact } from "../support/artifacts.ts";
import { root } from "../support/root.ts";
import { appear } from "./open.ts";
import { once } from "./once.ts";

const say = (line: string) => {
  process.stderr.write(`[demo] ${line}\n`);
};

const unknown = process.argv
  .slice(2)
  .find((arg) => !["--once", "--pictures", "--two"].includes(arg));
if (unknown !== undefined) {
  process.stderr.write(`There is no "${unknown}": say --once, --pictures, --two, or nothing.\n`);
  process.exit(2);
}

if (process.argv.includes("--once")) {
  const pictures = process.argv.includes("--pictures");
  const ending = new AbortController();
  // Kept to the end: a second Ctrl+C must not cut the cleaning up short.
  for (const name of ["SIGINT", "SIGTERM"]) {
    process.on(name, () => {
      if (!ending.signal.aborted) say("ending");
      ending.abort();
    });
  }
  const result = await once(say, { pictures, ending: ending.signal });
  if (pictures && result.ok) await renewPictures();
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exit(result.ok ? 0 : 1);
}
try {
  await appear(say, { hasColleague: process.argv.includes("--two") });
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
process.exit(0);

/** The pictures of the README, from what the job has left in test/artifacts. */
async function renewPictures(): Promise<void> {
  for (const name of ["console-chat", "console-recording", "customer-asked", "portal-accepted"]) {
    const to = path.join(root, "media/pictures", `${name}.png`);
    await copyFile(await artifact(`${name}.png`), to);
  }
}
