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
    const { clock, keys } = make({ perAddress: 3, perSite: 5 });
    const codes = (address: string, times: number) =>
      Array.from({ length: times }, () => {
        const redeemed = keys.redeem("0000000", address);
        return redeemed.ok ? "" : redeemed.code;
      });
    expect(codes("a", 4)).toEqual([...Array<string>(3).fill("key-unknown"), "too-many-attempts"]);
    expect(codes("b", 3)).toEqual(["key-unknown", "key-unknown", "too-many-attempts"]);
    clock.advance(61_000);
    expect(codes("b", 1)).toEqual(["key-unknown"]);
  });

  it("is not used up by an attempt over the limit", () => {
    const { clock, keys } = make({ perAddress: 1 });
    const key = keys.make(lsid, clock.now() + lifetimeMs);
    keys.redeem("0000000", "a");
    expect(keys.redeem(key, "a")).toMatchObject({ code: "too-many-attempts" });
    expect(keys.redeem(key, "b")).toEqual({ ok: true, lsid });
  });
});
