import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OneTimePasswords } from "../../../../appliance/server/auth/one-time-password.ts";
import { isPassword } from "../../../../appliance/server/auth/password.ts";
import { Refusals } from "../../../../appliance/server/auth/refusals.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import {
  goodPassword,
  newIdentities,
  setUpAnn,
  type TestIdentities,
} from "../../../support/identities.ts";
import { poll } from "../../../support/poll.ts";

let site: TestIdentities;
beforeEach(() => void (site = newIdentities()));
afterEach(() => site[Symbol.dispose]());

function check(password: string, { name = "ann", address = "192.0.2.1" } = {}) {
  return site.signIn.check({ name, password, address });
}

async function failTimes(times: number, who: { name?: string; address?: string } = {}) {
  for (let i = 0; i < times; i++) await check("wrong password", who);
}

function auditEvents(): string[] {
  return site.audit.page({ limit: 100 }).map(({ event }) => event);
}

describe("sign-in", () => {
  it("takes the right name and password, whatever the case of the name", async () => {
    const id = await setUpAnn(site);
    const result = await check(goodPassword, { name: "ANN" });
    expect(result).toMatchObject({ ok: true, account: { id, name: "ann", role: "administrator" } });
    expect(auditEvents()[0]).toBe("sign-in.succeeded");
  });

  it("answers a wrong password and an unknown name alike", async () => {
    await setUpAnn(site);
    const refused = { ok: false, code: "password-wrong" };
    expect(await check("wrong password")).toEqual(refused);
    expect(await check(goodPassword, { name: "nobody" })).toEqual(refused);
  });

  it("does the same work for an unknown name", async () => {
    expect(await isPassword("x", undefined)).toBe(false);
    const times: number[] = [];
    await setUpAnn(site);
    for (const name of ["ann", "nobody", "ann", "nobody", "ann", "nobody"]) {
      const startMs = performance.now();
      await check("wrong password", { name, address: `192.0.2.${times.length}` });
      times.push(performance.now() - startMs);
    }
    const known = Math.min(...times.filter((_, i) => i % 2 === 0));
    const unknown = Math.min(...times.filter((_, i) => i % 2 === 1));
    expect(unknown / known).toBeGreaterThan(0.4);
    expect(unknown / known).toBeLessThan(2.5);
  });

  it("never writes down a name that nobody has: it may be a password", async () => {
    await check("x", { name: "my secret password" });
    expect(JSON.stringify(site.audit.page({ limit: 10 }))).not.toContain("my secret");
  });

  it("locks a name for an address after five failures, also for the right password", async () => {
    await setUpAnn(site);
    await failTimes(5);
    expect(await check(goodPassword)).toMatchObject({
      ok: false,
      code: "too-many-attempts",
      retryAfterMs: 30_000,
    });
    expect(await check(goodPassword, { address: "192.0.2.2" })).toMatchObject({ ok: true });
  });

  it("locks twice as long after each further failure", async () => {
    await setUpAnn(site);
    await failTimes(5);
    site.clock.advance(30_001);
    await failTimes(1);
    const result = await check(goodPassword);
    expect(result).toMatchObject({ ok: false, retryAfterMs: 60_000 });
    site.clock.advance(60_001);
    expect(await check(goodPassword)).toMatchObject({ ok: true });
  });

  it("locks a name for everybody after twenty failures from many addresses", async () => {
    await setUpAnn(site);
    for (let i = 0; i < 5; i++) await failTimes(4, { address: `198.51.100.${i}` });
    expect(await check(goodPassword)).toMatchObject({ ok: false, code: "too-many-attempts" });
  });

  it("counts guesses that are made at the same time", async () => {
    await setUpAnn(site);
    const results = await Promise.all(Array.from({ length: 12 }, () => check("wrong password")));
    const codes = results.map((result) => ("code" in result ? result.code : "ok"));
    expect(codes.filter((code) => code === "password-wrong")).toHaveLength(5);
  });

  it("does not forgive failures when the wall clock is set", async () => {
    await setUpAnn(site);
    await failTimes(5);
    site.clock.jumpTo(site.clock.now() - 86_400_000);
    const refused = await check(goodPassword);
    expect(refused).toMatchObject({ ok: false, code: "too-many-attempts" });
    // Nor does it make the lock last for a day.
    site.clock.advance(15 * 60_000 + 1);
    expect(await check(goodPassword)).toMatchObject({ ok: true });
  });

  it("limits attempts from one address, whatever the names", async () => {
    using strict = newIdentities({ signInAttemptsPerAddress: 3 });
    const guess = (i: number) =>
      strict.signIn.check({ name: `name${i}`, password: "x", address: "192.0.2.1" });
    const results = await Promise.all([0, 1, 2, 3].map(guess));
    expect(results.map((result) => ("code" in result ? result.code : "ok"))).toEqual([
      "password-wrong",
      "password-wrong",
      "password-wrong",
      "too-many-attempts",
    ]);
  });

  it("refuses a disabled account, but only to who has the password", async () => {
    const ann = await setUpAnn(site);
    const author = { id: ann, name: "ann" };
    const bob = { name: "bob", displayName: "Bob", role: "representative", password: goodPassword };
    const id = await site.accounts.add({ ...bob, role: "representative" }, author);
    await site.accounts.change(id, { disabled: true }, author);
    expect(await check(goodPassword, { name: "bob" })).toMatchObject({ code: "account-disabled" });
    expect(await check("wrong", { name: "bob" })).toMatchObject({ code: "password-wrong" });
  });
});

describe("refused sign-ins in the audit log", () => {
  const refused = () =>
    site.audit
      .page({ limit: 2000 })
      .filter(({ event }) => event.startsWith("sign-in.refused"))
      .toReversed();
  /** Guesses faster than any lock lets anybody, as those do who have many names. */
  const note = (address: string, code = "password-wrong") =>
    site.refusals.note({ who: "unknown", whoId: undefined, address, code });
  const spanMs = 15 * 60_000;

  it("have a row for the first, and one for all that follow in a quarter of an hour", async () => {
    const id = await setUpAnn(site);
    await check("wrong password");
    const [firstAt, lastAt] = [site.clock.now() + 1000, site.clock.now() + 3000];
    for (let i = 0; i < 3; i++) {
      site.clock.advance(1000);
      await check("wrong password");
    }
    expect(refused()).toHaveLength(1);
    site.clock.advance(spanMs + 60_000);
    const rows = await poll("they are written down", () => refused().length === 2 && refused());
    const told = { address: "192.0.2.1", code: "password-wrong" };
    expect(rows).toMatchObject([
      { event: "sign-in.refused", who: "ann", whoId: id, detail: told },
      {
        event: "sign-in.refused-again",
        who: "ann",
        whoId: id,
        detail: { ...told, times: 3, firstAt, lastAt },
      },
    ]);
    await check("wrong password");
    expect(refused().map(({ event }) => event)).toHaveLength(3);
  });

  it("are told before whoever failed comes in after all", async () => {
    await setUpAnn(site);
    await failTimes(3);
    await check(goodPassword);
    const events = auditEvents().slice(0, 3);
    expect(events).toEqual(["sign-in.succeeded", "sign-in.refused-again", "sign-in.refused"]);
  });

  it("do not grow with the guesses, nor with the addresses that they come from", async () => {
    await Promise.all(Array.from({ length: 1000 }, () => note("192.0.2.1")));
    expect(refused()).toHaveLength(1);
    const addresses = Array.from({ length: 1000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    await Promise.all(addresses.map((address) => note(address)));
    await Promise.all(addresses.map((address) => note(address)));
    expect(refused().length).toBeLessThan(205);
    site.clock.advance(spanMs + 60_000);
    const all = await poll("they are written down", () => {
      const again = refused().filter(({ event }) => event === "sign-in.refused-again");
      return again.length > 200 && again;
    });
    const times = all.reduce((sum, { detail }) => sum + Number(detail.times), 0);
    const rows = refused();
    expect(rows.length).toBeLessThan(410);
    // Each was either written by itself or counted.
    expect(times + rows.length - all.length).toBe(3000);
    expect(all.some(({ detail }) => detail.address === undefined)).toBe(true);
  });

  it("are counted on over a restart", async () => {
    for (let i = 0; i < 4; i++) await note("192.0.2.1");
    site.refusals[Symbol.dispose]();
    const { audit, clock, store } = site;
    using next = new Refusals({ values: applianceValues(store), audit, clock });
    await next.note({
      who: "unknown",
      whoId: undefined,
      address: "192.0.2.1",
      code: "password-wrong",
    });
    expect(refused()).toHaveLength(1);
    site.clock.advance(spanMs + 60_000);
    const last = await poll("it is written down", () => refused().at(1));
    expect(last.detail).toMatchObject({ address: "192.0.2.1", times: 4 });
    expect(applianceValues(store).list("refused-sign-in:")).toEqual([]);
  });

  it("count an IPv6 /64 as one address", async () => {
    await note("2001:db8::1");
    await note("2001:db8::2");
    await note("2001:db8:0:1::1");
    expect(refused()).toHaveLength(2);
  });
});

describe("a one-time password", () => {
  const make = (id: Awaited<ReturnType<typeof setUpAnn>>) =>
    new OneTimePasswords(applianceValues(site.store), site.clock).make(id);

  it("is taken once, even when two come with it together", async () => {
    const password = make(await setUpAnn(site));
    const results = await Promise.allSettled([check(password), check(password)]);
    const isIn = (each: (typeof results)[number]) => each.status === "fulfilled" && each.value.ok;
    expect(results.filter(isIn)).toHaveLength(1);
    expect(await check(password)).toMatchObject({ code: "password-wrong" });
    expect(await check(goodPassword)).toMatchObject({ ok: true });
  });

  it("is good for an hour, and not for years when the clock is set back", async () => {
    const id = await setUpAnn(site);
    const late = make(id);
    site.clock.advance(3_600_000);
    expect(await check(late)).toMatchObject({ code: "password-wrong" });
    const early = make(id);
    site.clock.jumpTo(site.clock.now() - 2 * 3_600_000);
    expect(await check(early)).toMatchObject({ code: "password-wrong" });
  });

  it("is nobody else's, and void when a newer one was made", async () => {
    const id = await setUpAnn(site);
    const author = { id, name: "ann" };
    const bob = { name: "bob", displayName: "Bob", password: goodPassword } as const;
    await site.accounts.add({ ...bob, role: "representative" }, author);
    const [older, newer] = [make(id), make(id)];
    expect(await check(newer, { name: "bob" })).toMatchObject({ code: "password-wrong" });
    expect(await check(older)).toMatchObject({ code: "password-wrong" });
    expect(await check(newer)).toMatchObject({ ok: true });
  });
});
