import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, openContext, type Page } from "../support/chromium.ts";
import { signInConsole } from "./recorded-session.ts";

// Packing the customer's client takes a processor for seconds, and nobody here downloads it.
const env = { HANDRAIL_CLIENT_DIRECTORY: "/nonexistent" };
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** The page of the teams, with an administrator signed in and all that its console complains about. */
async function openTeams(locale = "en-GB") {
  await using stack = new AsyncDisposableStack();
  const appliance = stack.use(await Appliance.start({ env }));
  await appliance.setUp();
  const context = await openContext(browser, { locale });
  stack.defer(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${appliance.url}/login/teams`);
  await page.locator("input[autocomplete=username]").fill(administrator.name);
  await page.locator("input[type=password]").fill(administrator.password);
  await page.keyboard.press("Enter");
  const moved = stack.move();
  return { appliance, complaints, page, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

/** Makes a team of the administrator alone, by the keyboard. */
async function addTeam(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Add team" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Add team" });
  await dialog.getByRole("checkbox", { name: administrator.displayName }).waitFor();
  await dialog.getByLabel("Name", { exact: false }).first().focus();
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await page.getByText(`${name} was added.`).waitFor();
}

describe("the page of the teams", () => {
  it("makes, renames and deletes a team by the keyboard, and consoles follow", async () => {
    await using site = await openTeams();
    const { appliance, complaints, page } = site;
    await page.getByText("There are no teams yet.").waitFor();
    await using console = await signInConsole(appliance, administrator.name);
    await addTeam(page, "Second line");
    const row = page.getByRole("row", { name: "Second line" });
    await row.getByText(administrator.displayName).waitFor();
    const { queues } = await console.hears("queues.changed");
    expect(queues.map(({ name }) => name)).toContain("Second line");
    await page.screenshot({ path: await artifact("login-teams.png") });

    await page.getByRole("button", { name: "Edit Second line" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Edit Second line" });
    await page.screenshot({ path: await artifact("login-team.png") });
    await dialog.getByRole("textbox").fill("Third line");
    await page.keyboard.press("Enter");
    await page.getByText("Third line was changed.").waitFor();
    await console.hears("queues.changed", (seen) => {
      return seen.queues.some(({ name }) => name === "Third line");
    });

    await page.getByRole("button", { name: "Delete Third line…" }).press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("Third line was deleted.").waitFor();
    await page.getByText("There are no teams yet.").waitFor();
    await console.hears("queues.changed", (seen) => seen.queues.length === 2);
    expect(complaints).toEqual([]);
  });

  it("says at the field that a name is taken", async () => {
    await using site = await openTeams();
    await addTeam(site.page, "Printers");
    await site.page.getByRole("button", { name: "Add team" }).click();
    const dialog = site.page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("PRINTERS");
    await site.page.keyboard.press("Enter");
    await dialog.getByText("This name is taken.").waitFor();
  });

  it("speaks French", async () => {
    await using site = await openTeams("fr-FR");
    await site.page.getByRole("heading", { name: "Équipes" }).waitFor();
    await site.page.getByRole("button", { name: "Ajouter une équipe" }).waitFor();
  });
});
