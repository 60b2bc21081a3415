import { afterAll, beforeAll, expect, it } from "vitest";
import { readFile } from "node:fs/promises";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, type Page } from "../support/chromium.ts";
import { connectCustomer } from "../support/party.ts";
import { administrator } from "../support/appliance.ts";
import { administration } from "./login-stand.ts";
import { signInConsole } from "./recorded-session.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Adds a canned message and a field, as far as the page lets one. */
async function define(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Add canned message" }).click();
  const message = page.getByRole("dialog", { name: "Add canned message" });
  await message.getByLabel("Title").fill("Greeting");
  await message.getByLabel("Message").fill("Hello ${session.customer.nick}");
  await message.getByRole("button", { name: "Add", exact: true }).click();
  await message.getByText("a macro in it does not exist").waitFor();
  await message.getByLabel("Message").fill("Hello ${session.customer.name}");
  await message.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("row", { name: /Greeting .* Every language/ }).waitFor();
  await page.getByRole("button", { name: "Edit Greeting" }).click();
  const edited = page.getByRole("dialog", { name: "Edit Greeting" });
  await edited.getByLabel("Language").selectOption("en");
  await edited.getByRole("button", { name: "Save" }).click();
  await page.getByRole("row", { name: /Greeting .* English/ }).waitFor();
  await page.getByRole("button", { name: "Add field" }).click();
  const field = page.getByRole("dialog", { name: "Add field" });
  await field.getByLabel("Name").fill("Cause");
  await field.getByLabel("Kind").selectOption("choice");
  await field.getByLabel("Choices").fill("Ink\nPaper\n\nInk");
  await field.getByLabel("Required").check();
  await page.screenshot({ path: await artifact("login-field.png") });
  await field.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("row", { name: "Cause Ink, Paper Yes" }).waitFor();
  await page.getByRole("button", { name: "Add question" }).click();
  const question = page.getByRole("dialog", { name: "Add question" });
  await question.getByLabel("Question in English").fill("Are you content?");
  await question.getByLabel("Question in French").fill("Êtes-vous satisfait ?");
  await question.getByRole("button", { name: "Add", exact: true }).click();
  await question.waitFor({ state: "hidden" });
  await page.getByRole("row", { name: /Are you content\? .* The customer From 1 to 5/ }).waitFor();
}

it("defines messages and fields, and shows what a session's record has of them", async () => {
  await using site = await administration(browser, "/conversation");
  const { appliance, page } = site;
  await define(page);
  await page.screenshot({ path: await artifact("login-conversation.png") });
  await using console = await signInConsole(appliance, administrator.name);
  const { lsid, key } = await console.key();
  await using customer = await connectCustomer(appliance.url, { key });
  await console.call("session.accept", { lsid });
  await customer.call("chat.send", { text: "It hums" });
  for (let at = 1; at <= 30; at++) await customer.call("chat.send", { text: `Page ${at}` });
  await console.call("chat.push-url", { lsid, url: "https://example.org/help" });
  await console.call("note.keep", { lsid, note: { title: "", text: "Damp paper" } });
  const fields = [{ id: "external-key", value: "T-1000" }];
  await console.call("session.fill-in", { lsid, fields });
  await console.call("session.end", { lsid });
  const { survey = [] } = await customer.hears("session.ended");
  const answers = survey.map(({ id }) => ({ id, value: "4" }));
  await customer.call("survey.answer", { answers });
  await page.goto(`${appliance.url}/login/sessions/${lsid}`);
  await page.getByText("T-1000").waitFor();
  await page.getByText("Damp paper").waitFor();
  await page.getByText("4 of 5").waitFor();
  await page.screenshot({ path: await artifact("login-session-record.png"), fullPage: true });
  // Of what is long the beginning, and the rest when one wishes, read on from there.
  expect(await page.getByText("Page 30").count()).toBe(0);
  await page.getByRole("button", { name: "Show all 32 messages" }).press("Enter");
  await page.getByText("Page 30").waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Page 30");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as text" }).click();
  const text = await readFile(await (await download).path(), "utf8");
  expect(text).toMatch(
    /Carla: It hums\n[^]*Page 30\n.*Page offered: https:\/\/example\.org\/help\n$/,
  );
  expect(site.complaints).toEqual([]);
});
