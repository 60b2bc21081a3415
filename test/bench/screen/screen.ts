import { setTimeout as sleep } from "node:timers/promises";
import { type Bench, type BenchReport, percentile, round } from "../report.ts";
import { startOurs } from "./ours.ts";
import { startPeer } from "./peer.ts";
import { adsl, clickToPixelMs, type CustomerLine, type Rig } from "./rig.ts";
import { flipAt, WorkDesktop, type Workload, workloads } from "./workloads.ts";

const clicks = 50;
const clicksDuringWork = 15;
const busyWork = ["page scroll", "animation"];

/** What one product did with one kind of work. */
interface WorkFigures {
  readonly updatesPerSecond: number;
  readonly kilobytes: number;
  readonly bytesPerUpdate: number;
  readonly cpuPercent: number;
}

/** What one product did over one line. */
interface RigFigures {
  readonly name: string;
  readonly line: string;
  readonly firstPictureMs: number;
  readonly p50: number;
  readonly p95: number;
  /** Clicks while a page scrolls or an animation plays. */
  readonly busyP50: number;
  readonly busyP95: number;
  readonly work: ReadonlyMap<string, WorkFigures>;
  readonly isExact: boolean | undefined;
}

/** Our screen stream beside x11vnc with noVNC, on one desktop, over loopback and over ADSL. */
export const screenBench: Bench = {
  name: "screen",
  run: async () => {
    await using work = await WorkDesktop.start();
    const measured: RigFigures[] = [];
    for (const line of [undefined, adsl]) {
      for (const start of [startOurs, startPeer]) {
        await using rig = await start(work.desktop, line);
        measured.push(await measure(rig, work, line));
      }
    }
    return report(measured);
  },
};

async function measure(
  rig: Rig,
  work: WorkDesktop,
  line: CustomerLine | undefined,
): Promise<RigFigures> {
  process.stdout.write(`  ${rig.name}, ${line ? "ADSL" : "loopback"}\n`);
  await sleep(3_000);
  const times = await clickAgain(rig, clicks);
  const figures = new Map<string, WorkFigures>();
  const busy: number[] = [];
  for (const load of workloads) {
    figures.set(load.name, await runWork(rig, work, load));
    await sleep(1_500);
    if (line && busyWork.includes(load.name)) {
      busy.push(...(await clickDuring(rig, work, load)));
      await sleep(3_000);
    }
  }
  return {
    name: rig.name,
    line: line ? "ADSL" : "loopback",
    firstPictureMs: Math.round(rig.firstPictureMs),
    p50: round(percentile(times, 0.5)),
    p95: round(percentile(times, 0.95)),
    busyP50: round(percentile(busy, 0.5)),
    busyP95: round(percentile(busy, 0.95)),
    work: figures,
    isExact: await rig.isExact?.(),
  };
}

async function clickAgain(rig: Rig, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    times.push(await clickToPixelMs(rig, flipAt.x, flipAt.y));
    await sleep(60 + (i % 5) * 17);
  }
  return times;
}

async function clickDuring(rig: Rig, work: WorkDesktop, load: Workload): Promise<number[]> {
  let isRunning = true;
  const running = (async () => {
    while (isRunning) await load.run(work);
  })();
  await sleep(700);
  const times = await clickAgain(rig, clicksDuringWork).finally(() => (isRunning = false));
  await running;
  return times;
}

async function runWork(rig: Rig, work: WorkDesktop, load: Workload): Promise<WorkFigures> {
  const before = await read(rig);
  await load.run(work);
  const after = await read(rig);
  const seconds = (after.at - before.at) / 1000;
  const updates = after.updates - before.updates;
  const bytes = after.bytes - before.bytes;
  return {
    updatesPerSecond: round(updates / seconds),
    kilobytes: round(bytes / 1000),
    bytesPerUpdate: updates === 0 ? 0 : Math.round(bytes / updates),
    cpuPercent: round(((after.cpu - before.cpu) / seconds) * 100),
  };
}

async function read(rig: Rig) {
  return {
    at: performance.now(),
    updates: await rig.updates(),
    bytes: rig.sentBytes(),
    cpu: await rig.customerCpuSeconds(),
  };
}

function report(measured: readonly RigFigures[]): BenchReport {
  const rows: (string | number)[][] = [];
  for (const rig of measured) {
    const who = `${rig.name}, ${rig.line}`;
    rows.push([who, "click to pixel ms", `p50 ${rig.p50}`, `p95 ${rig.p95}`, "", ""]);
    if (rig.line === "ADSL") {
      rows.push([who, "… while busy ms", `p50 ${rig.busyP50}`, `p95 ${rig.busyP95}`, "", ""]);
    }
    rows.push([who, "first picture ms", rig.firstPictureMs, "", "", ""]);
    for (const [name, w] of rig.work) {
      rows.push([who, name, w.updatesPerSecond, w.kilobytes, w.bytesPerUpdate, w.cpuPercent]);
    }
  }
  return {
    title: "screen: 1920×1080, click in the viewer to changed pixel, and scripted desktop work",
    columns: ["product", "what", "updates/s", "kB sent", "bytes/update", "customer CPU %"],
    rows,
    figures: figuresOf(measured),
  };
}

function figuresOf(measured: readonly RigFigures[]): Record<string, number | boolean> {
  const figures: Record<string, number | boolean> = {};
  for (const [at, rig] of measured.entries()) {
    const isPeer = at % 2 === 1;
    const suffix = rig.line === "ADSL" ? "Shaped" : "";
    const name = (text: string) =>
      `${isPeer ? `peer${text.charAt(0).toUpperCase()}${text.slice(1)}` : text}${suffix}`;
    figures[name("inputToPixelMsP50")] = rig.p50;
    figures[name("inputToPixelMsP95")] = rig.p95;
    figures[name("firstPictureMs")] = rig.firstPictureMs;
    if (suffix) figures[name("busyInputToPixelMsP50")] = rig.busyP50;
    if (suffix) figures[name("busyInputToPixelMsP95")] = rig.busyP95;
    if (rig.isExact !== undefined) figures[name("isExact")] = rig.isExact;
    for (const [work, w] of rig.work) {
      const words = work.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
      figures[name(`${words}Kilobytes`)] = w.kilobytes;
      figures[name(`${words}UpdatesPerSecond`)] = w.updatesPerSecond;
      figures[name(`${words}CpuPercent`)] = w.cpuPercent;
    }
  }
  const [ours, peer, oursShaped, peerShaped] = measured;
  if (ours && peer) figures.inputToPixelRatioP50 = round(ours.p50 / peer.p50, 3);
  if (oursShaped && peerShaped) {
    figures.inputToPixelRatioP50Shaped = round(oursShaped.p50 / peerShaped.p50, 3);
  }
  return figures;
}
