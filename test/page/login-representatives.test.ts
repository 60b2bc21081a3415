import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, type Page } from "../support/chromium.ts";
import { addRepresentative, administration, openLogin, signIn } from "./login-stand.ts";
import { beginSession } from "./recorded-session.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe("representatives", () => {
  it("a name that is taken is said at the field", async () => {
    await using site = await administration(browser, "/representatives");
    await addRepresentative(site.page, administrator.name.toUpperCase(), "Another Ann");
    const dialog = site.page.getByRole("dialog");
    await dialog.getByText("This name is taken.").waitFor();
    await site.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  it("what is denied to one is refused to that one's console, and allowed again at once", async () => {
    await using site = await administration(browser, "/representatives");
    const { appliance, complaints, page } = site;
    await addRepresentative(page, "bob", "Bob Baker");
    await page.getByText("Bob Baker was added.").waitFor();
    const row = page.getByRole("row", { name: "Bob Baker" });
    await changeRule(page, "Bob Baker", "Deny");
    await row.getByText("1 rule").waitFor();

    await using session = await beginSession(appliance, "bob");
    const { lsid, representative } = session;
    const ask = () => representative.outcome("permission.request", { lsid, permission: "control" });
    expect(await ask()).toBe("not-permitted");
    await changeRule(page, "Bob Baker", "Not defined");
    await row.getByText("none").waitFor();
    expect(await ask()).toBe("allowed");
    expect(complaints).toEqual([]);
  });

  it("who is disabled cannot sign in until enabled again", async () => {
    await using site = await administration(browser, "/representatives");
    const { appliance, page } = site;
    await addRepresentative(page, "bob", "Bob Baker");
    await page.getByText("Bob Baker was added.").waitFor();
    await act(page, "Bob Baker", "Disable…");
    await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
    await page.getByRole("row", { name: "Bob Baker" }).getByText("Disabled").waitFor();
    await using opened = await openLogin(browser, appliance);
    await signIn(opened.page, "bob", "a long and safe word");
    await opened.page.getByText("This account is disabled.").waitFor();

    await act(page, "Bob Baker", "Enable");
    await page.getByRole("row", { name: "Bob Baker" }).getByText("Enabled").waitFor();
    await signIn(opened.page, "bob", "a long and safe word");
    await opened.page.getByRole("navigation", { name: "Administration" }).waitFor();
  });

  it("the last administrator cannot be disabled", async () => {
    await using site = await administration(browser, "/representatives");
    await act(site.page, administrator.displayName, "Disable…");
    await site.page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
    await site.page.getByText("The site needs at least one enabled administrator.").waitFor();
  });

  it("a new password replaces the old one and ends what was open", async () => {
    await using site = await administration(browser, "/representatives");
    const { appliance, page } = site;
    await addRepresentative(page, "bob", "Bob Baker");
    await page.getByText("Bob Baker was added.").waitFor();
    await using opened = await openLogin(browser, appliance);
    await signIn(opened.page, "bob", "a long and safe word");
    await opened.page.getByRole("link", { name: "Sessions" }).click();
    await opened.page.getByText("There are no sessions yet.").waitFor();

    await act(page, "Bob Baker", "Reset password…");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Password" }).fill("quite another word");
    await dialog.getByRole("button", { name: "Set password" }).click();
    await page.getByText("Bob Baker has a new password.").waitFor();

    await opened.page.getByRole("button", { name: "Refresh" }).click();
    await opened.page.getByText("You were signed out.").waitFor();
    await signIn(opened.page, "bob", "a long and safe word");
    await opened.page.getByText("The name or the password is wrong.").waitFor();
    await signIn(opened.page, "bob", "quite another word");
    await opened.page.getByRole("navigation", { name: "Administration" }).waitFor();
  });
});

/** Sets somebody's own rule for mouse and keyboard. */
async function changeRule(page: Page, name: string, rule: string): Promise<void> {
  await page.getByRole("button", { name: `Edit ${name}` }).click();
  const group = page.getByRole("radiogroup", { name: "Mouse and keyboard: Rule" });
  await group.getByText(rule, { exact: true }).click();
  await page.screenshot({ path: await artifact("login-rules.png") });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(`${name} was changed.`).waitFor();
}

async function act(page: Page, name: string, what: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: what }).click();
}
