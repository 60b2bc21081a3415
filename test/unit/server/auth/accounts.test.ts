import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import type { RepresentativeId } from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  goodPassword,
  newIdentities,
  setUpAnn,
  type TestIdentities,
} from "../../../support/identities.ts";

let site: TestIdentities;
beforeEach(() => void (site = newIdentities()));
afterEach(() => site[Symbol.dispose]());

function addBob(ann: RepresentativeId) {
  const bob = { name: "bob", displayName: "Bob", role: "representative" } as const;
  return site.accounts.add({ ...bob, password: goodPassword }, { id: ann, name: "ann" });
}

describe("the set-up", () => {
  it("takes the code once, from a file that only the appliance reads", async () => {
    expect(readFileSync(site.setUpCode.file, "utf8").trim()).toBe(site.code);
    expect(statSync(site.setUpCode.file).mode & 0o777).toBe(0o600);
    await setUpAnn(site);
    expect(site.accounts.needsSetUp).toBe(false);
    expect(existsSync(site.setUpCode.file)).toBe(false);
    await expect(setUpAnn(site)).rejects.toMatchObject({ code: "conflict" });
  });

  it("takes the code without its dashes and in small letters", async () => {
    const code = site.code.replaceAll("-", "").toLowerCase();
    const ann = { name: "ann", displayName: "Ann", password: goodPassword };
    await expect(site.accounts.setUp(code, ann)).resolves.toMatch(/^[0-9a-f]{32}$/);
  });

  it("refuses another code, and one that was replaced", async () => {
    const ann = { name: "ann", displayName: "Ann", password: goodPassword };
    const refused = { code: "not-permitted", field: "code" };
    await expect(site.accounts.setUp("BCDF-BCDF-BCDF-BCDF", ann)).rejects.toMatchObject(refused);
    site.setUpCode.renew();
    await expect(site.accounts.setUp(site.code, ann)).rejects.toMatchObject(refused);
  });

  it("makes one administrator even when two come at once", async () => {
    const both = await Promise.allSettled(
      ["ann", "eve"].map((name) =>
        site.accounts.setUp(site.code, { name, displayName: name, password: goodPassword }),
      ),
    );
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await site.accounts.list()).toHaveLength(1);
  });

  it.each(["short", "aaaaaaaaaaaaaaaa", "my name is ann!!", "x".repeat(257)])(
    "refuses the password %s",
    async (password) => {
      const ann = { name: "ann", displayName: "Ann", password };
      const refused = { code: "bad-request", field: "password" };
      await expect(site.accounts.setUp(site.code, ann)).rejects.toMatchObject(refused);
    },
  );
});

describe("an account", () => {
  it("has a name of its own, whatever the case", async () => {
    const ann = await setUpAnn(site);
    const author = { id: ann, name: "ann" };
    const again = { name: "ANN", displayName: "x", role: "representative" } as const;
    await expect(
      site.accounts.add({ ...again, password: goodPassword }, author),
    ).rejects.toMatchObject({ code: "conflict", field: "name" });
  });

  it("that is disabled loses all it has open", async () => {
    const ann = await setUpAnn(site);
    const bob = await addBob(ann);
    const tokens = await site.grants.issue({ representative: bob, kind: "browser" });
    if (!tokens.ok) throw new Error(tokens.message);
    const cookie = site.browserSessions.start(bob);
    await site.accounts.change(bob, { disabled: true }, { id: ann, name: "ann" });
    expect(await site.grants.authenticate(tokens.accessToken)).toBeUndefined();
    expect(await site.grants.refresh(tokens.refreshToken)).toMatchObject({ ok: false });
    expect(await site.browserSessions.find(cookie)).toBeUndefined();
    expect(site.cut).toEqual([bob]);
  });

  it("that is signed out everywhere leaves no code behind that could still be exchanged", async () => {
    const ann = await setUpAnn(site);
    const bob = await addBob(ann);
    const { deviceCode, userCode } = site.deviceCodes.start();
    expect(site.deviceCodes.decide(userCode, true, bob)).toBe(true);
    const verifier = "v".repeat(43);
    const codeChallenge = createHash("sha256").update(verifier).digest("base64url");
    const redirectUri = "vscode://handrail.handrail/auth";
    const code = site.codes.make({ redirectUri, codeChallenge, state: undefined }, bob);
    await site.accounts.revoke(bob, { id: ann, name: "ann" });
    expect(await site.deviceCodes.poll(deviceCode)).toMatchObject({ ok: false });
    const exchange = { code, redirectUri, verifier };
    expect(await site.codes.exchange(exchange)).toMatchObject({ ok: false });
  });

  it("that is enabled again must sign in anew", async () => {
    const ann = await setUpAnn(site);
    const author = { id: ann, name: "ann" };
    const bob = await addBob(ann);
    const tokens = await site.grants.issue({ representative: bob, kind: "browser" });
    await site.accounts.change(bob, { disabled: true }, author);
    await site.accounts.change(bob, { disabled: false }, author);
    if (!tokens.ok) throw new Error(tokens.message);
    expect(await site.grants.authenticate(tokens.accessToken)).toBeUndefined();
    const signIn = { name: "bob", password: goodPassword, address: "192.0.2.1" };
    expect(await site.signIn.check(signIn)).toMatchObject({ ok: true });
  });

  it("gets a new password, and the old one is worth nothing", async () => {
    const ann = await setUpAnn(site);
    const bob = await addBob(ann);
    await site.accounts.resetPassword(bob, "another good long one", { id: ann, name: "ann" });
    const signIn = { name: "bob", address: "192.0.2.1" };
    expect(await site.signIn.check({ ...signIn, password: goodPassword })).toMatchObject({
      ok: false,
    });
    expect(await site.signIn.check({ ...signIn, password: "another good long one" })).toMatchObject(
      { ok: true },
    );
    expect(site.cut).toEqual([bob]);
  });

  it("of the last administrator stays an enabled administrator's", async () => {
    const ann = await setUpAnn(site);
    const author = { id: ann, name: "ann" };
    await addBob(ann);
    for (const change of [{ disabled: true }, { role: "representative" } as const]) {
      await expect(site.accounts.change(ann, change, author)).rejects.toMatchObject({
        code: "conflict",
      });
    }
    expect((await site.accounts.list())[0]).toMatchObject({ role: "administrator" });
  });

  it("that does not exist is not found", async () => {
    const ann = await setUpAnn(site);
    const author = { id: ann, name: "ann" };
    const none = "0".repeat(32);
    const refused = { code: "not-found" };
    await expect(site.accounts.change(none, {}, author)).rejects.toMatchObject(refused);
    await expect(site.accounts.revoke(none, author)).rejects.toMatchObject(refused);
  });

  it("changes with an audit row of old and new value", async () => {
    const ann = await setUpAnn(site);
    const bob = await addBob(ann);
    const rules = { control: { setting: "deny" } } as const;
    await site.accounts.change(bob, { displayName: "Robert", rules }, { id: ann, name: "ann" });
    expect(site.audit.page({ limit: 1 })[0]).toMatchObject({
      event: "account.changed",
      who: "ann",
      detail: {
        account: "bob",
        displayNameBefore: "Bob",
        displayName: "Robert",
        rulesBefore: "{}",
        rules: '{"control":{"setting":"deny"}}',
      },
    });
    expect(site.audit.verify()).toMatchObject({ intact: true });
  });

  it("does not change when the change cannot be audited", async () => {
    const ann = await setUpAnn(site);
    const bob = await addBob(ann);
    const pages = Number(site.store.raw.prepare("PRAGMA page_count").get()?.page_count);
    site.store.raw.exec(`PRAGMA max_page_count = ${pages}`);
    const author = { id: ann, name: "ann" };
    let stored = "Bob";
    let refusal: unknown;
    for (let i = 0; i < 300 && refusal === undefined; i++) {
      const displayName = `${i}`.padEnd(100, "x");
      refusal = await site.accounts.change(bob, { displayName }, author).then(
        () => void (stored = displayName),
        (error: unknown) => error,
      );
    }
    expect(refusal).toMatchObject({ code: "disk-full" });
    expect((await site.accounts.list())[1]?.displayName).toBe(stored);
    expect(site.audit.verify()).toMatchObject({ intact: true });
  });
});
