import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { violations } from "../support/accessibility.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium } from "../support/chromium.ts";
import { administration } from "./login-stand.ts";

let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-site-page-"));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

it("says what the site is called, where it is reached and how many may work, and changes it", async () => {
  const file = path.join(folder, "server.json");
  writeFileSync(file, "{}");
  await using site = await administration(browser, "/site", { env: { HANDRAIL_CONFIG: file } });
  const { complaints, page } = site;
  const address = page.getByLabel("Address of the site");
  await expect.poll(() => address.inputValue()).toContain("https://127.0.0.1:");
  // The name comes from the environment of this server.
  expect(await page.getByLabel("Name of the site").isDisabled()).toBe(true);
  await page.getByText("What cannot be changed here is set where").waitFor();
  await address.fill("help.example.org");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Write an address such as https://support.example.org.").waitFor();
  await address.fill("https://help.example.org");
  await page.getByRole("textbox", { name: "Seats" }).fill("25");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("holds from the next start of the server on").waitFor();
  await page.getByText("The certificate is not for https://help.example.org").waitFor();
  await page.screenshot({ path: await artifact("login-site.png"), fullPage: true });
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "Restart the server" }).click();
  await page.getByRole("heading", { name: "Machine" }).waitFor();
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByText("→ https://help.example.org").waitFor();
  await page.getByText("seats 10 → 25").waitFor();
  expect(complaints).toEqual([]);
});
