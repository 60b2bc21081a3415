// `npm run bench`: the benchmarks, or with `-- NAME` one; `--json` adds one line of JSON at the end.
// Figures hold for a quiet machine only; ratios compare what ran in one and the same run.

import { loadavg } from "node:os";
import { consoleBench } from "./console.ts";
import { filesBench } from "./files/files.ts";
import { hugeBench } from "./files/huge.ts";
import { idleBench } from "./idle.ts";
import { mixedBench } from "./mixed.ts";
import { relayBench } from "./relay/relay.ts";
import { type Bench, formatTable } from "./report.ts";
import { screenBench } from "./screen/screen.ts";
import { shellBench } from "./shell/shell.ts";

const benches: readonly Bench[] = [
  screenBench,
  relayBench,
  idleBench,
  consoleBench,
  shellBench,
  filesBench,
  hugeBench,
  mixedBench,
];

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith("--"));
const unknown = names.find((name) => !benches.some((bench) => bench.name === name));
if (unknown !== undefined) {
  const known = benches.map(({ name }) => name).join(", ");
  process.stderr.write(`There is no benchmark "${unknown}". There are: ${known}.\n`);
  process.exit(2);
}

const load = loadavg()[0] ?? 0;
if (load > 0.5) {
  process.stdout.write(`The machine is busy (load ${load.toFixed(1)}): trust the ratios only.\n`);
}
const figures: Record<string, unknown> = {};
const isWanted = ({ name, onRequest }: Bench) =>
  names.length === 0 ? onRequest !== true : names.includes(name);
for (const bench of benches.filter(isWanted)) {
  process.stdout.write(`\n${bench.name} …\n`);
  const report = await bench.run();
  process.stdout.write(formatTable(report));
  Object.assign(figures, { bench: bench.name, ...report.figures });
}
if (args.includes("--json")) process.stdout.write(`${JSON.stringify(figures)}\n`);
// Browsers and servers that a benchmark started are disposed; whatever lingers must not hold us.
process.exit(0);
