import type { RepresentativeId } from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SignInRefused } from "../../../../appliance/server/auth/sign-in.ts";
import {
  goodPassword,
  newIdentities,
  setUpAnn,
  type TestIdentities,
} from "../../../support/identities.ts";
import { totpCode, wrongTotpCode } from "../../../support/totp.ts";

const stepMs = 30_000;

let site: TestIdentities;
let id: RepresentativeId;
const ann = () => ({ id, name: "ann", role: "administrator" as const });

beforeEach(async () => {
  site = newIdentities({ signInAttemptsPerAddress: 1000 });
  id = await setUpAnn(site);
});
afterEach(() => site[Symbol.dispose]());

/** Turns Ann's factor on. Gives what her device and her drawer hold. */
async function turnOn() {
  const { secret } = site.secondFactors.offer(ann());
  const recoveryCodes = await site.secondFactors.turnOn(ann(), code(secret));
  site.clock.advance(stepMs);
  return { secret, recoveryCodes };
}

function code(secret: string, steps = 0): string {
  return totpCode(secret, site.clock.now() + steps * stepMs);
}

function checkPassword(password = goodPassword, address = "192.0.2.1") {
  return site.signIn.check({ name: "ann", password, address });
}

/** The right password; gives the ticket for the second step. */
async function ticketFor(address?: string): Promise<string> {
  const result = await checkPassword(goodPassword, address);
  if (result.ok || !("ticket" in result)) throw new Error("no second step was asked for");
  return result.ticket;
}

function give(ticket: string, typed: string, address = "192.0.2.1") {
  return site.signIn.checkCode({ ticket, code: typed, address });
}

const wrong: SignInRefused = { ok: false, code: "password-wrong" };
const events = () => site.audit.page({ limit: 100 }).map(({ event }) => event);

describe("a second factor", () => {
  it("counts only after a first right code", async () => {
    const { secret } = site.secondFactors.offer(ann());
    const typed = wrongTotpCode(secret, site.clock.now());
    await expect(site.secondFactors.turnOn(ann(), typed)).rejects.toMatchObject({ field: "code" });
    expect(await checkPassword()).toMatchObject({ ok: true });
    await site.secondFactors.turnOn(ann(), code(secret));
    expect(await checkPassword()).toMatchObject({ ok: false, step: "code" });
  });

  it("waits half an hour for its first code", async () => {
    const { secret } = site.secondFactors.offer(ann());
    site.clock.advance(31 * 60_000);
    const late = site.secondFactors.turnOn(ann(), code(secret));
    await expect(late).rejects.toMatchObject({ code: "conflict" });
  });

  it("lets in with a code, and nothing before is a sign-in", async () => {
    const { secret } = await turnOn();
    const ticket = await ticketFor();
    expect(events()).not.toContain("sign-in.succeeded");
    expect(await give(ticket, code(secret))).toMatchObject({ ok: true, account: { id } });
    expect(events()[0]).toBe("sign-in.succeeded");
    expect(await give(ticket, code(secret, 1))).toMatchObject({ code: "not-authenticated" });
  });

  it("takes each code once, and none that is older than the last", async () => {
    const { secret } = await turnOn();
    const used = code(secret);
    expect(await give(await ticketFor(), used)).toMatchObject({ ok: true });
    expect(await give(await ticketFor(), used)).toEqual(wrong);
    expect(await give(await ticketFor(), code(secret, -1))).toEqual(wrong);
    expect(await give(await ticketFor(), code(secret, 1))).toMatchObject({ ok: true });
  });

  it("takes a code once also of two who come at the same time", async () => {
    const { secret } = await turnOn();
    const tickets = [await ticketFor(), await ticketFor()];
    const results = await Promise.allSettled(tickets.map((ticket) => give(ticket, code(secret))));
    const isIn = results.map(({ status, ...rest }) =>
      status === "fulfilled" && "value" in rest ? rest.value.ok : false,
    );
    expect(isIn.filter(Boolean)).toHaveLength(1);
  });

  it("gives ten recovery codes, each good once, typed as one likes", async () => {
    const { recoveryCodes } = await turnOn();
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = "", second = ""] = recoveryCodes;
    const typed = ` ${first.toLowerCase().replaceAll("-", " ")} `;
    expect(await give(await ticketFor(), typed)).toMatchObject({ ok: true });
    expect(await give(await ticketFor(), first)).toEqual(wrong);
    expect(site.secondFactors.state(ann()).recoveryCodesLeft).toBe(9);
    const used = site.audit.page({ limit: 100 }).find(({ event }) => event.includes("recovery"));
    expect(used?.detail).toEqual({ left: 9 });
    const renewed = await site.secondFactors.renewRecoveryCodes(ann());
    expect(await give(await ticketFor(), second)).toEqual(wrong);
    expect(await give(await ticketFor(), renewed[0] ?? "")).toMatchObject({ ok: true });
  });

  it("is in no list and no row of the audit log", async () => {
    const { secret, recoveryCodes } = await turnOn();
    const shown = JSON.stringify([
      await site.accounts.list(),
      site.secondFactors.state(ann()),
      site.audit.page({ limit: 100 }),
    ]);
    for (const kept of [secret, secret.replaceAll(" ", ""), ...recoveryCodes]) {
      expect(shown).not.toContain(kept);
    }
  });
});

describe("the second step", () => {
  it("ends after five minutes", async () => {
    const { secret } = await turnOn();
    const ticket = await ticketFor();
    site.clock.advance(5 * 60_000);
    expect(await give(ticket, code(secret))).toMatchObject({ code: "not-authenticated" });
  });

  it("locks the name like wrong passwords, and the right password forgives nothing", async () => {
    const { secret } = await turnOn();
    const bad = wrongTotpCode(secret, site.clock.now());
    for (let i = 0; i < 5; i++) expect(await give(await ticketFor(), bad)).toEqual(wrong);
    expect(await checkPassword()).toMatchObject({
      code: "too-many-attempts",
      retryAfterMs: stepMs,
    });
    site.clock.advance(stepMs + 1);
    expect(await give(await ticketFor(), code(secret))).toMatchObject({ ok: true });
    expect(events()).toContain("sign-in.refused");
  });

  it("adds wrong codes to wrong passwords", async () => {
    const { secret } = await turnOn();
    const bad = wrongTotpCode(secret, site.clock.now());
    for (let i = 0; i < 4; i++) await checkPassword("wrong password");
    expect(await give(await ticketFor(), bad)).toEqual(wrong);
    expect(await checkPassword()).toMatchObject({ code: "too-many-attempts" });
  });

  it("counts no right password as a failure, however often it is given", async () => {
    await turnOn();
    for (let i = 0; i < 12; i++) await ticketFor();
    expect(await checkPassword()).toMatchObject({ step: "code" });
  });

  it("asks for the password anew after five wrong codes", async () => {
    const { secret } = await turnOn();
    const ticket = await ticketFor();
    const bad = wrongTotpCode(secret, site.clock.now());
    for (let i = 0; i < 5; i++) await give(ticket, bad, `198.51.100.${i}`);
    const late = await give(ticket, code(secret), "198.51.100.9");
    expect(late).toMatchObject({ code: "not-authenticated" });
  });

  it("is over when the account is signed out everywhere or disabled meanwhile", async () => {
    const { secret } = await turnOn();
    const author = ann();
    const ticket = await ticketFor();
    await site.accounts.revoke(id, author);
    expect(await give(ticket, code(secret))).toMatchObject({ code: "not-authenticated" });
  });

  it("is asked for before the factor is changed, with the password", async () => {
    const { secret } = await turnOn();
    const confirm = (password: string, typed: string) =>
      site.signIn.confirm(ann(), { password, code: typed, address: "192.0.2.1" });
    expect(await confirm("wrong password", code(secret))).toEqual(wrong);
    const bad = wrongTotpCode(secret, site.clock.now());
    expect(await confirm(goodPassword, bad)).toEqual(wrong);
    expect(await confirm(goodPassword, code(secret))).toBeUndefined();
    await site.secondFactors.turnOff(ann());
    expect(await checkPassword()).toMatchObject({ ok: true });
    expect(events()).toContain("second-factor.turned-off");
  });
});

describe("a site that asks for second factors", () => {
  it("asks who lacks one to set it up, and lets nobody do anything else", async () => {
    const browser = site.browserSessions.start(id);
    const grant = await site.grants.issue({ representative: id, kind: "browser" });
    if (!grant.ok) throw new Error("no tokens");
    await site.secondFactorRule.change("administrators", ann());
    expect(await site.browserSessions.find(browser)).toBeUndefined();
    const refused = { ok: false, code: "not-authenticated" };
    expect(await site.grants.refresh(grant.refreshToken)).toMatchObject(refused);
    const again = await site.grants.issue({ representative: id, kind: "console-credential" });
    expect(again).toMatchObject(refused);

    const result = await checkPassword();
    expect(result).toMatchObject({ ok: false, step: "set-up" });
    const ticket = !result.ok && "ticket" in result ? result.ticket : "";
    const early = await site.signIn.finishSetUp(ticket, "192.0.2.1");
    expect(early).toMatchObject({ code: "not-authenticated" });
    const { secret } = site.secondFactors.offer(ann());
    await site.secondFactors.turnOn(ann(), code(secret));
    expect(await site.signIn.finishSetUp(ticket, "192.0.2.1")).toMatchObject({ ok: true });
    expect(await site.browserSessions.find(browser)).toMatchObject({ account: { id } });
    // The token that was refused before is good still: it was not used.
    expect(await site.grants.refresh(grant.refreshToken)).toMatchObject({ ok: true });
  });

  it("asks administrators alone, or everyone, and keeps the factor from being turned off", async () => {
    const bob = { ...ann(), role: "representative" as const };
    expect(site.secondFactorRule.holdsFor(ann())).toBe(false);
    await site.secondFactorRule.change("administrators", ann());
    expect([ann(), bob].map((each) => site.secondFactorRule.holdsFor(each))).toEqual([true, false]);
    await site.secondFactorRule.change("everyone", ann());
    expect(site.secondFactorRule.holdsFor(bob)).toBe(true);
    await turnOn();
    const off = site.secondFactors.turnOff(ann());
    await expect(off).rejects.toMatchObject({ code: "not-permitted" });
    const changed = site.audit.page({ limit: 100 }).find(({ event }) => event.includes("rule"));
    expect(changed?.detail).toEqual({ scopeBefore: "administrators", scope: "everyone" });
  });
});
