// `npm run demo`: the main job on this machine, ready to click. `npm run demo -- --once` does the
// whole job by itself and prints one JSON object with what it found; with `--pictures` it also renews
// the pictures of the documents. `npm run demo -- --two` adds a second representative.

import { renewPictures } from "./album.ts";
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
  const result = await once(say, { pictures: pictures ? "album" : "none", ending: ending.signal });
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
