import { SendWindow, windowBytes } from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const grantedBytes = 64 * 1024 * 1024;

describe("a send window", () => {
  it("starts with 64 KB, or with less when the receiver grants less", () => {
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

  it("grows on a line that does not queue, up to its bound", () => {
    expect(after({ rounds: 2000, rttMs: () => 20 }).sizeBytes).toBe(windowBytes.max);
  });

  it("shrinks on a line that queues for more than 25 ms, down to its bound", () => {
    const rttMs = (round: number) => (round === 0 ? 20 : 50);
    const gentle = after({ rounds: 4, rttMs });
    expect(gentle.sizeBytes).toBeLessThan(windowBytes.start);
    expect(after({ rounds: 200, rttMs }).sizeBytes).toBe(windowBytes.min);
  });

  it("shrinks faster above 50 ms", () => {
    const slow = after({ rounds: 3, rttMs: (round) => (round === 0 ? 20 : 60) });
    const verySlow = after({ rounds: 3, rttMs: (round) => (round === 0 ? 20 : 200) });
    expect(verySlow.sizeBytes).toBeLessThan(slow.sizeBytes);
  });

  it("changes at most once in a round trip, however many credits come", () => {
    const window = new SendWindow(grantedBytes);
    for (let i = 1; i <= 10; i++) window.sent(100, 1000);
    for (let i = 1; i <= 10; i++) window.consumed(i * 100, 1100);
    expect(window.sizeBytes).toBe(windowBytes.start + 8 * 1024);
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

function after({ rounds, rttMs }: { rounds: number; rttMs: (round: number) => number }) {
  const window = new SendWindow(grantedBytes);
  let [sent, now] = [0, 1000];
  for (let round = 0; round < rounds; round++) {
    window.sent(1000, now);
    sent += 1000;
    now += rttMs(round);
    window.consumed(sent, now);
  }
  return window;
}
