import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, type Page } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { administration, openLogin } from "./login-stand.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe("whoever uses it", () => {
  it("reads French when the browser asks for it, and English by the menu", async () => {
    await using site = await administration(browser, "/status", {});
    await using opened = await openLogin(browser, site.appliance, "", {
      locale: "fr-FR",
      theme: "dark",
    });
    const { page } = opened;
    await page.getByRole("heading", { name: "Connexion" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("fr");
    await page.getByRole("textbox", { name: "Nom" }).fill(administrator.name);
    await page.getByRole("textbox", { name: "Mot de passe" }).fill(administrator.password);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.getByRole("heading", { name: "État" }).waitFor();
    await page.getByText("Intact").waitFor();
    await page.screenshot({ path: await artifact("login-status-french-dark.png") });
    const disk = page.getByRole("meter", { name: "Espace disque utilisé" });
    expect(await disk.getAttribute("aria-valuetext")).toMatch(/ libres sur /);
    await page.getByRole("link", { name: "Journal d’audit" }).click();
    await page.getByText("A mis le site en service").waitFor();
    await page.screenshot({ path: await artifact("login-audit-french-dark.png") });
    await page.getByRole("link", { name: "État" }).click();
    await page.getByRole("heading", { name: "État" }).waitFor();
    await page.getByLabel("Langue").selectOption("English");
    await page.getByRole("heading", { name: "Status" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Status" }).waitFor();
  });

  it("gets everywhere by the keyboard alone", async () => {
    await using site = await administration(browser, "/status");
    const { page } = site;
    await page.getByText("Intact").waitFor();
    await page.reload();
    await page.getByText("Intact").waitFor();
    expect(await focused(page)).toBe("Status");
    await page.getByRole("link", { name: "Skip to content" }).focus();
    await press(page, "Tab", "Language");
    await press(page, "Tab", `Account of ${administrator.displayName}`);
    await press(page, "Tab", "Status");
    await press(page, "Tab", "Representatives");
    await page.keyboard.press("Enter");
    await poll("the heading has the focus", async () => {
      return (await focused(page)) === "Representatives" && page.url().endsWith("representatives");
    });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Add representative" });
    await dialog.waitFor();
    await poll("the dialog has the focus", async () => {
      return (await focused(page)).startsWith("Name for signing in");
    });
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await poll("the focus is where it was", async () => {
      return (await focused(page)) === "Add representative";
    });
    const menu = `Actions for ${administrator.displayName}`;
    await page.getByRole("button", { name: menu }).focus();
    await page.keyboard.press("Enter");
    await poll("an entry of the menu has the focus", async () => {
      await page.keyboard.press("ArrowDown");
      return (await focused(page)) === "Reset password…";
    });
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await poll("the focus is at the menu again", async () => (await focused(page)) === menu);
  });

  it("has it fit a telephone", async () => {
    const viewport = { width: 360, height: 740 };
    await using site = await administration(browser, "", { viewport });
    const { page } = site;
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Representatives" }).click();
    await page.getByRole("button", { name: "Add representative" }).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(viewport.width);
    await page.screenshot({ path: await artifact("login-narrow.png") });
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText("site.set-up").waitFor();
    const menu = page.getByRole("navigation", { name: "Administration" });
    await poll("the menu is out of the way", async () => {
      const box = await menu.boundingBox();
      return box === null || box.x + box.width <= 0;
    });
    const audit = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(audit).toBeLessThanOrEqual(viewport.width);
    await page.screenshot({ path: await artifact("login-audit-narrow.png") });
  });
});

async function press(page: Page, key: string, expected: string): Promise<void> {
  await page.keyboard.press(key);
  expect(await focused(page)).toBe(expected);
}

/** The name of what has the focus, near enough to what is read out. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
    return element?.getAttribute("aria-label") ?? label ?? element?.textContent ?? "";
  });
}
