import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConsoleDisk } from "./files/console-disk.ts";
import { type Bench, percentile, round } from "./report.ts";
import { startCustomer } from "./screen/customer.ts";
import { clickMs, viewed } from "./screen/pixel-watch.ts";
import { adsl } from "./screen/rig.ts";
import { WorkDesktop } from "./screen/workloads.ts";

const clicks = 100;
const toReach = { p95Ms: adsl.rttMs + 100, lineShare: 0.85 } as const;

/** Clicks on the slow line, while a file comes over it as fast as it can. */
export const mixedBench: Bench = {
  name: "mixed",
  run: async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-mixed-"));
    stack.defer(() => rm(folder, { recursive: true }));
    const file = path.join(folder, "file");
    await writeFile(file, randomBytes(64 * 1024 * 1024));
    const work = stack.use(await WorkDesktop.start());
    const { ann, lsid } = await startCustomer(
      work.desktop,
      { line: adsl, permissions: ["view", "control", "files"] },
      stack,
    );
    const { input, watch } = await viewed(ann, lsid);
    const alone = await clickTimes(input, watch);
    const disk = stack.use(await ConsoleDisk.open(ann, lsid));
    const target = path.join(folder, "to");
    await mkdir(target);
    const transfer = await disk.plan({ direction: "download", sources: [file], target });
    const running = disk.run(transfer).catch((error: unknown) => {
      if (transfer.state !== "cancelled") throw error;
    });
    await sleep(3000);
    const before = { at: performance.now(), bytes: transfer.progress.doneBytes };
    const beside = await clickTimes(input, watch);
    const seconds = (performance.now() - before.at) / 1000;
    const kbit = ((transfer.progress.doneBytes - before.bytes) * 8) / 1000 / seconds;
    await transfer.cancel();
    await running;
    return report(alone, beside, kbit / adsl.upKbitPerSecond);
  },
};

async function clickTimes(...ends: Parameters<typeof clickMs>): Promise<number[]> {
  const times: number[] = [];
  for (let click = 0; click < clicks; click++) {
    times.push(await clickMs(...ends));
    await sleep(60 + (click % 5) * 17);
  }
  return times;
}

function report(alone: readonly number[], beside: readonly number[], lineShare: number) {
  const of = (times: readonly number[]) => [0.5, 0.95].map((p) => round(percentile(times, p)));
  const [p50 = NaN, p95 = NaN] = of(beside);
  const [alone50 = NaN, alone95 = NaN] = of(alone);
  const isFast = p95 <= toReach.p95Ms ? "yes" : "no";
  const isFull = lineShare >= toReach.lineShare ? "yes" : "no";
  return {
    title: "mixed: click to pixel on the slow line beside a download that fills it",
    columns: ["what", "alone", "beside", "to reach", "reached"],
    rows: [
      ["click to pixel p50, ms", alone50, p50, "", ""],
      ["click to pixel p95, ms", alone95, p95, `≤ ${toReach.p95Ms}`, isFast],
      ["the file's share of the line", "", round(lineShare, 2), `≥ ${toReach.lineShare}`, isFull],
    ],
    figures: {
      inputToPixelMsP50: p50,
      inputToPixelMsP95: p95,
      aloneInputToPixelMsP50: alone50,
      aloneInputToPixelMsP95: alone95,
      lineShare: round(lineShare, 3),
    },
  };
}
