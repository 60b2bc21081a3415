import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium } from "../support/chromium.ts";
import { addRepresentative, administration, openLogin, signIn, siteEnv } from "./login-stand.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe("setting a site up", () => {
  it("makes the first administrator, with the code that the appliance showed", async () => {
    await using appliance = await Appliance.start({ env: siteEnv });
    await using opened = await openLogin(browser, appliance);
    const { page, complaints } = opened;
    const submit = page.getByRole("button", { name: "Set up" });
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
