import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { OneTimePasswords } from "../../../../appliance/server/auth/one-time-password.ts";
import { isPassword } from "../../../../appliance/server/auth/password.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import {
  goodPassword,
  newIdentities,
  setUpAnn,
  type TestIdentities,
} from "../../../support/identities.ts";

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
    const codes = results.map((result) => (result.ok ? "ok" : result.code));
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
    expect(results.map((result) => (result.ok ? "ok" : result.code))).toEqual([
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
