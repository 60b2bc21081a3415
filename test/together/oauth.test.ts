import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { errorCatalogue } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, type Answer, Appliance } from "../support/appliance.ts";
import { launchChromium, openContext } from "../support/chromium.ts";
import { connectConsole } from "../support/party.ts";
import { cookieOf } from "../support/signed-in.ts";

const verifier = "a-verifier-of-more-than-43-characters-for-the-tests";
const challenge = createHash("sha256").update(verifier).digest("base64url");
const redirectUri = "vscode://handrail.handrail/auth";
const asked = {
  client_id: "handrail-console",
  response_type: "code",
  redirect_uri: redirectUri,
  code_challenge: challenge,
  code_challenge_method: "S256",
  state: "the console's own",
};

let appliance: Appliance;
beforeAll(async () => {
  const env = { HANDRAIL_SIGN_IN_ATTEMPTS_PER_ADDRESS: "1000" };
  appliance = await Appliance.start({ env });
  await appliance.setUp();
});
afterAll(() => appliance[Symbol.asyncDispose]());

function form(fields: Record<string, string>): { form: string } {
  return { form: new URLSearchParams(fields).toString() };
}

function token(fields: Record<string, string>): Promise<Answer> {
  return appliance.ask("/oauth/token", form({ client_id: "handrail-console", ...fields }));
}

function read(answer: Answer): Record<string, unknown> {
  return JSON.parse(answer.text) as Record<string, unknown>;
}

const password = { step: "password", name: administrator.name, password: administrator.password };

/** Signs in on the authorization page; gives the code that goes to the console. */
async function authorize(): Promise<string> {
  const answer = await appliance.ask("/oauth/authorize", form({ ...asked, ...password }));
  expect(answer.status).toBe(200);
  const target = /<a class="button" href="([^"]+)"/
    .exec(answer.text)?.[1]
    ?.replaceAll("&#38;", "&");
  const url = new URL(target ?? "");
  expect(url.searchParams.get("state")).toBe(asked.state);
  return url.searchParams.get("code") ?? "";
}

function exchange(code: string, changes: Record<string, string> = {}): Promise<Answer> {
  const grant = { grant_type: "authorization_code", code, redirect_uri: redirectUri };
  return token({ ...grant, code_verifier: verifier, ...changes });
}

describe("the sign-in of a console through the browser", () => {
  it("ends with tokens that open a link", async () => {
    const answer = await exchange(await authorize());
    expect(answer.status).toBe(200);
    expect(answer.headers["cache-control"]).toBe("no-store");
    const tokens = read(answer);
    expect(tokens).toMatchObject({
      token_type: "Bearer",
      expires_in: 600,
      representative: { name: "ann", displayName: "Ann Archer", role: "administrator" },
    });
    await using end = await connectConsole(appliance.url, String(tokens.access_token));
    expect(end.welcome?.representative?.name).toBe("Ann Archer");
  });

  it("needs the verifier of its own challenge", async () => {
    const answer = await exchange(await authorize(), { code_verifier: "x".repeat(64) });
    expect(answer.status).toBe(400);
    expect(read(answer)).toMatchObject({ error: "invalid_grant", code: "not-authenticated" });
  });

  it.each([
    ["an unknown address", { redirect_uri: "https://evil.example/" }],
    ["another client", { client_id: "evil" }],
    ["no challenge", { code_challenge: "" }],
    ["a plain challenge", { code_challenge_method: "plain" }],
    ["a token instead of a code", { response_type: "token" }],
  ])("is refused on a page of its own for %s", async (_what, wrong) => {
    const query = new URLSearchParams({ ...asked, ...wrong }).toString();
    const get = await appliance.ask(`/oauth/authorize?${query}`);
    const post = await appliance.ask("/oauth/authorize", form({ ...asked, ...wrong, ...password }));
    for (const answer of [get, post]) {
      expect(answer.status).toBe(400);
      expect(answer.headers.location).toBeUndefined();
      expect(answer.text).toContain("This sign-in cannot be used");
    }
  });

  it("shows a wrong password on the form, in the visitor's language", async () => {
    const wrong = form({ ...asked, ...password, password: "wrong" });
    const headers = { "accept-language": "fr" };
    const answer = await appliance.ask("/oauth/authorize", { ...wrong, headers });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain("Le nom ou le mot de passe est incorrect.");
    expect(answer.text).toContain('value="ann"');
    expect(answer.text).not.toContain("wrong</");
  });

  it("goes on with the browser's own sign-in only from our own form", async () => {
    const first = await appliance.ask("/oauth/authorize", form({ ...asked, ...password }));
    const headers = { cookie: cookieOf(first) };
    const query = new URLSearchParams(asked).toString();
    const page = await appliance.ask(`/oauth/authorize?${query}`, { headers });
    expect(page.text).toContain("Continue as Ann Archer?");
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
    const forged = form({ ...asked, step: "confirm", csrf: "guessed" });
    expect((await appliance.ask("/oauth/authorize", { ...forged, headers })).status).toBe(403);
    const real = form({ ...asked, step: "confirm", csrf });
    const done = await appliance.ask("/oauth/authorize", { ...real, headers });
    expect(done.text).toContain("You are signed in");
    const other = form({ ...asked, step: "other", csrf });
    await appliance.ask("/oauth/authorize", { ...other, headers });
    const after = await appliance.ask(`/oauth/authorize?${query}`, { headers });
    expect(after.text).not.toContain("Continue as");
  });

  it("reaches a console on a loopback port in a real browser", async () => {
    await using console = createServer((_request, response) => response.end("<p>got it</p>"));
    console.listen(0, "127.0.0.1");
    await once(console, "listening");
    const { port } = console.address() as AddressInfo;
    const back = `http://127.0.0.1:${port}/callback`;
    await using browser = await launchChromium();
    const context = await openContext(browser);
    const page = await context.newPage();
    const query = new URLSearchParams({ ...asked, redirect_uri: back }).toString();
    await page.goto(`${appliance.url}/oauth/authorize?${query}`);
    await page.getByLabel("Name").fill(administrator.name);
    await page.getByLabel("Password").fill(administrator.password);
    await page.keyboard.press("Enter");
    await page.getByText("got it").waitFor();
    const code = new URL(page.url()).searchParams.get("code") ?? "";
    expect((await exchange(code, { redirect_uri: back })).status).toBe(200);
    console.closeAllConnections();
  });
});

describe("tokens", () => {
  it("are exchanged once; a second time the family is revoked", async () => {
    const first = read(await exchange(await authorize()));
    const refresh = (refresh_token: unknown) =>
      token({ grant_type: "refresh_token", refresh_token: String(refresh_token) });
    const second = read(await refresh(first.refresh_token));
    expect((await refresh(first.refresh_token)).status).toBe(400);
    expect((await refresh(second.refresh_token)).status).toBe(400);
    await expect(connectConsole(appliance.url, String(second.access_token))).rejects.toMatchObject({
      code: "not-authenticated",
    });
  });

  it("are worth nothing after they were revoked", async () => {
    const tokens = read(await exchange(await authorize()));
    await using end = await connectConsole(appliance.url, String(tokens.access_token));
    const revoke = form({ token: String(tokens.refresh_token) });
    expect((await appliance.ask("/oauth/revoke", revoke)).status).toBe(200);
    expect((await appliance.ask("/oauth/revoke", form({ token: "unknown" }))).status).toBe(200);
    expect(await end.closes()).toBe(errorCatalogue["not-authenticated"].close);
    const headers = { authorization: `Bearer ${String(tokens.access_token)}` };
    const where = `/api/sessions/${"0".repeat(32)}/events`;
    expect((await appliance.ask(where, { headers })).status).toBe(401);
  });

  it.each([
    [{ grant_type: "password", username: "ann" }, "unsupported_grant_type"],
    [{ grant_type: "authorization_code" }, "invalid_request"],
    [{ grant_type: "refresh_token", refresh_token: "hrr_unknown" }, "invalid_grant"],
    [{ client_id: "evil", grant_type: "refresh_token" }, "invalid_client"],
    [{}, "invalid_request"],
  ])("are refused for %o", async (fields: Record<string, string>, error) => {
    const answer = await token(fields);
    expect(answer.status).toBe(400);
    expect(read(answer)).toMatchObject({ error });
  });

  it("do not appear in the log", async () => {
    const tokens = read(await exchange(await authorize()));
    expect(appliance.program.output).not.toContain(tokens.access_token);
    expect(appliance.program.output).not.toContain(tokens.refresh_token);
    expect(appliance.program.output).not.toMatch(/hr[a-z]_[A-Za-z0-9_-]{20}/);
  });

  it("are announced by the site's metadata", async () => {
    const metadata = read(await appliance.ask("/.well-known/oauth-authorization-server"));
    expect(metadata).toMatchObject({
      issuer: appliance.url,
      token_endpoint: `${appliance.url}/oauth/token`,
      code_challenge_methods_supported: ["S256"],
    });
  });
});

describe("the sign-in of a console by a code", () => {
  const poll = (device_code: unknown) =>
    token({
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: String(device_code),
    });

  it("waits until somebody types the code and allows it", async () => {
    const started = await appliance.ask("/oauth/device", form({ client_id: "handrail-console" }));
    const device = read(started);
    expect(device).toMatchObject({
      verification_uri: `${appliance.url}/device`,
      expires_in: 600,
      interval: 5,
    });
    expect(read(await poll(device.device_code))).toMatchObject({ error: "authorization_pending" });
    expect(read(await poll(device.device_code))).toMatchObject({ error: "slow_down" });

    await using browser = await launchChromium();
    const page = await (await openContext(browser)).newPage();
    await page.goto(String(device.verification_uri));
    await page.getByLabel("Name").fill(administrator.name);
    await page.getByLabel("Password").fill(administrator.password);
    await page.keyboard.press("Enter");
    await page.getByLabel("Code").fill("ZZZZ-ZZZZ");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Code").fill(String(device.user_code).toLowerCase());
    await page.keyboard.press("Enter");
    await page.getByText(String(device.user_code)).waitFor();
    await page.getByRole("button", { name: "Yes, connect it" }).click();
    await page.getByText("The console is connected").waitFor();
    expect(page.url()).toBe(`${appliance.url}/device`);
    const answer = await poll(device.device_code);
    expect(answer.status).toBe(200);
    expect(read(answer)).toMatchObject({ representative: { name: "ann" } });
  });

  it("does not answer a code for somebody who was led to the form", async () => {
    const device = read(
      await appliance.ask("/oauth/device", form({ client_id: "handrail-console" })),
    );
    const signedIn = await appliance.ask("/device", form(password));
    const headers = { cookie: cookieOf(signedIn) };
    const fields = { step: "allow", user_code: String(device.user_code), csrf: "guessed" };
    expect((await appliance.ask("/device", { ...form(fields), headers })).status).toBe(403);
    expect(read(await poll(device.device_code))).toMatchObject({ error: "authorization_pending" });
  });
});
