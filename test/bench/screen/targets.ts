import { round } from "../report.ts";
import type { RigFigures, WorkFigures } from "./measure.ts";
import { adsl } from "./rig.ts";

/** One thing to reach. */
export interface Target {
  readonly what: string;
  readonly value: number;
  /** As a person reads it. */
  readonly limit: string;
  readonly isReached: boolean;
}

type Pair = readonly [ours: RigFigures, peer: RigFigures];

const scrolling = ["terminal scroll", "page scroll"];

/** Compares what was measured (ours and the peer's on loopback, then on ADSL) with what is to be. */
export function judge([ours, peer, shaped, shapedPeer]: readonly RigFigures[]): Target[] {
  if (!ours || !peer || !shaped || !shapedPeer) return [];
  return [
    atMost("click to pixel p50, over the peer's", round(ours.p50 / peer.p50, 2), 0.33),
    ...latencies(shaped),
    ...pictures(ours, shaped),
    ...[[ours, peer] as const, [shaped, shapedPeer] as const].flatMap(beside),
    atMost("idle customer's CPU, % of a core", workOf(ours, "idle")?.cpuPercent ?? NaN, 0.3),
  ];
}

function latencies(shaped: RigFigures): Target[] {
  const { rttMs } = adsl;
  return [
    atMost("ADSL: click to pixel p50, ms", shaped.p50, rttMs + 12),
    atMost("ADSL: click to pixel p95, ms", shaped.p95, rttMs + 60),
    atMost("ADSL: … while busy p50, ms", shaped.busyP50, rttMs + 12),
    atMost("ADSL: … while busy p95, ms", shaped.busyP95, rttMs + 60),
  ];
}

function pictures(ours: RigFigures, shaped: RigFigures): Target[] {
  const atRest = [...ours.work, ...shaped.work].map(([, { isExactAtRest }]) => isExactAtRest);
  return [
    atMost("first picture, exact, ms", ours.exactPictureMs, 500),
    atMost("ADSL: first picture, readable, ms", shaped.readablePictureMs, 1000),
    atMost("ADSL: page of text readable, ms", shaped.textPage.readableMs, 1000),
    atMost("ADSL: page of text exact, ms", shaped.textPage.exactMs, 4000),
    atMost("not exact after 300 ms of rest, times", atRest.filter((is) => is === false).length, 0),
  ];
}

function beside([ours, peer]: Pair): Target[] {
  const on = (text: string) => (ours.line === "ADSL" ? `ADSL: ${text}` : text);
  const ratio = (name: string, of: (work: WorkFigures) => number) => {
    const [one, other] = [workOf(ours, name), workOf(peer, name)];
    return one && other ? round(of(one) / of(other), 2) : NaN;
  };
  const bytes = (name: string, limit: number) =>
    atMost(on(`${name}: bytes per update, over the peer's`), ratio(name, bytesPerUpdate), limit);
  return [
    ...scrolling.map((name) =>
      atLeast(on(`${name}: updates/s, over the peer's`), ratio(name, updatesPerSecond), 2),
    ),
    ...[...scrolling, "window drag"].map((name) => bytes(name, 0.33)),
    bytes("typing", 1),
  ];
}

const bytesPerUpdate = (work: WorkFigures) => work.bytesPerUpdate;
const updatesPerSecond = (work: WorkFigures) => work.updatesPerSecond;

function workOf(rig: RigFigures, name: string): WorkFigures | undefined {
  return rig.work.get(name);
}

function atMost(what: string, value: number, most: number): Target {
  return { what, value, limit: `≤ ${most}`, isReached: value <= most };
}

function atLeast(what: string, value: number, least: number): Target {
  return { what, value, limit: `≥ ${least}`, isReached: value >= least };
}
