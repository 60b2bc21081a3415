import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Hello } from "@handrail/protocol";
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
import { CustomerEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { beginSession, lastColor, recordSession, signInConsole } from "./recorded-session.ts";

const siteName = "Example Support";
const oddCustomer = {
  name: `\u05d3\u05d5\u05d3 <b>${"x".repeat(60)}</b>`,
  computer: `pc-${"z".repeat(200)}`,
  platform: "Linux",
  issue: `"><script>alert(1)</script> ${"w".repeat(400)}`,
};
/** As it stands in a sentence: its letters run from right to left, those around it do not. */
const isolatedName = `\u2068${oddCustomer.name}\u2069`;
// Packing the customer's client takes a processor for seconds, and nobody here downloads it.
const env = { HANDRAIL_SITE_NAME: siteName, HANDRAIL_CLIENT_DIRECTORY: "/nonexistent" };
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** A window at /login, with everything that its console complains about. */
async function openLogin(appliance: Appliance, where = "", options: ContextOptions = {}) {
  const context = await openContext(browser, options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // Refused requests are answers like any other; the page says what they mean.
    const isRefusal = message.text().includes("the server responded with a status of 4");
    if (message.type() === "error" && !isRefusal) complaints.push(message.text());
  });
  await page.goto(`${appliance.url}/login${where}`);
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** A site that is set up, and its administrator at a page of /login. */
async function administration(where = "", options: ContextOptions = {}) {
  await using stack = new AsyncDisposableStack();
  const appliance = stack.use(await Appliance.start({ env }));
  await appliance.setUp();
  const opened = stack.use(await openLogin(appliance, where, options));
  await signIn(opened.page, administrator.name, administrator.password);
  const account = `Account of ${administrator.displayName}`;
  await opened.page.getByRole("button", { name: account }).waitFor();
  const moved = stack.move();
  return { ...opened, appliance, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

async function addRepresentative(page: Page, name: string, displayName: string): Promise<void> {
  await page.getByRole("button", { name: "Add representative" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name for signing in").fill(name);
  await dialog.getByLabel("Name that others see").fill(displayName);
  await dialog.getByRole("textbox", { name: "Password" }).fill("a long and safe word");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
}

describe("setting a site up", () => {
  it("makes the first administrator, with the code that the appliance showed", async () => {
    await using appliance = await Appliance.start({ env });
    await using opened = await openLogin(appliance);
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
    await using site = await administration();
    await using opened = await openLogin(site.appliance);
    for (const name of ["nobody", administrator.name]) {
      await signIn(opened.page, name, "not the password");
      await opened.page.getByText("The name or the password is wrong.").waitFor();
    }
  });

  it("ends with signing out, here and in the appliance", async () => {
    await using site = await administration();
    const { page } = site;
    await page.getByRole("button", { name: `Account of ${administrator.displayName}` }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
  });

  it("that ended elsewhere leads back to the sign-in page, and then to the same place", async () => {
    await using site = await administration("/audit");
    const { page } = site;
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("You were signed out.").waitFor();
    await signIn(page, administrator.name, administrator.password);
    await page.getByRole("heading", { name: "Audit log" }).waitFor();
  });

  it("of a representative shows sessions and nothing that is for administrators", async () => {
    await using site = await administration("/representatives");
    await addRepresentative(site.page, "bob", "Bob Baker");
    await site.page.getByText("Bob Baker was added.").waitFor();
    await using opened = await openLogin(site.appliance);
    await signIn(opened.page, "bob", "a long and safe word");
    await opened.page.getByText("This part of the site is for administrators").waitFor();
    const links = opened.page.getByRole("navigation").getByRole("link");
    expect(await links.allTextContents()).toEqual(["Sessions"]);
  });
});

describe("representatives", () => {
  it("a name that is taken is said at the field", async () => {
    await using site = await administration("/representatives");
    await addRepresentative(site.page, administrator.name.toUpperCase(), "Another Ann");
    const dialog = site.page.getByRole("dialog");
    await dialog.getByText("This name is taken.").waitFor();
    await site.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  it("what is denied to one is refused to that one's console, and allowed again at once", async () => {
    await using site = await administration("/representatives");
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
    await using site = await administration("/representatives");
    const { appliance, page } = site;
    await addRepresentative(page, "bob", "Bob Baker");
    await page.getByText("Bob Baker was added.").waitFor();
    await act(page, "Bob Baker", "Disable…");
    await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
    await page.getByRole("row", { name: "Bob Baker" }).getByText("Disabled").waitFor();
    await using opened = await openLogin(appliance);
    await signIn(opened.page, "bob", "a long and safe word");
    await opened.page.getByText("This account is disabled.").waitFor();

    await act(page, "Bob Baker", "Enable");
    await page.getByRole("row", { name: "Bob Baker" }).getByText("Enabled").waitFor();
    await signIn(opened.page, "bob", "a long and safe word");
    await opened.page.getByRole("navigation", { name: "Administration" }).waitFor();
  });

  it("the last administrator cannot be disabled", async () => {
    await using site = await administration("/representatives");
    await act(site.page, administrator.displayName, "Disable…");
    await site.page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
    await site.page.getByText("The site needs at least one enabled administrator.").waitFor();
  });

  it("a new password replaces the old one and ends what was open", async () => {
    await using site = await administration("/representatives");
    const { appliance, page } = site;
    await addRepresentative(page, "bob", "Bob Baker");
    await page.getByText("Bob Baker was added.").waitFor();
    await using opened = await openLogin(appliance);
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

describe("sessions", () => {
  it("are found, told in full and played", async () => {
    await using site = await administration();
    const { appliance, complaints, page } = site;
    const lsid = await recordSession(appliance, administrator.name);
    await page.getByRole("link", { name: "Sessions" }).click();
    await page.getByRole("link", { name: "Carla" }).waitFor();
    await page.screenshot({ path: await artifact("login-sessions.png") });
    await page.getByLabel("Search sessions").fill("no such customer");
    await page.getByText("No session matches.").waitFor();
    await page.getByLabel("Search sessions").fill(lsid.slice(4, 20));
    await page.getByRole("link", { name: "Carla" }).click();

    await page.getByRole("heading", { name: "Session with Carla" }).waitFor();
    const chat = page.getByRole("region", { name: "Chat" });
    await chat.getByText("Does it print now?").waitFor();
    await chat.getByText("Yes, thank you <b>!</b>").waitFor();
    await page.getByRole("region", { name: "Events" }).getByText("Recording started").waitFor();
    const details = page.getByRole("region", { name: "Details" });
    await details.getByText("carla-pc").waitFor();
    await details.getByText("Ended by Ann Archer").waitFor();
    await details.getByText("See the screen – granted").waitFor();
    await details.getByText("Recording – allowed without asking").waitFor();

    // Not loaded before it is wanted: the audit log says who opened it.
    expect(await page.getByRole("img", { name: "Recorded screen" }).count()).toBe(0);
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByRole("button", { name: "Play again" }).waitFor();
    expect(await colorOf(page)).toBe(lastColor);
    await page.screenshot({ path: await artifact("login-session.png"), fullPage: true });
    expect(complaints).toEqual([]);
  });

  it("that do not exist are said not to", async () => {
    await using site = await administration(`/sessions/${"0".repeat(32)}`);
    await site.page.getByText("This does not exist, or no longer.").waitFor();
  });
});

describe("the appliance", () => {
  it("shows its fingerprint, and that the audit log is intact", async () => {
    await using site = await administration("/status");
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
    await using site = await administration("/representatives");
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
    await using site = await administration("/audit");
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

/** A customer whose computer says odd things of itself. */
class OddCustomer extends CustomerEnd {
  protected override hello(): Hello {
    return Object.assign(super.hello(), { customer: oddCustomer });
  }
}

describe("names that people choose", () => {
  it("break no page: HTML, another direction, no end", async () => {
    const viewport = { width: 1024, height: 768 };
    await using site = await administration("", { viewport, theme: "dark" });
    const { appliance, complaints, page } = site;
    await using representative = await signInConsole(appliance, administrator.name);
    const { lsid, key } = await representative.key();
    await using customer = new OddCustomer(appliance.url, { key });
    await customer.connect();
    await representative.call("session.accept", { lsid });
    await representative.call("permission.request", { lsid, permission: "view" });
    await customer.call("chat.send", { text: `<img src=x onerror=alert(1)>${"y".repeat(500)}` });
    await representative.call("session.end", { lsid });
    await customer.hears("session.ended");

    const fits = async () => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, page.url()).toBeLessThanOrEqual(viewport.width);
      expect(await page.locator("b, img[src=x]").count()).toBe(0);
    };
    await page.getByRole("link", { name: "Sessions" }).click();
    await page.getByText(oddCustomer.computer).waitFor();
    await fits();
    await page.screenshot({ path: await artifact("login-odd-sessions.png") });
    await page.getByRole("link", { name: oddCustomer.name }).click();
    await page.getByRole("region", { name: "Chat" }).getByText("onerror").waitFor();
    await fits();
    await page.screenshot({ path: await artifact("login-odd-session.png"), fullPage: true });
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText(`${isolatedName} (customer)`).first().waitFor();
    await fits();
    await page.screenshot({ path: await artifact("login-odd-audit.png") });
    expect(complaints).toEqual([]);
  });
});

describe("whoever uses it", () => {
  it("reads French when the browser asks for it, and English by the menu", async () => {
    await using site = await administration("/status", {});
    await using opened = await openLogin(site.appliance, "", { locale: "fr-FR", theme: "dark" });
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
    await using site = await administration("/status");
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
    await using site = await administration("", { viewport });
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

/** The colour in the middle of the recorded screen, 0xRRGGBB. */
function colorOf(page: Page): Promise<number> {
  return page.getByRole("img", { name: "Recorded screen" }).evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error("not a canvas");
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext("2d");
    context?.drawImage(canvas, 0, 0);
    const pixel = context?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
    return ((pixel?.[0] ?? 0) << 16) | ((pixel?.[1] ?? 0) << 8) | (pixel?.[2] ?? 0);
  });
}
