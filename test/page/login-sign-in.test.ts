import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../support/accessibility.ts";
import { administrator, Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, type Page } from "../support/chromium.ts";
import { totpCode, wrongTotpCode } from "../support/totp.ts";
import { addRepresentative, administration, openLogin, signIn, siteEnv } from "./login-stand.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe("setting a site up", () => {
  it("makes the first administrator with the appliance’s code, and offers a second factor", async () => {
    await using appliance = await Appliance.start({ env: siteEnv });
    await using opened = await openLogin(browser, appliance);
    const { page, complaints } = opened;
    const submit = page.getByRole("button", { name: "Set up", exact: true });
    await page.getByLabel("Set-up code").fill("BCDF-2345-BCDF-2345");
    await page.getByLabel("Name for signing in").fill("ann");
    await page.getByLabel("Name that others see").fill("Ann Archer");
    const password = page.getByRole("textbox", { name: "Password" });
    for (const weak of ["short", "aaaaaaaaaaaaaaaa", "my name is ANN, hello"]) {
      await password.fill(weak);
      expect(await submit.isDisabled(), weak).toBe(true);
    }
    await password.fill("correct horse battery");
    await submit.click();
    await page.getByText("This set-up code is wrong.").waitFor();
    await page.screenshot({ path: await artifact("login-set-up.png") });

    const code = await readFile(path.join(appliance.dataDirectory, "set-up-code"), "utf8");
    await page.getByLabel("Set-up code").fill(code.trim().toLowerCase());
    await submit.click();
    await page.getByRole("heading", { name: "Protect your account" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Later" }).click();
    await page.getByRole("heading", { name: "First steps" }).waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("How mail is sent").selectOption("Without encryption");
    await page.getByRole("button", { name: "Send a test mail" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: await artifact("login-first-steps-mail.png"), fullPage: true });
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("link", { name: "Backups", exact: true }).last().waitFor();
    await page.getByRole("button", { name: "Finish" }).click();
    await page.getByRole("heading", { name: "Status" }).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe("signing in", () => {
  it("says one sentence to a wrong name and to a wrong password", async () => {
    await using site = await administration(browser);
    await using opened = await openLogin(browser, site.appliance);
    for (const name of ["nobody", administrator.name]) {
      await signIn(opened.page, name, "not the password");
      await opened.page.getByText("The name or the password is wrong.").waitFor();
    }
  });

  it("ends with signing out, here and in the appliance", async () => {
    await using site = await administration(browser);
    const { page } = site;
    await page.getByRole("button", { name: `Account of ${administrator.displayName}` }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
  });

  it("that ended elsewhere leads back to the sign-in page, and then to the same place", async () => {
    await using site = await administration(browser, "/audit");
    const { page } = site;
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("You were signed out.").waitFor();
    await signIn(page, administrator.name, administrator.password);
    await page.getByRole("heading", { name: "Audit log" }).waitFor();
  });

  it("of a representative shows sessions and nothing that is for administrators", async () => {
    await using site = await administration(browser, "/representatives");
    await addRepresentative(site.page, "bob", "Bob Baker");
    await site.page.getByText("Bob Baker was added.").waitFor();
    await using opened = await openLogin(browser, site.appliance);
    await signIn(opened.page, "bob", "a long and safe word");
    await opened.page.getByText("This part of the site is for administrators").waitFor();
    const links = opened.page.getByRole("navigation").getByRole("link");
    expect(await links.allTextContents()).toEqual(["Sessions"]);
  });
});

describe("a second factor", () => {
  it("is set up with an app, asked for after the password, and turned off again", async () => {
    await using site = await administration(browser, "/account");
    const { appliance, complaints, page } = site;
    await page.getByRole("button", { name: "Set up a second factor" }).click();
    const secret = await shownSecret(page);
    await page.screenshot({ path: await artifact("login-second-factor.png") });
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Code from the app").fill(wrongTotpCode(secret));
    await page.getByRole("button", { name: "Turn on" }).click();
    await page.getByText("This code is wrong, or was used already.").waitFor();
    await page.getByLabel("Code from the app").fill(totpCode(secret));
    await page.getByRole("button", { name: "Turn on" }).click();
    const list = page.getByRole("list", { name: "Recovery codes" });
    await list.waitFor();
    const codes = await list.getByRole("listitem").allTextContents();
    expect(codes).toHaveLength(10);
    await page.screenshot({ path: await artifact("login-recovery-codes.png") });
    expect(await violations(page)).toEqual([]);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const kept = await readFile(await (await download).path(), "utf8");
    expect(kept).toContain(`Recovery codes for ${administrator.name} at Example Support.`);
    expect(kept).toContain(codes.join("\n"));
    await page.getByRole("button", { name: "I have kept them" }).click();
    await page.getByText("10 recovery codes are left.").waitFor();

    await using opened = await openLogin(browser, appliance, "/account", { theme: "dark" });
    await signIn(opened.page, administrator.name, administrator.password);
    const field = opened.page.getByLabel("Code from the app");
    await field.fill("BCDF-BCDF-BCDF");
    await opened.page.keyboard.press("Enter");
    await opened.page.getByText("This code is wrong, or was used already.").waitFor();
    await opened.page.screenshot({ path: await artifact("login-second-step-dark.png") });
    expect(await violations(opened.page)).toEqual([]);
    await field.fill(codes[0] ?? "");
    await opened.page.keyboard.press("Enter");
    await opened.page.getByText("9 recovery codes are left.").waitFor();

    await using there = await openLogin(browser, appliance);
    await signInForConsole(there.page, appliance.url, [administrator.name, administrator.password]);
    const factor = there.page.locator("input[name=factor]");
    await factor.fill("BCDF-BCDF-BCDF");
    await there.page.keyboard.press("Enter");
    await there.page.getByRole("alert").waitFor();
    for (const theme of ["light", "dark"] as const) {
      await there.page.emulateMedia({ colorScheme: theme });
      await there.page.screenshot({ path: await artifact(`console-second-step-${theme}.png`) });
      expect(await violations(there.page), theme).toEqual([]);
    }
    expect(there.complaints).toEqual([]);

    await opened.page.getByRole("button", { name: "Turn off…" }).click();
    const dialog = opened.page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Password" }).fill(administrator.password);
    await dialog.getByLabel("Code from the app, or a recovery code").fill(codes[1] ?? "");
    await dialog.getByRole("button", { name: "Turn off" }).click();
    await opened.page.getByText("Off: your password alone lets in.").waitFor();
    expect([...complaints, ...opened.complaints]).toEqual([]);
  });

  it("that the site asks for is set up at the next sign-in, before anything else", async () => {
    await using site = await administration(browser, "/representatives");
    const { page } = site;
    await addRepresentative(page, "bob", "Bob Baker");
    await page.getByText("Bob Baker was added.").waitFor();
    const everyone = page.getByRole("radio", { name: "Everyone" });
    await everyone.check();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("Set up a second factor of your own first").waitFor();
    await page.getByRole("button", { name: `Account of ${administrator.displayName}` }).click();
    await page.getByRole("menuitem", { name: "Your account" }).click();
    await page.getByRole("button", { name: "Set up a second factor" }).click();
    await turnOn(page);
    await page.getByText("The second factor is on.").waitFor();
    await page.getByRole("link", { name: "Representatives" }).click();
    await everyone.check();
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("The rule about second factors was saved.").waitFor();
    await page.screenshot({ path: await artifact("login-second-factor-rule.png") });
    expect(await violations(page)).toEqual([]);

    await using opened = await openLogin(browser, site.appliance, "", { locale: "fr-FR" });
    const bobs = opened.page;
    const elsewhere = await bobs.context().newPage();
    await signInForConsole(elsewhere, site.appliance.url, ["bob", "a long and safe word"]);
    await elsewhere.getByRole("link", { name: "Le configurer" }).waitFor();
    await elsewhere.screenshot({ path: await artifact("console-set-up-first-fr.png") });
    expect(await violations(elsewhere)).toEqual([]);
    await elsewhere.close();
    await bobs.getByRole("textbox", { name: "Nom" }).fill("bob");
    await bobs.getByRole("textbox", { name: "Mot de passe" }).fill("a long and safe word");
    await bobs.getByRole("button", { name: "Se connecter" }).click();
    await bobs.getByRole("heading", { name: "Configurez un second facteur" }).waitFor();
    const secret = await shownSecret(bobs);
    await bobs.screenshot({ path: await artifact("login-second-factor-fr.png") });
    await bobs.getByLabel("Code de l’application").fill(totpCode(secret));
    await bobs.keyboard.press("Enter");
    await bobs.getByRole("button", { name: "Je les ai gardés" }).click();
    await bobs.getByRole("link", { name: "Sessions" }).waitFor();

    await page.reload();
    await page.getByRole("button", { name: "Actions for Bob Baker" }).click();
    await page.getByRole("menuitem", { name: "Reset second factor…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await page.getByText("The second factor of Bob Baker was reset.").waitFor();
    await bobs.reload();
    await bobs.getByRole("button", { name: "Se connecter" }).waitFor();
    expect([...site.complaints, ...opened.complaints]).toEqual([]);
  });
});

/** Name and password on the page where a console is let in. */
async function signInForConsole(page: Page, url: string, who: [name: string, password: string]) {
  await page.goto(`${url}/device`);
  await page.locator("input[name=name]").fill(who[0]);
  await page.locator("input[name=password]").fill(who[1]);
  await page.keyboard.press("Enter");
}

/** The key for the app, as the page shows it for typing. */
async function shownSecret(page: Page): Promise<string> {
  const shown = await page.locator(".code", { hasText: /^([A-Z2-7]{4} ?)+$/ }).textContent();
  return shown ?? "";
}

async function turnOn(page: Page): Promise<void> {
  await page.getByLabel("Code from the app").fill(totpCode(await shownSecret(page)));
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("button", { name: "I have kept them" }).click();
}
