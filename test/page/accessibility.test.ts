import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../support/accessibility.ts";
import { administrator, Appliance } from "../support/appliance.ts";
import {
  type Browser,
  type BrowserContext,
  launchChromium,
  openContext,
  type Page,
} from "../support/chromium.ts";
import { recordSession, signInConsole } from "./recorded-session.ts";

// What axe can find; what only people can is in the tests by keyboard.
const resources = new AsyncDisposableStack();
let appliance: Appliance;
let browser: Browser;
let lsid: string;

beforeAll(async () => {
  browser = resources.use(await launchChromium());
  appliance = resources.use(await Appliance.start());
});
afterAll(() => resources.disposeAsync());

it("finds nothing serious where a site is set up", async () => {
  await using context = await openContext(browser);
  const page = await context.newPage();
  await page.goto(`${appliance.url}/login`);
  await page.getByLabel("Set-up code").waitFor();
  expect(await violations(page)).toEqual([]);
  await appliance.setUp();
  lsid = await recordSession(appliance, administrator.name);
});

describe.each(["light", "dark"] as const)("in %s", (theme) => {
  it("finds nothing serious in the portal", async () => {
    await using context = await openContext(browser, { theme });
    const page = await context.newPage();
    await page.goto(appliance.url);
    expect(await violations(page)).toEqual([]);
    await page.locator("#key").fill("000 0000");
    await page.locator("form button").click();
    await page.getByRole("alert").waitFor();
    expect(await violations(page)).toEqual([]);
    await using representative = await signInConsole(appliance, administrator.name);
    const { key } = await representative.key();
    await page.locator("#key").fill(key);
    await page.locator("form button").click();
    await page.waitForURL("**/start");
    expect(await violations(page)).toEqual([]);
  });

  it("finds nothing serious where a console signs in", async () => {
    await using context = await openContext(browser, { theme });
    const page = await context.newPage();
    await page.goto(`${appliance.url}/device`);
    expect(await violations(page)).toEqual([]);
    await page.locator("input[name=name]").fill(administrator.name);
    await page.locator("input[name=password]").fill(administrator.password);
    await page.locator("button[type=submit]").first().click();
    await page.locator("input[name=user_code]").waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it("finds nothing serious in the administration", async () => {
    await using context = await openContext(browser, { theme });
    const page = await signedIn(context);
    for (const where of [
      "status",
      "representatives",
      "sessions",
      "audit",
      "certificate",
      "backups",
      "syslog",
      "mail",
      `sessions/${lsid}`,
    ]) {
      await page.goto(`${appliance.url}/login/${where}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      expect(await violations(page), where).toEqual([]);
    }
    await page.goto(`${appliance.url}/login/representatives`);
    await page.getByRole("button", { name: "Add representative" }).click();
    await page.getByRole("dialog").getByLabel("Name for signing in").waitFor();
    expect(await violations(page), "the dialogue").toEqual([]);
  });
});

async function signedIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${appliance.url}/login`);
  await page.getByRole("textbox", { name: "Password" }).waitFor();
  expect(await violations(page), "the front door").toEqual([]);
  await page.getByRole("textbox", { name: "Name" }).fill(administrator.name);
  await page.getByRole("textbox", { name: "Password" }).fill(administrator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: administrator.displayName }).waitFor();
  return page;
}
