import { setTimeout as sleep } from "node:timers/promises";
import { canvasDigest, hidePointer, pixelsDigest } from "../../demo/remote-canvas.ts";
import { percentile, round } from "../report.ts";
import { watchPicture } from "./picture-watch.ts";
import { clickToPixelMs, type CustomerLine, type Rig } from "./rig.ts";
import {
  flipAt,
  pagePart,
  unseenAt,
  type WorkDesktop,
  type Workload,
  workloads,
} from "./workloads.ts";

const clicks = 50;
const clicksDuringWork = 15;
const busyWork = ["page scroll", "animation"];
/** After so long without a change the picture has to be exact, ms. */
const restMs = 300;

/** What one product did with one kind of work. */
export interface WorkFigures {
  readonly updatesPerSecond: number;
  readonly kilobytes: number;
  readonly bytesPerUpdate: number;
  readonly cpuPercent: number;
  /** The picture was exact after a short rest; undefined when the desktop did not rest. */
  readonly isExactAtRest: boolean | undefined;
}

/** What one product did over one line. Times in ms. */
export interface RigFigures {
  readonly name: string;
  readonly line: "loopback" | "ADSL";
  readonly firstPictureMs: number;
  readonly readablePictureMs: number;
  readonly exactPictureMs: number;
  readonly p50: number;
  readonly p95: number;
  /** Clicks while a page scrolls or an animation plays. */
  readonly busyP50: number;
  readonly busyP95: number;
  readonly work: ReadonlyMap<string, WorkFigures>;
  /** From a full page of text on the desktop until it could be read, and was exact. */
  readonly textPage: { readonly readableMs: number; readonly exactMs: number };
  readonly isExact: boolean | undefined;
}

/** Runs everything once over one line. */
export async function measure(
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
    await sleep(1_200);
    if (line && busyWork.includes(load.name)) {
      busy.push(...(await clickDuring(rig, work, load)));
      await sleep(3_000);
    }
  }
  return {
    name: rig.name,
    line: line ? "ADSL" : "loopback",
    firstPictureMs: Math.round(rig.firstPictureMs),
    readablePictureMs: rig.readablePictureMs ?? NaN,
    exactPictureMs: rig.exactPictureMs ?? NaN,
    p50: round(percentile(times, 0.5)),
    p95: round(percentile(times, 0.95)),
    busyP50: round(percentile(busy, 0.5)),
    busyP95: round(percentile(busy, 0.95)),
    work: figures,
    textPage: await showTextPage(rig, work),
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
  await load.prepare?.(work);
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
  if (load.prepare) {
    await load.prepare(work);
    await sleep(3_000);
  }
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
    cpuPercent: round(((after.cpu - before.cpu) / seconds) * 100, 2),
    isExactAtRest: await isExactAtRest(rig, work),
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

/** Looks after a short rest; a caret that blinks meanwhile was no rest, and it looks again. */
async function isExactAtRest(rig: Rig, { desktop }: WorkDesktop): Promise<boolean | undefined> {
  await hidePointer(desktop);
  for (let attempt = 0; attempt < 8; attempt++) {
    const before = await desktop.pixels();
    await sleep(restMs);
    const shown = canvasDigest(rig.page.mainFrame(), rig.canvas);
    const after = await desktop.pixels();
    if ((await shown).digest === pixelsDigest(after).digest) return true;
    const later = await desktop.pixels();
    if (before.data.equals(after.data) && after.data.equals(later.data)) return false;
  }
  return undefined;
}

/** A blank page becomes a page of text at once. */
async function showTextPage(rig: Rig, work: WorkDesktop): Promise<RigFigures["textPage"]> {
  await work.activateBrowser();
  await work.browser.evaluate("window.blank(true)");
  await work.browser.evaluate(`window.scrollTo(0, ${unseenAt})`);
  await hidePointer(work.desktop);
  await sleep(4_000);
  const watched = { part: pagePart, withinMs: 15_000 };
  const before = { pixels: work.textPage, ...watched, until: "readable" } as const;
  const readable = await watchPicture(rig, before);
  const startedAt = Date.now();
  await work.browser.evaluate("window.blank(false)");
  const { readableAt } = await readable();
  // The browser may smooth the letters a little differently than when the picture was taken.
  const now = { pixels: await work.desktop.pixels(), ...watched, until: "exact" } as const;
  const exact = await watchPicture(rig, now);
  const { exactAt } = await exact();
  return { readableMs: readableAt - startedAt, exactMs: exactAt - startedAt };
}
