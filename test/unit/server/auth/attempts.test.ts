import { describe, expect, it } from "vitest";
import { Attempts, networkOf } from "../../../../appliance/server/auth/attempts.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

function newAttempts(perAddress = 3, perSite = 100) {
  const clock = new FakeClock();
  return { clock, attempts: new Attempts({ clock, perAddress, perSite }) };
}

function takeMany(attempts: Attempts, address: string, times: number): number {
  return Array.from({ length: times }, () => attempts.take(address)).filter(({ ok }) => ok).length;
}

describe("attempts", () => {
  it("are limited for each address apart", () => {
    const { attempts } = newAttempts();
    expect(takeMany(attempts, "192.0.2.1", 10)).toBe(3);
    expect(takeMany(attempts, "192.0.2.2", 10)).toBe(3);
  });

  it("may be made again after the window", () => {
    const { attempts, clock } = newAttempts();
    takeMany(attempts, "192.0.2.1", 3);
    clock.advance(60_001);
    expect(attempts.take("192.0.2.1")).toEqual({ ok: true });
  });

  it("must wait twice as long each time the limit is hit", () => {
    const { attempts, clock } = newAttempts();
    const waits = Array.from({ length: 7 }, () => {
      takeMany(attempts, "192.0.2.1", 3);
      const refused = attempts.take("192.0.2.1");
      if (refused.ok) throw new Error("not refused");
      clock.advance(refused.retryAfterMs + 1);
      return refused.retryAfterMs;
    });
    expect(waits).toEqual([1, 2, 4, 8, 8, 8, 8].map((windows) => windows * 60_000));
  });

  it("are forgiven after a quiet window", () => {
    const { attempts, clock } = newAttempts();
    takeMany(attempts, "192.0.2.1", 4);
    clock.advance(120_001);
    takeMany(attempts, "192.0.2.1", 3);
    expect(attempts.take("192.0.2.1")).toEqual({ ok: false, retryAfterMs: 60_000 });
  });

  it("are limited for all together that are wrong again and again", () => {
    const { attempts, clock } = newAttempts(30, 20);
    const worn = Array.from({ length: 10 }, (_, i) => `192.0.2.${i}`);
    for (const address of worn) expect(takeMany(attempts, address, 3)).toBe(3);
    const taken = worn.map((address) => takeMany(attempts, address, 30));
    expect(taken.reduce((sum, each) => sum + each)).toBe(20);
    clock.advance(60_001);
    expect(attempts.take("192.0.2.1").ok).toBe(true);
  });

  it("of ten addresses that guess without pause do not hold off anybody else", () => {
    const { attempts, clock } = newAttempts(10, 100);
    for (let minute = 0; minute < 60; minute++) {
      for (let i = 0; i < 10; i++) takeMany(attempts, `192.0.2.${i}`, 20);
      expect(attempts.take(`198.51.100.${minute}`).ok).toBe(true);
      clock.advance(60_001);
    }
  });

  it("of new addresses have a limit too, ten times as high", () => {
    const { attempts, clock } = newAttempts(3, 10);
    const taken = Array.from({ length: 200 }, (_, i) => attempts.take(`192.0.2.${i}`));
    expect(taken.filter(({ ok }) => ok)).toHaveLength(100);
    clock.advance(60_001);
    expect(attempts.take("198.51.100.1").ok).toBe(true);
  });

  it("of a /48 count together, however many networks it has", () => {
    const { attempts } = newAttempts(3, 2);
    const taken = Array.from({ length: 200 }, (_, i) => {
      return attempts.take(`2001:db8:1:${i.toString(16)}::1`);
    });
    // A new network each time: 20 in this minute, for they are fresh, and then two.
    expect(taken.filter(({ ok }) => ok)).toHaveLength(20);
    const { attempts: others } = newAttempts(3, 10);
    const wide = Array.from({ length: 200 }, (_, i) => {
      return others.take(`2001:db8:1:${i.toString(16)}::1`);
    });
    expect(wide.filter(({ ok }) => ok)).toHaveLength(48 + 10);
    expect(others.take("2001:db8:2::1").ok).toBe(true);
  });

  it("that were right count for nothing", () => {
    const { attempts } = newAttempts(3, 1);
    for (let i = 0; i < 50; i++) {
      expect(attempts.take("192.0.2.1").ok).toBe(true);
      attempts.forgive("192.0.2.1");
    }
    expect(takeMany(attempts, "192.0.2.1", 10)).toBe(3);
  });

  it("are fewer while a guess is worth more", () => {
    const clock = new FakeClock();
    let weight = 1;
    const limits = { perAddress: 100, perSite: 10, weight: () => weight };
    const attempts = new Attempts({ clock, ...limits });
    weight = 0.1;
    // Three are free, then one in a minute of those who were wrong.
    expect(takeMany(attempts, "192.0.2.1", 100)).toBe(4);
    const fresh = Array.from({ length: 100 }, (_, i) => attempts.take(`198.51.100.${i}`).ok);
    expect(fresh.filter(Boolean)).toHaveLength(10 - 3);
  });

  it("that were wrong are forgotten after a day", () => {
    const { attempts, clock } = newAttempts(30, 1);
    expect(takeMany(attempts, "192.0.2.1", 30)).toBe(4);
    clock.advance(86_400_001 + 60_000);
    expect(takeMany(attempts, "192.0.2.1", 30)).toBe(4);
  });

  it("do not care about the time of day", () => {
    const { attempts, clock } = newAttempts();
    takeMany(attempts, "192.0.2.1", 3);
    clock.jumpTo(clock.now() + 86_400_000);
    expect(attempts.take("192.0.2.1").ok).toBe(false);
  });
});

describe("what counts as one address", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8:1:2::9", "2001:db8:1:2"],
    ["2001:0db8:0001:0002::9", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
  ])("of %s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
