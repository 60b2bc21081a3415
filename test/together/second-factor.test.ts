import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, type Answer, Appliance } from "../support/appliance.ts";
import { accessToken, Admin, cookieOf } from "../support/signed-in.ts";
import { totpCode, wrongTotpCode } from "../support/totp.ts";

const goodPassword = "another long enough phrase";
const redirectUri = "vscode://handrail.handrail/auth";
const verifier = "a-verifier-of-more-than-43-characters-for-the-tests";
const asked = {
  client_id: "handrail-console",
  response_type: "code",
  redirect_uri: redirectUri,
  code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  code_challenge_method: "S256",
};

interface Person {
  readonly name: string;
  readonly id: string;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

let appliance: Appliance;
let ann: Admin;
beforeAll(async () => {
  appliance = await Appliance.start({ env: { HANDRAIL_SIGN_IN_ATTEMPTS_PER_ADDRESS: "1000" } });
  await appliance.setUp();
  ann = new Admin(appliance);
  await ann.signIn();
});
afterAll(() => appliance[Symbol.asyncDispose]());

async function add(name: string): Promise<string> {
  const account = { name, displayName: `The ${name}`, password: goodPassword };
  const answer = await ann.write("representatives", account);
  expect(answer.status, answer.text).toBe(201);
  return read<{ id: string }>(answer).id;
}

/** A representative with a second factor, who has not used any code but the first. */
async function person(name: string): Promise<Person> {
  const id = await add(name);
  const own = new Admin(appliance);
  await own.signIn(name, goodPassword);
  return { name, id, ...(await turnOn(own)) };
}

async function turnOn(own: Admin): Promise<Pick<Person, "secret" | "recoveryCodes">> {
  const { secret } = read<{ secret: string }>(await own.write("second-factor/offer", {}));
  const answer = await own.write("second-factor/turn-on", { code: totpCode(secret) });
  expect(answer.status, answer.text).toBe(200);
  return { secret, ...read<{ recoveryCodes: string[] }>(answer) };
}

function read<T>(answer: Answer): T {
  return JSON.parse(answer.text) as T;
}

/** Name and password; gives the browser with what its cookie holds then. */
async function begin(name: string): Promise<{ browser: Admin; answer: Answer }> {
  const browser = new Admin(appliance);
  const answer = await browser.write("sign-in", { name, password: goodPassword });
  browser.cookie = cookieOf(answer);
  return { browser, answer };
}

/** The page for a console; `fields` beside those of the console's own request. */
function authorize(fields: Record<string, string>, cookie = ""): Promise<Answer> {
  const form = new URLSearchParams({ ...asked, ...fields }).toString();
  return appliance.ask("/oauth/authorize", { form, headers: { cookie } });
}

describe("signing in at /login with a second factor", () => {
  it("opens nothing before the code, and a code is good once", async () => {
    const { name, recoveryCodes } = await person("cara");
    const [first = "", second = ""] = recoveryCodes;
    const { browser, answer } = await begin(name);
    expect(read(answer)).toEqual({ next: "code" });
    expect(browser.cookie).toMatch(/^__Host-handrail_step=hrs_/);
    expect(String(answer.headers["set-cookie"])).toContain("HttpOnly; Secure; SameSite=Strict");
    for (const where of ["sessions", "second-factor", "representatives"]) {
      expect((await browser.read(where)).status, where).toBe(401);
    }
    expect((await browser.write("sign-in/offer", {})).status).toBe(401);
    expect(await browser.json("state")).toMatchObject({ next: "code" });

    const wrong = await browser.write("sign-in/code", { code: "BCDF-BCDF-BCDF" });
    expect(wrong.status).toBe(401);
    expect(read(wrong)).toMatchObject({ code: "password-wrong", field: "code" });
    const right = await browser.write("sign-in/code", { code: first });
    expect(right.status).toBe(200);
    const again = await browser.write("sign-in/code", { code: second });
    expect(read(again)).toMatchObject({ code: "not-authenticated" });
    browser.cookie = cookieOf(right);
    expect((await browser.read("sessions")).status).toBe(200);

    const other = (await begin(name)).browser;
    expect((await other.write("sign-in/code", { code: first })).status).toBe(401);
    await other.write("sign-in/cancel", {});
    expect(await other.json("state")).not.toHaveProperty("next");
  });

  it("locks after five wrong codes, as after five wrong passwords", async () => {
    const { name, secret, recoveryCodes } = await person("dora");
    const statuses = [];
    for (let i = 0; i < 5; i++) {
      const { browser } = await begin(name);
      const code = wrongTotpCode(secret);
      statuses.push((await browser.write("sign-in/code", { code })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
    const { answer } = await begin(name);
    expect(answer.status).toBe(429);
    expect(recoveryCodes).toHaveLength(10);
  });

  it("shows neither secret nor codes to anybody later, and writes them nowhere", async () => {
    const { id, secret, recoveryCodes } = await person("emil");
    const kept = [secret, secret.replaceAll(" ", ""), ...recoveryCodes];
    const shown = [
      (await ann.read("representatives")).text,
      (await ann.read("audit?limit=200")).text,
      appliance.program.output,
    ].join();
    for (const each of kept) expect(shown).not.toContain(each);
    const { representatives } = await ann.json<{
      representatives: { id: string; hasSecondFactor: boolean }[];
    }>("representatives");
    expect(representatives.find((each) => each.id === id)?.hasSecondFactor).toBe(true);
  });
});

describe("signing a console in with a second factor", () => {
  it("asks for the code on the page, and gives a code to the console after that alone", async () => {
    const { name, recoveryCodes } = await person("finn");
    const first = await authorize({ step: "password", name, password: goodPassword });
    expect(first.status).toBe(200);
    expect(first.text).toContain("Confirm that it is you");
    expect(first.text).not.toContain("code=hro_");
    const cookie = cookieOf(first);
    const wrong = await authorize({ step: "factor", factor: "000" }, cookie);
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain("This code is wrong");
    const foreign = await authorize({ step: "factor", factor: recoveryCodes[0] ?? "" });
    expect(foreign.status).toBe(403);
    const right = await authorize({ step: "factor", factor: recoveryCodes[0] ?? "" }, cookie);
    expect(right.text).toContain("You are signed in");
    expect(right.text).toContain("code=hro_");
  });

  it("asks for it on the page for a console’s code too, and lets one begin anew", async () => {
    const { name, recoveryCodes } = await person("gero");
    const send = (fields: Record<string, string>, cookie = "") =>
      appliance.ask("/device", {
        form: new URLSearchParams(fields).toString(),
        headers: { cookie, "accept-language": "fr" },
      });
    const first = await send({ step: "password", name, password: goodPassword });
    expect(first.text).toContain("Confirmez que c’est bien vous");
    const left = await send({ step: "other" }, cookieOf(first));
    expect(left.text).toContain('name="password"');
    const late = await send({ step: "factor", factor: recoveryCodes[0] ?? "" }, cookieOf(first));
    expect(late.status).toBe(403);
    const second = await send({ step: "password", name, password: goodPassword });
    const done = await send({ step: "factor", factor: recoveryCodes[0] ?? "" }, cookieOf(second));
    expect(done.status).toBe(303);
  });
});

describe("a site that asks everyone for a second factor", () => {
  it("holds off who lacks one everywhere until it is set up", async () => {
    const bob = new Admin(appliance);
    const id = await add("bob");
    await bob.signIn("bob", goodPassword);
    const early = await ann.write("second-factor/rule", { scope: "everyone" }, "PATCH");
    expect(read(early)).toMatchObject({ code: "conflict" });
    await turnOn(ann);
    const rule = await ann.write("second-factor/rule", { scope: "everyone" }, "PATCH");
    expect(rule.status, rule.text).toBe(200);
    try {
      expect((await bob.read("sessions")).status).toBe(401);
      await expect(accessToken(appliance, "bob")).rejects.toThrow("second factor");
      const page = await authorize({ step: "password", name: "bob", password: goodPassword });
      expect(page.text).toContain("A second factor is needed");
      expect(page.text).not.toContain("code=hro_");

      const { browser, answer } = await begin("bob");
      expect(read(answer)).toEqual({ next: "set-up" });
      const { secret } = read<{ secret: string }>(await browser.write("sign-in/offer", {}));
      const done = await browser.write("sign-in/turn-on", { code: totpCode(secret) });
      expect(read<{ recoveryCodes: string[] }>(done).recoveryCodes).toHaveLength(10);
      browser.cookie = cookieOf(done);
      expect((await browser.read("sessions")).status).toBe(200);
      expect(await accessToken(appliance, "bob")).toMatch(/^hra_/);
      const off = await ann.write("second-factor/turn-off", { password: "x", code: "y" });
      expect(off.status).toBe(401);
      const reset = await ann.write(`representatives/${id}/second-factor/reset`, {});
      expect(reset.status, reset.text).toBe(200);
      expect((await browser.read("sessions")).status).toBe(401);
    } finally {
      await ann.write("second-factor/rule", { scope: "nobody" }, "PATCH");
    }
  });

  it("is decided by administrators alone, who do not reset their own", async () => {
    const own = new Admin(appliance);
    const id = await add("hugo");
    await own.signIn("hugo", goodPassword);
    expect((await own.write("second-factor/rule", { scope: "everyone" }, "PATCH")).status).toBe(
      403,
    );
    expect((await own.write(`representatives/${id}/second-factor/reset`, {})).status).toBe(403);
    const { signedIn } = await ann.json<{ signedIn: { id: string } }>("state");
    const mine = await ann.write(`representatives/${signedIn.id}/second-factor/reset`, {});
    expect(mine.status).toBe(403);
  });
});

describe("`handrail second-factor reset`", () => {
  it("lets in by the password again who has lost everything", async () => {
    const { name } = await person("ida");
    await appliance.command("second-factor", "reset", name);
    const { answer } = await begin(name);
    expect(read(answer)).toEqual({});
    const { rows } = await ann.json<{ rows: object[] }>("audit?limit=50");
    expect(rows).toContainEqual(
      expect.objectContaining({
        event: "second-factor.reset",
        who: "operator",
        detail: { account: name },
      }),
    );
  });

  it.each([
    [["second-factor"], "Usage:"],
    [["second-factor", "reset", "nobody"], "There is no representative nobody."],
    [["second-factor", "reset", administrator.name.toUpperCase(), "more"], "Usage:"],
  ])("says why it cannot do %o", async (args, reason) => {
    await expect(appliance.command(...args)).rejects.toThrow(reason);
  });
});
