// Click to pixel on the slow line, without a browser to look through: for trying out how the client
// paces itself. `node pacing.ts [--trace] [FOLDER …]` compares bundled clients in one run.

import { setTimeout as sleep } from "node:timers/promises";
import type { Probe } from "../../support/party.ts";
import { formatTable, percentile, round } from "../report.ts";
import { builtClient, startCustomer } from "./customer.ts";
import { clickMs, type PixelWatch, viewed } from "./pixel-watch.ts";
import { adsl } from "./rig.ts";
import { WorkDesktop, type Workload, workloads } from "./workloads.ts";

const clicks = Number(process.env.HANDRAIL_BENCH_CLICKS ?? 40);
const busyWork = ["idle", "page scroll", "animation"];

async function measure(
  { input, watch }: { input: Probe; watch: PixelWatch },
  work: WorkDesktop,
  load: Workload,
): Promise<(string | number)[]> {
  await load.prepare?.(work);
  await sleep(1500);
  let isRunning = true;
  const running = (async () => {
    while (isRunning) await load.run(work);
  })();
  await sleep(700);
  const before = { at: performance.now(), updates: watch.updates, bytes: watch.sizeBytes };
  const times: number[] = [];
  for (let i = 0; i < clicks; i++) {
    times.push(await clickMs(input, watch));
    await sleep(60 + (i % 5) * 17);
  }
  const seconds = (performance.now() - before.at) / 1000;
  const kbit = ((watch.sizeBytes - before.bytes) * 8) / 1000 / seconds;
  isRunning = false;
  await running;
  const quantiles = [0.5, 0.75, 0.95, 1].map((p) => round(percentile(times, p)));
  return [load.name, ...quantiles, round((watch.updates - before.updates) / seconds), round(kbit)];
}

const folders = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const rows: (string | number)[][] = [];
await using work = await WorkDesktop.start();
for (const clientFolder of folders.length > 0 ? folders : [builtClient]) {
  await using stack = new AsyncDisposableStack();
  const { ann, lsid } = await startCustomer(work.desktop, { line: adsl, clientFolder }, stack);
  const ends = await viewed(ann, lsid);
  for (const load of workloads.filter(({ name }) => busyWork.includes(name))) {
    rows.push([clientFolder.split("/").at(-1) ?? "", ...(await measure(ends, work, load))]);
  }
}
const columns = ["client", "work", "p50", "p75", "p95", "max", "updates/s", "kbit/s"];
process.stdout.write(formatTable({ title: "click to pixel, ms", columns, rows, figures: {} }));
process.exit(0);
