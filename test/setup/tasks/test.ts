// `npm test`: everything. `npm test -- console page` runs the named suites only.

import { staticChecks } from "./static-checks.ts";
import { close, type Tally } from "./tally.ts";
import { vitest } from "./vitest-run.ts";

const light = ["house", "unit", "wire", "together"];
// A browser, a VS Code or a desktop each: one at a time, or they starve each other of processor.
const heavy = ["page", "console", "demo"];

const named = process.argv.slice(2);
const wanted = (suite: string): boolean => named.length === 0 || named.includes(suite);

const tallies: Tally[] = wanted("static") ? await staticChecks() : [];
if (light.some(wanted)) tallies.push(await vitest(light.filter(wanted), []));
if (heavy.some(wanted)) {
  tallies.push(await vitest(heavy.filter(wanted), ["--no-file-parallelism"]));
}
close(tallies);
