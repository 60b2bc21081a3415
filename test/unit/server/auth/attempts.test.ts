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

  it("are limited for the site, from however many addresses", () => {
    const { attempts, clock } = newAttempts(3, 10);
    const taken = Array.from({ length: 20 }, (_, i) => attempts.take(`192.0.2.${i}`));
    expect(taken.filter(({ ok }) => ok)).toHaveLength(10);
    clock.advance(60_001);
    expect(attempts.take("192.0.2.99").ok).toBe(true);
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
