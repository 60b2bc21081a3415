import { type Bench, type BenchReport, round } from "../report.ts";
import { measure, type RigFigures } from "./measure.ts";
import { startOurs } from "./ours.ts";
import { startPeer } from "./peer.ts";
import { adsl } from "./rig.ts";
import { judge } from "./targets.ts";
import { WorkDesktop } from "./workloads.ts";

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

function report(measured: readonly RigFigures[]): BenchReport {
  const rows: (string | number)[][] = [];
  for (const rig of measured) {
    const who = `${rig.name}, ${rig.line}`;
    rows.push([who, "click to pixel ms", `p50 ${rig.p50}`, `p95 ${rig.p95}`, "", ""]);
    if (rig.line === "ADSL") {
      rows.push([who, "… while busy ms", `p50 ${rig.busyP50}`, `p95 ${rig.busyP95}`, "", ""]);
    }
    rows.push([who, "first picture ms", rig.firstPictureMs, "", "", ""]);
    const { readableMs, exactMs } = rig.textPage;
    rows.push([who, "page of text ms", `readable ${readableMs}`, `exact ${exactMs}`, "", ""]);
    for (const [name, w] of rig.work) {
      rows.push([who, name, w.updatesPerSecond, w.kilobytes, w.bytesPerUpdate, w.cpuPercent]);
    }
  }
  const targets = judge(measured);
  for (const { what, value, limit, isReached } of targets) {
    rows.push(["to reach", what, value, limit, isReached ? "reached" : "NOT reached", ""]);
  }
  return {
    title: "screen: 1920×1080, click in the viewer to changed pixel, and scripted desktop work",
    columns: ["product", "what", "updates/s", "kB sent", "bytes/update", "customer CPU %"],
    rows,
    figures: {
      ...figuresOf(measured),
      targets: targets.length,
      targetsReached: targets.filter(({ isReached }) => isReached).length,
    },
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
    if (!isPeer) figures[name("readablePictureMs")] = rig.readablePictureMs;
    if (!isPeer) figures[name("exactPictureMs")] = rig.exactPictureMs;
    figures[name("textPageReadableMs")] = rig.textPage.readableMs;
    figures[name("textPageExactMs")] = rig.textPage.exactMs;
    if (suffix) figures[name("busyInputToPixelMsP50")] = rig.busyP50;
    if (suffix) figures[name("busyInputToPixelMsP95")] = rig.busyP95;
    if (rig.isExact !== undefined) figures[name("isExact")] = rig.isExact;
    for (const [work, w] of rig.work) {
      const words = work.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
      figures[name(`${words}Kilobytes`)] = w.kilobytes;
      figures[name(`${words}BytesPerUpdate`)] = w.bytesPerUpdate;
      figures[name(`${words}UpdatesPerSecond`)] = w.updatesPerSecond;
      if (w.isExactAtRest !== undefined) figures[name(`${words}IsExactAtRest`)] = w.isExactAtRest;
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
