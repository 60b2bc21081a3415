import { type Lsid, parseLsid } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { Attempts } from "../../../../appliance/server/auth/attempts.ts";
import { SessionKeys } from "../../../../appliance/server/relay/session-key.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const lsid: Lsid = parseLsid("0123456789abcdef0123456789abcdef");
const lifetimeMs = 20 * 60_000;

function make({ perAddress = 1000, perSite = 1000 } = {}) {
  const clock = new FakeClock();
  const keys = new SessionKeys(clock, new Attempts({ clock, perAddress, perSite }));
  return { clock, keys };
}

describe("a session key", () => {
  it("works once, as people type it", () => {
    const { clock, keys } = make();
    const key = keys.make(lsid, clock.now() + lifetimeMs);
    expect(key).toMatch(/^[0-9]{7}$/);
    const typed = ` ${key.slice(0, 3)}-${key.slice(3)} `;
    expect(keys.redeem(typed, "a")).toEqual({ ok: true, lsid });
    expect(keys.redeem(typed, "a")).toEqual({ ok: false, code: "key-used" });
  });

  it("expires by the wall clock", () => {
    const { clock, keys } = make();
    const key = keys.make(lsid, clock.now() + lifetimeMs);
    clock.jumpTo(clock.now() + lifetimeMs);
    expect(keys.redeem(key, "a")).toEqual({ ok: false, code: "key-expired" });
  });

  it("does not work when it was withdrawn", () => {
    const { clock, keys } = make();
    const key = keys.make(lsid, clock.now() + lifetimeMs);
    keys.withdraw(key);
    expect(keys.redeem(key, "a")).toMatchObject({ ok: false });
  });

  it("is unlike every other that is waiting", () => {
    const { clock, keys } = make();
    const made = Array.from({ length: 3000 }, () => keys.make(lsid, clock.now() + lifetimeMs));
    expect(new Set(made).size).toBe(3000);
  });

  it.each(["", "123", "12345678", "abcdefg", "1234567; DROP TABLE session"])(
    "is not %j",
    (typed) => {
      expect(make().keys.redeem(typed, "a")).toEqual({ ok: false, code: "key-unknown" });
    },
  );

  it("can be tried as often as the limits allow, per address and at the site", () => {
    const { clock, keys } = make({ perAddress: 5, perSite: 3 });
    const refused = "too-many-attempts";
    const codes = (address: string, times: number) =>
      Array.from({ length: times }, () => {
        const redeemed = keys.redeem("0000000", address);
        return redeemed.ok ? "" : redeemed.code;
      });
    expect(codes("a", 6)).toEqual([...Array<string>(5).fill("key-unknown"), refused]);
    expect(codes("b", 5)).toEqual([...Array<string>(4).fill("key-unknown"), refused]);
    // Somebody else may mistype a key meanwhile.
    expect(codes("c", 3)).toEqual(Array(3).fill("key-unknown"));
    clock.advance(61_000);
    expect(codes("b", 1)).toEqual(["key-unknown"]);
  });

  it("that is right can be used from one address as often as there are keys", () => {
    const { clock, keys } = make({ perAddress: 2, perSite: 2 });
    for (let i = 0; i < 100; i++) {
      const key = keys.make(lsid, clock.now() + lifetimeMs);
      expect(keys.redeem(key, "office")).toEqual({ ok: true, lsid });
    }
  });

  it("is guessed no more easily when there are many", () => {
    const { clock, keys } = make();
    expect(keys.weight).toBe(1);
    for (let i = 0; i < 1000; i++) keys.make(lsid, clock.now() + lifetimeMs);
    expect(keys.weight).toBe(0.1);
  });

  it("is not used up by an attempt over the limit", () => {
    const { clock, keys } = make({ perAddress: 1 });
    const key = keys.make(lsid, clock.now() + lifetimeMs);
    keys.redeem("0000000", "a");
    expect(keys.redeem(key, "a")).toMatchObject({ code: "too-many-attempts" });
    expect(keys.redeem(key, "b")).toEqual({ ok: true, lsid });
  });
});
