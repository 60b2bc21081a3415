import { describe, expect, it } from "vitest";
import { Pace } from "../../../../appliance/client/core/pace.ts";
import { random } from "./surface/canvas.ts";

interface Line {
  bytesPerSecond: number;
  rttMs: number;
  /** Longest pause before an acknowledgement, ms. */
  jitterMs?: number;
  /** How much later than by the line's doing the first answer comes, ms. */
  firstLateMs?: number;
  /** So long of every 90 ms the sender is busy with other things. */
  pauseMs?: number;
  /** What it carries in the second half of the time, where that is something else. */
  laterBytesPerSecond?: number;
}

interface Result {
  readonly pace: Pace;
  bytes: number;
  /** How long each small urgent message took, from the moment it was there. */
  readonly urgentMs: number[];
  /** Of the second half only. */
  readonly queueMs: number[];
}

interface Way {
  /** Whether there is always more to send. */
  greedy?: boolean;
  /** The representative is at work: what is urgent goes at once, and large things after it. */
  isEager?: boolean;
}

/**
 * A line of one rate and a fixed delay, and a sender that always has more to send than it carries;
 * every 250 ms something small and urgent comes up.
 */
function simulate(line: Line, lengthMs: number, way: Way = {}): Result {
  const { greedy = true, isEager = false } = way;
  const pace = new Pace();
  const next = random(7);
  const result: Result = { pace, bytes: 0, urgentMs: [], queueMs: [] };
  const acks: { seq: number; at: number; urgentSince: number | undefined }[] = [];
  let freeAt = 0;
  let seq = 0;
  let urgentSince: number | undefined;
  for (let now = 0; now < lengthMs; now += 0.5) {
    for (const ack of acks.filter((each) => each.at <= now)) {
      acks.splice(acks.indexOf(ack), 1);
      pace.acknowledged(ack.seq, now);
      if (ack.urgentSince !== undefined) result.urgentMs.push(now - ack.urgentSince);
    }
    if (now % 250 === 0 && now > lengthMs / 2) urgentSince = now;
    if (!greedy && urgentSince === undefined) continue;
    const isUrgent = isEager && urgentSince !== undefined;
    if (now % 90 < (line.pauseMs ?? 0) && !isUrgent) continue;
    pace.isEager = isEager;
    if (pace.readyAt() > now && !isUrgent) {
      pace.heldBack();
      continue;
    }
    const usualBytes = isUrgent || !greedy ? 200 : pace.budgetBytes;
    const sizeBytes = pace.wantsProbe ? 60 : usualBytes;
    if (now > lengthMs / 2) {
      result.bytes += sizeBytes;
      result.queueMs.push(Math.max(0, freeAt - now));
    }
    const isLater = now > lengthMs / 2;
    const rate = (isLater ? line.laterBytesPerSecond : undefined) ?? line.bytesPerSecond;
    freeAt = Math.max(freeAt, now) + (sizeBytes / rate) * 1000;
    const lateMs = next() * (line.jitterMs ?? 0) + (seq === 0 ? (line.firstLateMs ?? 0) : 0);
    const at = freeAt + line.rttMs + lateMs;
    // Acknowledgements keep their order.
    const lastAt = acks.at(-1)?.at ?? 0;
    pace.sent(++seq, sizeBytes, now);
    acks.push({ seq, at: Math.max(at, lastAt), urgentSince });
    urgentSince = undefined;
  }
  return result;
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? NaN;
}

describe("the pace of a line", () => {
  const lines: [string, Line][] = [
    ["ADSL", { bytesPerSecond: 125_000, rttMs: 60 }],
    [
      "ADSL with a viewer that paints at 60 Hz",
      { bytesPerSecond: 125_000, rttMs: 60, jitterMs: 16 },
    ],
    ["ADSL with a busy computer", { bytesPerSecond: 125_000, rttMs: 60, jitterMs: 40 }],
    ["a slow mobile line", { bytesPerSecond: 32_000, rttMs: 150, jitterMs: 16 }],
    ["a satellite", { bytesPerSecond: 250_000, rttMs: 600, jitterMs: 16 }],
    ["fibre", { bytesPerSecond: 12_500_000, rttMs: 10, jitterMs: 4 }],
  ];

  it.each(lines)("uses most of %s", (_name, line) => {
    const { bytes } = simulate(line, 20_000);
    expect(bytes / 10).toBeGreaterThan(0.65 * line.bytesPerSecond);
  });

  it.each(lines)("keeps the queue in front of %s short", (_name, line) => {
    const { queueMs } = simulate(line, 20_000);
    expect(quantile(queueMs, 0.5)).toBeLessThan(12);
    expect(quantile(queueMs, 0.95)).toBeLessThan(45);
  });

  it("lets an urgent message through within 60 ms of the round trip while the line is full", () => {
    const line = { bytesPerSecond: 125_000, rttMs: 60, jitterMs: 8 };
    const { urgentMs } = simulate(line, 40_000);
    expect(urgentMs.length).toBeGreaterThan(50);
    // The message itself takes 30 ms here: in truth urgent ones are far smaller.
    expect(quantile(urgentMs, 0.95) - 30).toBeLessThan(60 + 60);
  });

  it.each([
    { bytesPerSecond: 125_000, rttMs: 60, jitterMs: 4 },
    { bytesPerSecond: 125_000, rttMs: 60, jitterMs: 16 },
    { bytesPerSecond: 125_000, rttMs: 60, jitterMs: 4, pauseMs: 25 },
    { bytesPerSecond: 1_250_000, rttMs: 20, jitterMs: 4 },
  ])("hardly delays an answer while somebody works: %o", (line) => {
    const { urgentMs, bytes } = simulate(line, 40_000, { isEager: true });
    const expected = line.rttMs + line.jitterMs / 2 + (200 / line.bytesPerSecond) * 1000;
    expect(quantile(urgentMs, 0.5) - expected).toBeLessThan(12);
    expect(quantile(urgentMs, 0.95) - expected).toBeLessThan(24);
    expect(bytes / 20).toBeGreaterThan(0.65 * line.bytesPerSecond);
  });

  it("does not empty the line for a measurement while somebody works", () => {
    const line = { bytesPerSecond: 125_000, rttMs: 60, jitterMs: 8 };
    const { urgentMs } = simulate(line, 40_000, { isEager: true });
    expect(Math.max(...urgentMs)).toBeLessThan(60 + 45);
  });

  it("finds a fast line within a few round trips", () => {
    const { pace } = simulate({ bytesPerSecond: 50_000_000, rttMs: 3, jitterMs: 1 }, 300);
    expect(pace.bytesPerSecond).toBeGreaterThan(5_000_000);
  });

  it("has no limit to tell of before anything had to queue", () => {
    const { pace } = simulate({ bytesPerSecond: 50_000_000, rttMs: 3 }, 40);
    expect(pace.bytesPerSecond).toBeUndefined();
    expect(pace.budgetBytes).toBeGreaterThan(5_000);
  });

  it.each([0, 30])("knows a slow line soon, its first answer %i ms late", (firstLateMs) => {
    const { pace } = simulate({ bytesPerSecond: 125_000, rttMs: 60, firstLateMs }, 400);
    expect(pace.bytesPerSecond).toBeLessThan(260_000);
  });

  it("is not held back by its rate when little is to be sent", () => {
    const { urgentMs } = simulate({ bytesPerSecond: 125_000, rttMs: 60 }, 10_000, {
      greedy: false,
    });
    expect(quantile(urgentMs, 0.95)).toBeLessThan(60 + 3);
  });

  it.each([
    [500_000, 60_000],
    [60_000, 500_000],
  ])("follows a line that goes from %i to %i bytes/s", (bytesPerSecond, laterBytesPerSecond) => {
    const line = { bytesPerSecond, laterBytesPerSecond, rttMs: 60, jitterMs: 10 };
    const { bytes, queueMs } = simulate(line, 20_000);
    expect(bytes / 10).toBeGreaterThan(laterBytesPerSecond * 0.65);
    expect(quantile(queueMs.slice(-queueMs.length / 2), 0.95)).toBeLessThan(60);
  });

  it("starts anew after an interruption", () => {
    const pace = new Pace();
    pace.sent(1, 5000, 0);
    pace.interrupted();
    expect(pace.bytesUnderWay).toBe(0);
    expect(pace.readyAt()).toBe(-Infinity);
    pace.acknowledged(1, 60_000);
    expect(pace.roundTripMs).toBeUndefined();
  });
});
