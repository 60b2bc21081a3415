import { afterAll, beforeAll, expect, it } from "vitest";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium } from "../support/chromium.ts";
import { administration } from "./login-stand.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

it("defines a special action, changes it, and keeps in the audit log what was before", async () => {
  await using site = await administration(browser, "/actions");
  const { page, appliance } = site;
  await page.getByText("No special action has been defined.").waitFor();
  await page.getByRole("button", { name: "Add special action" }).click();
  const dialog = page.getByRole("dialog", { name: "Add special action" });
  const add = dialog.getByRole("button", { name: "Add", exact: true });
  await dialog.getByLabel("Name in English").fill("Flush DNS");
  await dialog.getByLabel("Name in French").fill("Vider le cache DNS");
  await dialog.getByLabel("Command").fill("resolvectl flush-caches");
  await dialog.getByLabel("Question to the customer in English").fill("May I?");
  // A question in one language alone would leave the others without one.
  expect(await add.isDisabled()).toBe(true);
  await dialog.getByLabel("Question to the customer in French").fill("Puis-je ?");
  await page.screenshot({ path: await artifact("login-action.png") });
  await add.click();
  const row = page.getByRole("row", { name: "Flush DNS" });
  await row.getByText("Every representative").waitFor();
  await row.getByText("is asked").waitFor();
  await row.getByRole("button", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: "Flush DNS" });
  await edit.getByLabel("Command").fill("nscd -i hosts");
  await edit.getByRole("button", { name: "Save" }).click();
  await row.getByText("nscd -i hosts").waitFor();
  await page.screenshot({ path: await artifact("login-actions.png") });
  await page.goto(`${appliance.url}/login/audit`);
  const changed = "Changed the special action Flush DNS, now nscd -i hosts, before resolvectl";
  await page.getByText(changed).waitFor();
  expect(site.complaints).toEqual([]);
});
