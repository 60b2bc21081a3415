import { describe, expect, it } from "vitest";
import {
  backOffMs,
  isKeyKept,
  freeAt,
  maxTriesADay,
  recentTries,
  renewalAt,
} from "../../../../../appliance/server/certificate/acme/due.ts";

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.UTC(2030, 0, 10);

describe("a renewal", () => {
  it("is due at two thirds of the certificate's life, or a little earlier", () => {
    const life = { validFrom: now, validTo: now + 90 * day };
    expect(renewalAt(life, 0)).toBe(now + 60 * day);
    expect(renewalAt(life, 1)).toBe(now + 57 * day);
  });

  it("waits longer after each failure, a day at most", () => {
    const hours = [1, 2, 3, 4, 5, 6, 20].map((failures) => backOffMs(failures, 0) / hour);
    expect(hours).toEqual([1, 2, 4, 8, 16, 24, 24]);
    expect(backOffMs(1, 1)).toBe(Math.round(1.1 * hour));
  });
});

describe("the key", () => {
  it("stays for 52 days, unless nobody knows how old it is", () => {
    expect(isKeyKept(now - 52 * day + 1, now)).toBe(true);
    expect(isKeyKept(now - 52 * day, now)).toBe(false);
    expect([undefined, now + 1].map((at) => isKeyKept(at, now))).toEqual([false, false]);
  });
});

describe("the tries of a day", () => {
  const many = Array.from({ length: maxTriesADay }, (_each, i) => now - day + (i + 1) * hour);

  it("are so many, and then none until the first is a day ago", () => {
    expect(freeAt([], now)).toBe(now);
    expect(freeAt(many.slice(1), now)).toBe(now);
    expect(freeAt(many, now)).toBe(now + hour);
    expect(freeAt(many, now + hour)).toBe(now + hour);
  });

  it("are those of the last 24 hours, whatever a clock has said before it was set back", () => {
    expect(recentTries([now - day, now - 1, now, now + day], now)).toEqual([now - 1, now]);
  });
});
