// `npm run demo`: the main job on this machine, ready to click. `npm run demo -- --once` does the
// whole job by itself and prints one JSON object with what it found.

import { appear } from "./open.ts";
import { once } from "./once.ts";

const say = (line: string) => {
  process.stderr.write(`[demo] ${line}\n`);
};

const unknown = process.argv.slice(2).find((arg) => !["--once", "--pictures"].includes(arg));
if (unknown !== undefined) {
  process.stderr.write(`There is no "${unknown}": say --once, --pictures, or nothing.\n`);
  process.exit(2);
}

if (process.argv.includes("--once")) {
  const result = await once(say, { pictures: process.argv.includes("--pictures") });
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exit(result.ok ? 0 : 1);
}
await appear(say);
process.exit(0);
