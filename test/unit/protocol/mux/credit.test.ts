import { maxDataBytes, SendWindow, windowBytes } from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const grantedBytes = 64 * 1024 * 1024;

describe("a send window", () => {
  it("starts with 16 KB, or with less when the receiver grants less", () => {
    expect(new SendWindow(grantedBytes).available).toBe(windowBytes.start);
    expect(new SendWindow(100).available).toBe(100);
  });

  it("shuts while what was sent is not consumed, and opens again", () => {
    const window = new SendWindow(100);
    window.sent(100, 0);
    expect(window.available).toBe(0);
    expect(window.consumed(60, 10)).toBe(true);
    expect(window.available).toBe(60);
  });

  it("refuses credit for bytes that were never sent, and ignores old credit", () => {
    const window = new SendWindow(100);
    window.sent(50, 0);
    expect(window.consumed(51, 1)).toBe(false);
    expect(window.consumed(50, 1)).toBe(true);
    expect(window.consumed(20, 1)).toBe(true);
    expect(window.available).toBe(100);
  });

  it("takes four frames at least, none larger than a frame may be and none a sliver", () => {
    const window = new SendWindow(grantedBytes);
    const frame = windowBytes.start / 4;
    expect(window.frameBytes(100)).toBe(100);
    expect(window.frameBytes(grantedBytes)).toBe(frame);
    window.sent(windowBytes.start - frame + 1, 0);
    expect(window.frameBytes(grantedBytes)).toBe(0);
    expect(window.frameBytes(100)).toBe(100);
    const wide = onLine({ kbitPerSecond: 1_000_000, rttMs: 20, forMs: 20_000 }).window;
    expect(wide.frameBytes(grantedBytes)).toBe(maxDataBytes);
  });

  it("gives a sliver when the receiver grants no more", () => {
    expect(new SendWindow(100).frameBytes(5000)).toBe(100);
  });

  it("doubles until its line is full, and grows to its bound on one that never is", () => {
    const { window, delaysMs } = onLine({ kbitPerSecond: 10_000_000, rttMs: 20, forMs: 1000 });
    expect(window.sizeBytes).toBe(windowBytes.max);
    expect(Math.max(...delaysMs)).toBeLessThan(5);
  });

  it.each([
    [1000, 60, 60],
    [500, 300, 120],
    [20_000, 10, 60],
  ])(
    "fills a line of %i kbit/s and %i ms, and queues little in front of it",
    (kbit, rttMs, mostMs) => {
      const { delaysMs, sentBytes } = onLine({ kbitPerSecond: kbit, rttMs, forMs: 50_000 });
      expect(sentBytes).toBeGreaterThan(0.8 * kbit * 125 * 50);
      const settled = delaysMs.slice(delaysMs.length / 2).toSorted((a, b) => a - b);
      expect(settled[Math.floor(settled.length * 0.95)]).toBeLessThan(mostMs);
    },
  );

  it("does not grow while little is sent: that says nothing of the line", () => {
    const window = new SendWindow(grantedBytes);
    for (let key = 1; key <= 1000; key++) {
      window.frameBytes(10);
      window.sent(10, key * 100);
      window.consumed(key * 10, key * 100 + 20);
    }
    expect(window.sizeBytes).toBe(windowBytes.start);
  });

  it("makes nothing of one answer that is late", () => {
    const late = (at: number) => (at > 5000 && at < 5010 ? 300 : 0);
    const calm = onLine({ kbitPerSecond: 1000, rttMs: 60, forMs: 6000 }).sentBytes;
    const once = onLine({ kbitPerSecond: 1000, rttMs: 60, forMs: 6000, late }).sentBytes;
    expect(once).toBeGreaterThan(0.9 * calm);
  });

  it("learns within two minutes that the way has become longer", () => {
    const late = (at: number) => (at > 10_000 ? 200 : 0);
    const { atMs } = onLine({ kbitPerSecond: 8000, rttMs: 20, forMs: 150_000, late });
    const last = atMs.filter((at) => at > 140_000).length;
    const first = atMs.filter((at) => at < 10_000).length;
    expect(last).toBeGreaterThan(first / 2);
  });

  it("never allows more than was granted, nor leaves its bounds, whatever happens", () => {
    const step = fc.record({ bytes: fc.nat(100_000), waitMs: fc.nat(500), credit: fc.nat(100) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const window = new SendWindow(1024 * 1024);
        let [sent, now] = [0, 0];
        for (const { bytes, waitMs, credit } of steps) {
          const take = Math.min(bytes, window.available);
          sent += take;
          window.sent(take, now);
          now += waitMs;
          window.consumed(Math.floor((sent * credit) / 100), now);
          expect(window.available).toBeLessThanOrEqual(1024 * 1024);
          expect(window.available).toBeGreaterThanOrEqual(0);
          expect(window.sizeBytes).toBeGreaterThanOrEqual(windowBytes.min);
          expect(window.sizeBytes).toBeLessThanOrEqual(windowBytes.max);
        }
      }),
    );
  });

  it("stays small when nothing is ever credited", () => {
    const window = new SendWindow(grantedBytes);
    for (let i = 0; i < 10_000; i++) window.sent(1, i);
    expect(window.consumed(10_000, 20_000)).toBe(true);
    expect(window.available).toBeGreaterThan(0);
  });
});

/** A line that carries so much, with an unbounded queue before it. `late`: added to each answer. */
interface Line {
  readonly kbitPerSecond: number;
  readonly rttMs: number;
  readonly forMs: number;
  readonly late?: (at: number) => number;
}

/** A sender that always has something, its frames on the line one after the other. */
function onLine({ kbitPerSecond, rttMs, forMs, late = () => 0 }: Line) {
  const window = new SendWindow(grantedBytes);
  const answers: { at: number; total: number }[] = [];
  const [delaysMs, atMs]: [number[], number[]] = [[], []];
  let [now, freeAt, sentBytes] = [1000, 1000, 0];
  const end = now + forMs;
  while (now < end) {
    for (let bytes = window.frameBytes(1e6); bytes > 0; bytes = window.frameBytes(1e6)) {
      window.sent(bytes, now);
      sentBytes += bytes;
      delaysMs.push(Math.max(0, freeAt - now));
      atMs.push(now - 1000);
      freeAt = Math.max(now, freeAt) + (bytes * 8) / kbitPerSecond;
      answers.push({ at: freeAt + rttMs + late(now - 1000), total: sentBytes });
    }
    const answer = answers.shift();
    if (!answer) break;
    now = Math.max(now, answer.at);
    window.consumed(answer.total, now);
  }
  return { window, delaysMs, atMs, sentBytes };
}
