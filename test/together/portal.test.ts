import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { formatSessionKey, type SessionKey } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, Appliance } from "../support/appliance.ts";
import { connectConsole, connectCustomer, type ConsoleEnd } from "../support/party.ts";
import { Program } from "../support/processes.ts";
import { accessToken, cookieOf } from "../support/signed-in.ts";

/** A client that says what it was given, on the Node that came with it. */
const sampleClient = `
import { text } from "node:stream/consumers";
console.log("JOINED", process.version, process.argv.slice(2).join(" "), await text(process.stdin));
`;

let folder: string;
let dataDirectory: string;
let appliance: Appliance;
let console: ConsoleEnd;
let env: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-portal-"));
  dataDirectory = path.join(folder, "data");
  mkdirSync(path.join(folder, "client/linux-x64"), { recursive: true });
  writeFileSync(path.join(folder, "client/linux-x64/app.mjs"), sampleClient);
  env = {
    HANDRAIL_SITE_NAME: "Acme & Sons",
    HANDRAIL_CLIENT_DIRECTORY: path.join(folder, "client"),
    HANDRAIL_KEY_ATTEMPTS_PER_ADDRESS: "1000",
    HANDRAIL_KEY_ATTEMPTS_PER_SITE: "1000",
  };
  appliance = await Appliance.start({ dataDirectory, env });
  await appliance.setUp();
  console = await connectConsole(appliance.url, await accessToken(appliance));
});

afterAll(async () => {
  await console[Symbol.asyncDispose]();
  await appliance[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function newKey(): Promise<string> {
  return (await console.key()).key;
}

function enter(key: string, headers: Record<string, string> = {}): Promise<Answer> {
  const form = new URLSearchParams({ key }).toString();
  return appliance.ask("/start", { form, headers });
}

/** Redeems a new key; gives the cookie with the ticket. */
async function start(): Promise<string> {
  const answer = await enter(await newKey());
  expect(answer.status).toBe(303);
  return cookieOf(answer);
}

describe("the key form", () => {
  it("is one labelled box that phones, keyboards and screen readers understand", async () => {
    const { status, text, headers } = await appliance.ask("/");
    expect(status).toBe(200);
    expect(text).toContain('<html lang="en">');
    expect(text).toMatch(/<label for="key">Session key<\/label>/);
    const input = /<input[^>]*id="key"[^>]*>/.exec(text)?.[0] ?? "";
    for (const attribute of ['inputmode="numeric"', 'autocomplete="off"', "autofocus"]) {
      expect(input).toContain(attribute);
    }
    expect(input).toContain('aria-describedby="key-hint"');
    expect(text).not.toContain("<script");
    expect(text).toContain("Acme &#38; Sons");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["cache-control"]).toBe("no-store");
  });

  it("speaks French by the browser's language, and by the menu, which is remembered", async () => {
    const french = await appliance.ask("/", { headers: { "accept-language": "fr-CH, fr;q=0.9" } });
    expect(french.text).toContain("Saisissez votre clé de session");
    const chosen = await appliance.ask("/?lang=fr");
    expect(chosen.text).toContain('<html lang="fr">');
    const again = await appliance.ask("/", { headers: { cookie: cookieOf(chosen) } });
    expect(again.text).toContain('<html lang="fr">');
    expect(again.text).toContain('href="/?lang=en"');
  });

  it("answers unknown and used keys with the same page", async () => {
    const used = await newKey();
    await enter(used);
    const cancelled = await console.key();
    await console.call("key.cancel", { lsid: cancelled.lsid });
    const answers = [await enter(used), await enter(cancelled.key), await enter("0000000")];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    // But for what was typed, which the box keeps.
    const kept = answers.map(({ text }) => / value="([0-9]{7})"/.exec(text)?.[1]);
    expect(kept).toEqual([used, cancelled.key, "0000000"]);
    const pages = answers.map(({ text }, i) => text.replace(`value="${kept[i]}"`, "value"));
    expect(new Set(pages).size).toBe(1);
    expect(answers[0]?.text).toContain("This key cannot be used.");
    expect(answers[0]?.text).toContain('aria-invalid="true"');
    expect(answers[0]?.text).toContain('role="alert"');
  });

  it.each(["", "12", "12345678", "abcdefg", "1234567; DROP TABLE session", "1".repeat(200)])(
    "says what a key looks like when it is given %s",
    async (typed) => {
      const answer = await enter(typed);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('id="key"');
    },
  );

  it("keeps what was typed as text, however long, and never as HTML", async () => {
    const { text } = await enter('"><script>alert(1)</script>' + "9".repeat(200));
    expect(text).toContain('value="&#34;&#62;&#60;script&#62;alert(1)');
    expect(text).not.toContain("<script>");
    expect(text).not.toContain("9".repeat(33));
  });

  it("leads back to the session that this browser has, when its key is typed again", async () => {
    const key = await newKey();
    const cookie = cookieOf(await enter(key));
    const again = await enter(key, { cookie });
    expect(again.status).toBe(404);
    expect(again.text).toContain("You have a help session with Ann Archer already.");
    expect(again.text).toContain('<a href="/start">Go on with it</a>');
    expect((await enter(key)).text).not.toContain("already");
  });

  it("takes a key with spaces and dashes, once", async () => {
    const key = await newKey();
    const spaced = ` ${formatSessionKey(key as SessionKey).replace(" ", " - ")} `;
    const answer = await enter(spaced);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe("/start");
    const cookie = String(answer.headers["set-cookie"]);
    for (const word of ["HttpOnly", "Secure", "SameSite=Strict", "Path=/start"]) {
      expect(cookie).toContain(word);
    }
    expect((await enter(key)).status).toBe(404);
  });

  it("refuses a form that another site has sent", async () => {
    const key = await newKey();
    const others = [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }];
    for (const headers of others) expect((await enter(key, headers)).status).toBe(403);
    expect((await enter(key, { origin: appliance.url })).status).toBe(303);
  });

  it("limits guesses from one address", async () => {
    const limited = { ...env, HANDRAIL_KEY_ATTEMPTS_PER_ADDRESS: "3" };
    await using strict = await Appliance.start({ env: limited });
    const guess = (i: number) => strict.ask("/start", { form: `key=000000${i}` });
    const answers = [await guess(1), await guess(2), await guess(3), await guess(4)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 429]);
    expect(Number(answers[3]?.headers["retry-after"])).toBeGreaterThan(0);
    expect(answers[3]?.text).toContain("Please wait a minute");
  });

  it("leaves no key and no ticket in the log or in an address", async () => {
    const key = await newKey();
    const answer = await enter(key);
    await enter(key);
    const ticket = cookieOf(answer).split("=")[1] ?? "";
    expect(ticket).toMatch(/^[0-9a-f]{32}$/);
    expect(appliance.program.output).not.toContain(key);
    expect(appliance.program.output).not.toContain(ticket);
    expect(readFileSync(path.join(dataDirectory, "handrail.sqlite-wal"))).not.toContain(ticket);
  });
});

describe("the page after the key", () => {
  it("says who helps and what will happen, and survives a reload", async () => {
    const cookie = await start();
    for (let i = 0; i < 2; i++) {
      const { status, text } = await appliance.ask("/start", { headers: { cookie } });
      expect(status).toBe(200);
      expect(text).toContain("Ann Archer will help you");
      expect(text).toContain("The program asks you before");
      expect(text).toMatch(/<code id="start">sh ~\/\*\/handrail-support-[0-9a-f]{4}\.sh<\/code>/);
      expect(text).toContain('action="/start/download"');
    }
    const french = await appliance.ask("/start?lang=fr", { headers: { cookie } });
    expect(french.text).toContain("Ann Archer va vous aider");
    // A line for the computer, whose folders are not called as the page's language has it.
    const line = /<code id="start">.*?<\/code>/;
    const english = await appliance.ask("/start", { headers: { cookie } });
    expect(line.exec(french.text)?.[0]).toBe(line.exec(english.text)?.[0]);
  });

  it("says when the program is connected, and still who helps and what happens", async () => {
    const cookie = await start();
    const ticket = cookie.split("=")[1] ?? "";
    await using customer = await connectCustomer(appliance.url, { ticket });
    expect(customer.welcome).toBeDefined();
    const { text } = await appliance.ask("/start", { headers: { cookie } });
    expect(text).toContain("The program is running.");
    expect(text).toContain("Ann Archer will help you");
    expect(text).toContain("The program asks you before");
    expect(text).toContain("<summary>Start the program again</summary>");
  });

  it("warns on a device that cannot be helped, and only there", async () => {
    const cookie = await start();
    const asked = async (agent: string) =>
      (await appliance.ask("/start", { headers: { cookie, "user-agent": agent } })).text;
    expect(await asked("Mozilla/5.0 (Linux; Android 14) Chrome/140")).toContain('role="note"');
    expect(await asked("Mozilla/5.0 (X11; Linux x86_64) Firefox/140")).not.toContain('role="note"');
  });

  it("is over for those without a ticket, and when the session has ended", async () => {
    const never = await appliance.ask("/start");
    expect(never.status).toBe(410);
    expect(never.text).toContain("No help session here");
    const cookie = await start();
    const ticket = cookie.split("=")[1] ?? "";
    await using customer = await connectCustomer(appliance.url, { ticket });
    // The answer may be overtaken by the end of the link.
    void customer.outcome("session.stop", {});
    await customer.closes();
    for (const where of ["/start", "/start/download"]) {
      const method = where === "/start" ? "GET" : "POST";
      const { status, text } = await appliance.ask(where, { method, headers: { cookie } });
      expect(status).toBe(410);
      expect(text).toContain("This help session is over");
    }
    const form = `ticket=${ticket}`;
    expect((await appliance.ask("/start/linux", { form })).status).toBe(404);
    expect((await appliance.ask("/start/check", { form })).status).toBe(410);
  });
});

describe("the starter", () => {
  const home = () => mkdtempSync(path.join(folder, "home-"));

  async function run(script: string, HOME: string): Promise<{ code: number | null; said: string }> {
    const file = path.join(HOME, "handrail-support-0000.sh");
    writeFileSync(file, script);
    const environment = { PATH: "/usr/bin:/bin", HOME };
    await using program = new Program("sh", { args: [file], env: environment });
    const code = await program.ended();
    return { code, said: program.output };
  }

  async function download(): Promise<{ script: string; ticket: string }> {
    const cookie = await start();
    const answer = await appliance.ask("/start/download", { method: "POST", headers: { cookie } });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-disposition"]).toMatch(
      /filename="handrail-support-[0-9a-f]{4}\.sh"/,
    );
    return { script: answer.text, ticket: cookie.split("=")[1] ?? "" };
  }

  function cacheOf(HOME: string): string {
    const cache = path.join(HOME, ".cache/handrail");
    return path.join(cache, readdirSync(cache)[0] ?? "");
  }

  it("fetches the client, starts it on its own Node, and hands it the ticket", async () => {
    const { script, ticket } = await download();
    const { code, said } = await run(script, home());
    expect(code, said).toBe(0);
    const joined = /^JOINED (\S+) --join - (\{.*\})$/m.exec(said);
    expect(joined?.[1]).toBe(process.version);
    expect(JSON.parse(joined?.[2] ?? "")).toMatchObject({
      site: appliance.url,
      ticket,
      language: "en",
    });
  });

  it("downloads nothing when its session is over, but says so", async () => {
    const { script, ticket } = await download();
    const form = `ticket=${ticket}`;
    expect((await appliance.ask("/start/check", { form })).status).toBe(204);
    await using customer = await connectCustomer(appliance.url, { ticket });
    void customer.outcome("session.stop", {});
    await customer.closes();
    const HOME = home();
    const { code, said } = await run(script, HOME);
    expect(code).toBe(0);
    expect(said).toContain("This help session is over. You can delete this file");
    expect(said).not.toContain("JOINED");
    expect(readdirSync(HOME)).toEqual(["handrail-support-0000.sh"]);
  });

  it("starts from the cache the second time, even with the site away", async () => {
    const HOME = home();
    await using other = await Appliance.start({ env });
    const away = (await download()).script.replaceAll(appliance.url, other.url);
    const { script } = await download();
    expect((await run(script, HOME)).said).toContain("Downloading");
    await other[Symbol.asyncDispose]();
    const second = await run(away, HOME);
    expect(second.code, second.said).toBe(0);
    expect(second.said).not.toContain("Downloading");
    expect(second.said).toContain("JOINED");
  });

  it("does not start a client that was changed in the cache, but fetches it again", async () => {
    const HOME = home();
    const { script } = await download();
    await run(script, HOME);
    const app = path.join(cacheOf(HOME), "app.mjs");
    writeFileSync(app, 'console.log("EVIL")');
    const again = await run(script, HOME);
    expect(again.said).not.toContain("EVIL");
    expect(again.said).toContain("Downloading");
    expect(again.said).toContain("JOINED");
    expect(readFileSync(app, "utf8")).toBe(sampleClient);
  });

  it("refuses an archive that is not the one it was made for", async () => {
    const { script } = await download();
    const packed = path.join(dataDirectory, "client/linux-x64");
    const name = readdirSync(packed).find((each) => each.endsWith(".tar.gz")) ?? "";
    const archive = path.join(packed, name);
    const whole = readFileSync(archive);
    const changed = Buffer.from(whole);
    changed.writeUInt8(changed.readUInt8(1000) ^ 1, 1000);
    try {
      writeFileSync(archive, changed);
      const { code, said } = await run(script, home());
      expect(code).toBe(1);
      expect(said).toContain("was changed on its way");
      expect(said).not.toContain("JOINED");
    } finally {
      writeFileSync(archive, whole);
    }
  });

  it("refuses a site with another key", async () => {
    await using impostor = await Appliance.start({ env });
    const { script } = await download();
    const HOME = home();
    const { code, said } = await run(script.replaceAll(appliance.url, impostor.url), HOME);
    expect(code).toBe(1);
    expect(said).toContain("is not the one that it should be");
    expect(readdirSync(path.join(HOME, ".cache/handrail"))).toEqual([]);
  });

  it("comes by the line for the terminal too", async () => {
    const cookie = await start();
    const page = await appliance.ask("/start?lang=fr", { headers: { cookie } });
    const escaped = /<code id="command">([^<]*)<\/code>/.exec(page.text)?.[1] ?? "";
    const command = escaped.replace(/&#([0-9]+);/g, (_, n: string) =>
      String.fromCharCode(Number(n)),
    );
    const environment = { PATH: "/usr/bin:/bin", HOME: home() };
    const said = { "fr_FR.UTF-8": "Démarrage …\n", C: "Demarrage...\n" };
    for (const [LANG, starting] of Object.entries(said)) {
      const env = { ...environment, LANG };
      await using program = new Program("sh", { args: ["-c", command], env });
      expect(await program.ended(), program.output).toBe(0);
      expect(program.output).toContain(starting);
      expect(program.output).toContain('"language":"fr"');
    }
  });

  it("is served with an archive that browsers and proxies may keep for ever", async () => {
    const { script } = await download();
    const name = /archive='([0-9a-f]{64})'/.exec(script)?.[1] ?? "";
    const { status, headers } = await appliance.ask(`/client/linux-x64/${name}.tar.gz`);
    expect(status).toBe(200);
    expect(headers["cache-control"]).toContain("immutable");
    const wrong = await appliance.ask(`/client/linux-x64/${"0".repeat(64)}.tar.gz`);
    expect(wrong.status).toBe(404);
    expect((await appliance.ask("/client/..%2f..%2fetc/passwd")).status).toBe(404);
  });
});

describe("without a client", () => {
  it("the page says so, and nothing is offered that does not work", async () => {
    const none = { ...env, HANDRAIL_CLIENT_DIRECTORY: path.join(folder, "nothing") };
    await using bare = await Appliance.start({ env: none });
    await bare.setUp();
    await using rep = await connectConsole(bare.url, await accessToken(bare));
    const form = `key=${(await rep.key()).key}`;
    const cookie = cookieOf(await bare.ask("/start", { form }));
    const page = await bare.ask("/start", { headers: { cookie } });
    expect(page.text).toContain("is not available on this site");
    expect(page.text).not.toContain("/start/download");
    const download = await bare.ask("/start/download", { method: "POST", headers: { cookie } });
    expect(download.status).toBe(503);
  });
});
