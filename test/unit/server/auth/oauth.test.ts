import { createHash } from "node:crypto";
import type { RepresentativeId } from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  isCodeChallenge,
  isRedirectUri,
  redirectTo,
} from "../../../../appliance/server/auth/authorization-code.ts";
import type { TokenResult } from "../../../../appliance/server/auth/grants.ts";
import { newIdentities, setUpAnn, type TestIdentities } from "../../../support/identities.ts";

const verifier = "v".repeat(64);
const codeChallenge = createHash("sha256").update(verifier).digest("base64url");
const redirectUri = "vscode://handrail.handrail/auth";

let site: TestIdentities;
let ann: RepresentativeId;
beforeEach(async () => {
  site = newIdentities();
  ann = await setUpAnn(site);
});
afterEach(() => site[Symbol.dispose]());

function newCode(): string {
  return site.codes.make({ redirectUri, codeChallenge, state: undefined }, ann);
}

async function good(result: Promise<TokenResult>) {
  const tokens = await result;
  if (!tokens.ok) throw new Error(`refused: ${tokens.error}`);
  return tokens;
}

describe("an authorization code", () => {
  it("is exchanged for tokens of its account", async () => {
    const tokens = await good(site.codes.exchange({ code: newCode(), redirectUri, verifier }));
    expect(await site.grants.authenticate(tokens.accessToken)).toMatchObject({ id: ann });
    expect(tokens.expiresInMs).toBe(600_000);
  });

  it.each([
    ["another verifier", { redirectUri, verifier: "w".repeat(64) }],
    ["another address", { redirectUri: "vscodium://handrail.handrail/auth", verifier }],
  ])("is spoilt by %s", async (_what, wrong) => {
    const code = newCode();
    const refused = { ok: false, error: "invalid_grant" };
    expect(await site.codes.exchange({ code, ...wrong })).toMatchObject(refused);
    expect(await site.codes.exchange({ code, redirectUri, verifier })).toMatchObject(refused);
  });

  it("expires after a minute", async () => {
    const code = newCode();
    site.clock.advance(60_001);
    const result = await site.codes.exchange({ code, redirectUri, verifier });
    expect(result).toMatchObject({ ok: false, error: "invalid_grant" });
  });

  it("works once; a second use revokes what the first gave", async () => {
    const code = newCode();
    const tokens = await good(site.codes.exchange({ code, redirectUri, verifier }));
    const again = await site.codes.exchange({ code, redirectUri, verifier });
    expect(again).toMatchObject({ ok: false, error: "invalid_grant" });
    expect(await site.grants.authenticate(tokens.accessToken)).toBeUndefined();
    expect(site.audit.page({ limit: 1 })[0]?.event).toBe("console.token-reused");
  });

  it("that was never made is refused", async () => {
    const result = await site.codes.exchange({ code: "hro_x", redirectUri, verifier });
    expect(result).toMatchObject({ ok: false, error: "invalid_grant" });
  });
});

describe("the way back to a console", () => {
  it.each([
    "vscode://handrail.handrail/auth",
    "vscode-insiders://handrail.handrail/auth",
    "vscodium://handrail.handrail/auth",
    "code-oss://handrail.handrail/auth",
    "http://127.0.0.1:50000/callback",
  ])("may be %s", (uri) => expect(isRedirectUri(uri)).toBe(true));

  it.each([
    "https://evil.example/",
    "vscode://evil.extension/auth",
    "vscode://handrail.handrail/auth/../x",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:50000/callback/x",
    "http://127.0.0.1:50000@evil.example/callback",
    "http://127.0.0.1.evil.example:50000/callback",
    "http://localhost:50000/callback",
    "javascript:alert(1)",
    "",
  ])("may not be %s", (uri) => expect(isRedirectUri(uri)).toBe(false));

  it("carries the answer and the console's own state", () => {
    const url = redirectTo({ redirectUri, codeChallenge, state: "a b&c" }, { code: "hro_x" });
    expect(url).toBe("vscode://handrail.handrail/auth?code=hro_x&state=a+b%26c");
  });

  it("needs an S256 challenge", () => {
    expect(isCodeChallenge(codeChallenge)).toBe(true);
    expect(isCodeChallenge("short")).toBe(false);
  });
});

describe("a console that signs in", () => {
  it("counts as a sign-in of the account, also by a file without a password", async () => {
    expect((await site.representatives.find(ann))?.lastSignedInAt).toBeUndefined();
    await good(site.grants.issue({ representative: ann, kind: "console-credential" }));
    expect((await site.representatives.find(ann))?.lastSignedInAt).toBe(site.clock.now());
  });
});

describe("a refresh token", () => {
  it("gives a new pair, and the grant goes on", async () => {
    const first = await good(site.grants.issue({ representative: ann, kind: "browser" }));
    const second = await good(site.grants.refresh(first.refreshToken));
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await site.grants.authenticate(second.accessToken)).toMatchObject({ id: ann });
    await good(site.grants.refresh(second.refreshToken));
  });

  it("that is used twice revokes the whole family", async () => {
    const first = await good(site.grants.issue({ representative: ann, kind: "browser" }));
    const second = await good(site.grants.refresh(first.refreshToken));
    expect(await site.grants.refresh(first.refreshToken)).toMatchObject({ ok: false });
    expect(await site.grants.authenticate(second.accessToken)).toBeUndefined();
    expect(await site.grants.refresh(second.refreshToken)).toMatchObject({ ok: false });
  });

  it("is refused after 30 days without use, and an access token after 10 minutes", async () => {
    const tokens = await good(site.grants.issue({ representative: ann, kind: "browser" }));
    site.clock.advance(600_001);
    expect(await site.grants.authenticate(tokens.accessToken)).toBeUndefined();
    site.clock.advance(30 * 86_400_000);
    expect(await site.grants.refresh(tokens.refreshToken)).toMatchObject({ ok: false });
  });

  it("is no access token, nor the other way round", async () => {
    const tokens = await good(site.grants.issue({ representative: ann, kind: "browser" }));
    expect(await site.grants.authenticate(tokens.refreshToken)).toBeUndefined();
    expect(await site.grants.refresh(tokens.accessToken)).toMatchObject({ ok: false });
  });

  it("can be revoked by either token", async () => {
    for (const which of ["accessToken", "refreshToken"] as const) {
      const tokens = await good(site.grants.issue({ representative: ann, kind: "browser" }));
      await site.grants.revoke(tokens[which]);
      expect(await site.grants.authenticate(tokens.accessToken)).toBeUndefined();
      expect(await site.grants.refresh(tokens.refreshToken)).toMatchObject({ ok: false });
    }
  });

  it("takes the links of its grant along when it is revoked or used twice", async () => {
    const first = await good(site.grants.issue({ representative: ann, kind: "browser" }));
    const { grant } = (await site.grants.authenticate(first.accessToken)) ?? {};
    await good(site.grants.refresh(first.refreshToken));
    expect(site.cutGrants).toEqual([]);
    await site.grants.refresh(first.refreshToken);
    expect(site.cutGrants).toEqual([grant]);
    const other = await good(site.grants.issue({ representative: ann, kind: "browser" }));
    const { grant: second } = (await site.grants.authenticate(other.accessToken)) ?? {};
    await site.grants.revoke(other.refreshToken);
    expect(site.cutGrants).toEqual([grant, second]);
  });

  it("is stored as a hash alone", async () => {
    const tokens = await good(site.grants.issue({ representative: ann, kind: "browser" }));
    const rows = JSON.stringify(site.store.raw.prepare("SELECT * FROM oauthToken").all());
    expect(rows).not.toContain(tokens.refreshToken.slice(4));
    expect(rows).not.toContain(tokens.accessToken.slice(4));
  });
});

describe("a device code", () => {
  it("makes room for newer ones when a thousand wait, the oldest first", () => {
    const codes: string[] = [];
    for (let i = 0; i < 1_010; i++) {
      codes.push(site.deviceCodes.start().userCode);
      site.clock.advance(10);
    }
    const isPending = codes.map((code) => site.deviceCodes.isPending(code));
    expect(isPending.lastIndexOf(false)).toBe(9);
    expect(isPending.filter(Boolean)).toHaveLength(1_000);
  });

  it("gives tokens once somebody has allowed it", async () => {
    const { deviceCode, userCode } = site.deviceCodes.start();
    expect(userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    const pending = { ok: false, error: "authorization_pending" };
    expect(await site.deviceCodes.poll(deviceCode)).toMatchObject(pending);
    expect(site.deviceCodes.isPending(userCode.toLowerCase().replace("-", " "))).toBe(true);
    expect(site.deviceCodes.decide(userCode, true, ann)).toBe(true);
    const tokens = await good(site.deviceCodes.poll(deviceCode));
    expect(await site.grants.authenticate(tokens.accessToken)).toMatchObject({ id: ann });
    expect(await site.deviceCodes.poll(deviceCode)).toMatchObject({ error: "invalid_grant" });
  });

  it("asks a console that polls too often to slow down", async () => {
    const { deviceCode } = site.deviceCodes.start();
    await site.deviceCodes.poll(deviceCode);
    site.clock.advance(1_000);
    expect(await site.deviceCodes.poll(deviceCode)).toMatchObject({ error: "slow_down" });
    site.clock.advance(6_000);
    expect(await site.deviceCodes.poll(deviceCode)).toMatchObject({ error: "slow_down" });
    site.clock.advance(15_001);
    const result = await site.deviceCodes.poll(deviceCode);
    expect(result).toMatchObject({ error: "authorization_pending" });
  });

  it("tells of a refusal, and of having expired", async () => {
    const refused = site.deviceCodes.start();
    site.deviceCodes.decide(refused.userCode, false, ann);
    const result = await site.deviceCodes.poll(refused.deviceCode);
    expect(result).toMatchObject({ error: "access_denied" });
    const late = site.deviceCodes.start();
    site.clock.advance(600_001);
    expect(site.deviceCodes.decide(late.userCode, true, ann)).toBe(false);
    const expired = await site.deviceCodes.poll(late.deviceCode);
    expect(expired).toMatchObject({ error: "expired_token" });
  });

  it("is answered once", () => {
    const { userCode } = site.deviceCodes.start();
    expect(site.deviceCodes.decide(userCode, false, ann)).toBe(true);
    expect(site.deviceCodes.decide(userCode, true, ann)).toBe(false);
  });

  it("gives tokens to one of two polls at once", async () => {
    const { deviceCode, userCode } = site.deviceCodes.start();
    site.deviceCodes.decide(userCode, true, ann);
    const polls = [site.deviceCodes.poll(deviceCode), site.deviceCodes.poll(deviceCode)];
    const results = await Promise.allSettled(polls);
    const given = results.filter((each) => each.status === "fulfilled" && each.value.ok);
    expect(given).toHaveLength(1);
  });
});

describe("a console credential", () => {
  it("is exchanged as often as it is shown, until it is revoked", async () => {
    const account = await site.grants
      .issue({ representative: ann, kind: "browser" })
      .then((tokens) => (tokens.ok ? tokens.account : undefined));
    if (!account) throw new Error("no account");
    const credential = await site.credentials.make(account);
    await good(site.credentials.exchange(credential, site.grants));
    await good(site.credentials.exchange(credential, site.grants));
    await site.accounts.revoke(ann, account);
    const result = await site.credentials.exchange(credential, site.grants);
    expect(result).toMatchObject({ ok: false, error: "invalid_grant" });
  });
});

describe("a browser session", () => {
  it("ends when it is not used for its lifetime, and lives on while it is", async () => {
    const cookie = site.browserSessions.start(ann);
    for (let i = 0; i < 3; i++) {
      site.clock.advance(40 * 60_000);
      expect(await site.browserSessions.find(cookie)).toBeDefined();
    }
    site.clock.advance(60 * 60_000 + 1);
    expect(await site.browserSessions.find(cookie)).toBeUndefined();
  });

  it("is known by its cookie alone, and the cookie is not stored", async () => {
    const cookie = site.browserSessions.start(ann);
    expect(await site.browserSessions.find(`${cookie}x`)).toBeUndefined();
    expect(await site.browserSessions.find(undefined)).toBeUndefined();
    const rows = JSON.stringify(site.store.raw.prepare("SELECT * FROM browserSession").all());
    expect(rows).not.toContain(cookie.slice(4));
  });

  it("ends on signing out", async () => {
    const cookie = site.browserSessions.start(ann);
    site.browserSessions.end(cookie);
    expect(await site.browserSessions.find(cookie)).toBeUndefined();
  });
});
