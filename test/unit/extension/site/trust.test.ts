import { describe, expect, it } from "vitest";
import {
  formatFingerprint,
  judge,
  type Memory,
  Pins,
  UntrustedError,
} from "../../../../extension/site/trust.ts";

const first = "a".repeat(64);
const second = "b".repeat(64);
const origin = "https://support.example.org";

/** VS Code's memento, as far as pins use it. */
function memory(): Memory {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: (key, value) => Promise.resolve(void values.set(key, value)),
  };
}

describe("a certificate", () => {
  it("that an authority vouches for is trusted without a pin", () => {
    expect(judge({ fingerprint: first, isVouchedFor: true }, undefined).outcome).toBe("trusted");
  });

  it("that an authority vouches for is trusted in place of a pinned one", () => {
    expect(judge({ fingerprint: first, isVouchedFor: true }, second).outcome).toBe("trusted");
  });

  it("that nobody vouches for is unknown until it is pinned", async () => {
    const pins = new Pins(memory());
    const shown = { fingerprint: first, isVouchedFor: false };
    expect(() => pins.check(origin, shown)).toThrow(UntrustedError);
    await pins.pin(origin, first.toUpperCase());
    expect(() => pins.check(origin, shown)).not.toThrow();
  });

  it("that is not the pinned one is refused with both fingerprints", () => {
    expect(judge({ fingerprint: second, isVouchedFor: false }, first)).toEqual({
      outcome: "changed",
      shown: second,
      pinned: first,
    });
  });

  it("pinned for one site says nothing about another", async () => {
    const pins = new Pins(memory());
    await pins.pin(origin, first);
    const shown = { fingerprint: first, isVouchedFor: false };
    expect(() => pins.check("https://other.example.org", shown)).toThrow(/unknown/);
  });

  it("is unknown again once its site was forgotten", async () => {
    const pins = new Pins(memory());
    await pins.pin(origin, first);
    await pins.forget(origin);
    expect(pins.of(origin)).toBeUndefined();
  });
});

it("a fingerprint is shown in pairs, eight to a line", () => {
  const lines = formatFingerprint(first).split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe("AA:AA:AA:AA:AA:AA:AA:AA");
});
