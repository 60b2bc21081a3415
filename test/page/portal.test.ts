import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import {
  type Browser,
  type ContextOptions,
  launchChromium,
  openContext,
  type Page,
} from "../support/chromium.ts";
import { connectCustomer, type ConsoleEnd } from "../support/party.ts";
import { signInConsole } from "./recorded-session.ts";

const phone = { width: 360, height: 740 };
const longName = `${"Wolfeschlegelsteinhausenbergerdorff".repeat(2)}<b>&"`;
let browser: Browser;
let folder: string;
let appliance: Appliance;
let console: ConsoleEnd;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-portal-page-"));
  // Nobody here starts it: what counts is that there is one to offer.
  mkdirSync(path.join(folder, "linux-x64"));
  writeFileSync(path.join(folder, "linux-x64/app.mjs"), "");
  const env = { HANDRAIL_SITE_NAME: longName, HANDRAIL_CLIENT_DIRECTORY: folder };
  browser = await launchChromium();
  appliance = await Appliance.start({ env });
  await appliance.setUp();
  console = await signInConsole(appliance, administrator.name);
});

afterAll(async () => {
  await console[Symbol.asyncDispose]();
  await appliance[Symbol.asyncDispose]();
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function visit(options: ContextOptions & { script?: boolean } = {}) {
  const { script = true, ...rest } = options;
  const context = script
    ? await openContext(browser, rest)
    : await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: false });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const isRefusal = message.text().includes("the server responded with a status of 4");
    if (message.type() === "error" && !isRefusal) complaints.push(message.text());
  });
  await page.goto(appliance.url);
  return { context, page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Types a new key, as people type it; gives the key. */
async function enterKey(page: Page): Promise<string> {
  const { key } = await console.key();
  await page.keyboard.type(`${key.slice(0, 3)} ${key.slice(3)}`);
  await page.keyboard.press("Enter");
  await page.locator("#start").waitFor();
  return key;
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

describe("a visitor of the portal", () => {
  it("puts a wrong digit right where it stands: the box keeps key, focus and what is wrong", async () => {
    await using site = await visit();
    const { page, complaints } = site;
    await page.keyboard.type("000 0000");
    await page.keyboard.press("Enter");
    const alert = page.getByRole("alert");
    await alert.getByText("This key cannot be used.").waitFor();
    const box = page.getByRole("textbox", { name: "Session key" });
    expect(await box.inputValue()).toBe("000 0000");
    expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await box.getAttribute("aria-describedby")).toContain(await alert.getAttribute("id"));
    expect(await page.title()).toMatch(/^This key cannot be used/);
    await page.screenshot({ path: await artifact("portal-wrong-key.png") });
    // The old digits are selected: whoever types on means the whole key.
    await page.keyboard.type("1");
    expect(await box.inputValue()).toBe("1");
    expect(complaints).toEqual([]);
  });

  it("copies the whole line that starts the program", async () => {
    await using site = await visit();
    const { page, complaints, context } = site;
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await enterKey(page);
    const line = await page.locator("#start").textContent();
    expect(line).toMatch(/^sh ~\/\*\/handrail-support-[0-9a-f]{4}\.sh$/);
    // By the keyboard: after the download comes what copies, and not the line.
    await page.getByRole("button", { name: "Download" }).focus();
    await page.keyboard.press("Tab");
    const copy = page.getByRole("button", { name: "Copy the line" }).first();
    expect(await copy.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(line);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    expect(line).toContain((await download).suggestedFilename());
    await page.getByText("Without downloading by hand").click();
    await page.screenshot({ path: await artifact("portal-start.png"), fullPage: true });
    // One line on the screen is one line in the terminal.
    const command = page.getByRole("region", { name: "Line that downloads and starts" });
    const lines = await command.locator("code").evaluate((code) => code.getClientRects().length);
    expect(lines).toBe(1);
    expect(complaints).toEqual([]);
  });

  it("needs no script: the lines are selected as a whole by a click", async () => {
    await using site = await visit({ script: false });
    const { page } = site;
    const { key } = await console.key();
    await page.getByLabel("Session key").fill(key);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.locator("#start").click();
    expect(await page.getByRole("button", { name: "Copy the line" }).count()).toBe(0);
    expect(
      await page
        .locator("pre")
        .first()
        .evaluate((pre) => getComputedStyle(pre).userSelect),
    ).toBe("all");
  });

  it("reads it in French on a telephone in the dark, and nothing sticks out", async () => {
    await using site = await visit({ viewport: phone, locale: "fr-FR", theme: "dark" });
    const { page, complaints } = site;
    await page.getByRole("heading", { name: "Saisissez votre clé" }).waitFor();
    expect(await overflow(page)).toBe(0);
    await page.screenshot({ path: await artifact("portal-key-phone.png") });
    await enterKey(page);
    await page.getByText("Sans téléchargement à la main").click();
    expect(await overflow(page)).toBe(0);
    await page.screenshot({ path: await artifact("portal-start-phone.png"), fullPage: true });
    expect(complaints).toEqual([]);
  });

  it("sees that the program is connected, and afterwards that it is over", async () => {
    await using site = await visit();
    const { page, context } = site;
    const key = await enterKey(page);
    const ticket = (await context.cookies(`${appliance.url}/start`)).find(
      ({ name }) => name === "handrail_ticket",
    );
    await using customer = await connectCustomer(appliance.url, { ticket: ticket?.value ?? "" });
    // By itself: the page asks how the session stands.
    await page.getByText("The program is running.").waitFor();
    await page.screenshot({ path: await artifact("portal-connected.png"), fullPage: true });
    await page.goto(appliance.url);
    await page.getByLabel("Session key").fill(key);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Go on with it" }).click();
    await page.getByText("The program is running.").waitFor();
    void customer.outcome("session.stop", {});
    await customer.closes();
    await page.getByRole("heading", { name: "This help session is over" }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/start");
    await page.screenshot({ path: await artifact("portal-over.png") });
  });
});
