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
    const shown = { fingerprint: first, publicKey: "key", isVouchedFor: false };
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
    const shown = { fingerprint: first, publicKey: "key", isVouchedFor: false };
    expect(() => pins.check("https://other.example.org", shown)).toThrow(/unknown/);
  });

  it("may be renewed with the key of the pinned one, and with no other", async () => {
    const pins = new Pins(memory());
    await pins.pin(origin, first);
    const renewed = { fingerprint: second, publicKey: "key", isVouchedFor: false };
    // The key is known once the pinned certificate has been seen.
    expect(() => pins.check(origin, renewed)).toThrow(/changed/);
    pins.check(origin, { ...renewed, fingerprint: first });
    expect(() => pins.check(origin, { ...renewed, publicKey: "other" })).toThrow(/changed/);
    expect(() => pins.check(origin, renewed)).not.toThrow();
    expect(pins.of(origin)).toBe(second);
    await pins.pin(origin, first);
    expect(() => pins.check(origin, renewed)).toThrow(/changed/);
  });

  it("that an authority vouches for does not make its key a pinned one", async () => {
    const pins = new Pins(memory());
    await pins.pin(origin, first);
    pins.check(origin, { fingerprint: second, publicKey: "its key", isVouchedFor: true });
    const later = { fingerprint: "c".repeat(64), publicKey: "its key", isVouchedFor: false };
    expect(() => pins.check(origin, later)).toThrow(/changed/);
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
