// `npm test`: everything. `npm test -- console page` runs the named suites only.

import { staticChecks } from "./static-checks.ts";
import { close, type Tally } from "./tally.ts";
import { vitest } from "./vitest-run.ts";

const exact = ["house", "wire", "packer"];
const light = ["unit", "together"];
// A browser, a VS Code or a desktop each: one at a time, or they starve each other of processor.
const heavy = ["page", "console", "demo"];

const named = process.argv.slice(2);
const wanted = (suite: string): boolean => named.length === 0 || named.includes(suite);

const tallies: Tally[] = wanted("static") ? await staticChecks() : [];
if (exact.some(wanted)) tallies.push(await vitest({ suites: exact.filter(wanted) }));
if (light.some(wanted)) {
  // Much of their time is waiting: two at once, also where vitest would leave a processor free.
  const options = ["--maxWorkers=2"];
  tallies.push(await vitest({ suites: light.filter(wanted), options, again: true }));
}
if (heavy.some(wanted)) {
  const options = ["--no-file-parallelism"];
  tallies.push(await vitest({ suites: heavy.filter(wanted), options, again: true }));
}
close(tallies);
