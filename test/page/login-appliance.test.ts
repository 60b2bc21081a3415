import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { addRepresentative, administration } from "./login-stand.ts";
import { signInConsole } from "./recorded-session.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe("the appliance", () => {
  it("shows its fingerprint, and that the audit log is intact", async () => {
    await using site = await administration(browser, "/status");
    const { appliance, complaints, page } = site;
    const listening = /"fingerprint":"([0-9A-F:]{95})"/.exec(appliance.program.output);
    await page.getByText(listening?.[1] ?? "no fingerprint").waitFor();
    await page.getByText("Intact").waitFor();
    await page.getByText("0 of 10 in use").waitFor();
    await using console = await signInConsole(appliance, administrator.name);
    expect(console.welcome).toBeDefined();
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("1 of 10 in use").waitFor();
    await page.screenshot({ path: await artifact("login-status.png") });
    expect(complaints).toEqual([]);
  });

  it("keeps every change in the audit log, with who made it", async () => {
    await using site = await administration(browser, "/representatives");
    const { page } = site;
    await addRepresentative(page, "bob", "Bob Baker");
    await page.getByText("Bob Baker was added.").waitFor();
    await page.getByRole("link", { name: "Audit log" }).click();
    const row = page.getByRole("row").filter({ hasText: "account.added" });
    await row.getByText("Added the account bob (Representative)").waitFor();
    await row.getByText(administrator.displayName).waitFor();
    await page.getByText("Signed in from").first().waitFor();
    // One person has one name, by whatever part of the appliance it was written.
    expect(await page.getByRole("cell", { name: administrator.name, exact: true }).count()).toBe(0);
  });

  it("lets the rows of the audit log be chosen, and takes them away as a file", async () => {
    await using site = await administration(browser, "/audit");
    const { complaints, page } = site;
    const events = page.locator("tbody tr");
    await page.getByText("site.set-up").waitFor();
    await page.getByLabel("Kind").selectOption("Sign-ins and consoles");
    await poll("only sign-ins are there", async () => (await events.count()) === 1);
    await page.getByText("sign-in.succeeded").waitFor();
    await page.screenshot({ path: await artifact("login-audit.png") });
    await page.getByLabel("Search").fill("nothing like this");
    await page.getByText("No row matches.").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByLabel("From").fill("2999-01-01");
    await page.getByText("No row matches.").waitFor();
    await page.getByLabel("From").fill("");
    await page.getByLabel("Representative").selectOption(administrator.displayName);
    await page.getByText("sign-in.succeeded").waitFor();
    await page.getByText("site.set-up").waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Export" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "As a table (CSV)" }).click();
    const file = await (await download).path();
    const lines = (await readFile(file, "utf8")).split("\r\n");
    expect(lines[0]).toBe('"row","time","event","who","account","session","details","hash"');
    expect(lines[1]).toContain('"sign-in.succeeded"');
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("Took the audit log away as a file").waitFor();
    expect(complaints).toEqual([]);
  });
});
