import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { violations } from "../support/accessibility.ts";
import { Appliance } from "../support/appliance.ts";
import type { Frame } from "../support/chromium.ts";
import { connectCustomer, type CustomerEnd, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { CustomerScreen } from "./customer-screen.ts";
import { Representative } from "./representative.ts";
import type { Workbench } from "./workbench.ts";

// A representative who speaks French, uses a high-contrast theme, and no mouse. Told in order: each
// test goes on where the one before it stopped.
const resources = new AsyncDisposableStack();
let appliance: Appliance;
let representative: Representative;
let vscode: Workbench;
let customer: CustomerEnd;
let screen: CustomerScreen;
let pane: Frame;

beforeAll(async () => {
  appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  representative = resources.use(
    await Representative.start(appliance, undefined, { language: "fr", theme: "high-contrast" }),
  );
  vscode = representative.vscode;
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await vscode.screenshot("french-failed");
});

it("speaks French where VS Code does: in lists, messages and names of commands", async () => {
  await vscode.treeItem("File générale").waitFor();
  await vscode.page.locator(".pane-header", { hasText: "Représentants" }).waitFor();
  await vscode.page.keyboard.press("F1");
  await vscode.quickInput.fill(">Handrail");
  await vscode.quickPick("Accepter une session").waitFor();
  await vscode.screenshot("french-1-commands");
  await vscode.page.keyboard.press("Escape");
});

it("keeps the sockets of VS Code in the folder that goes with it", async () => {
  const home = path.dirname(vscode.server.userData);
  const names = await poll("VS Code listens", async () =>
    (await readdir(home)).filter((name) => name.startsWith("vscode-ipc-")),
  );
  expect(names).not.toEqual([]);
});

it("accepts who has used a key, by shortcuts alone", async () => {
  const key = await representative.createKey();
  customer = resources.use(await connectCustomer(appliance.url, { key }));
  await vscode.treeItem(sampleCustomer.name).waitFor();
  await vscode.screenshot("french-2-waiting");
  await shortcut("a");
  await vscode.tab(sampleCustomer.name).waitFor();
  screen = new CustomerScreen(customer);
  await screen.show();
  pane = await representative.pane(sampleCustomer.name);
  expect(await violations(pane)).toEqual([]);
  await vscode.screenshot("french-3-screen");
});

it("gives the keyboard to the customer's computer with Enter, and takes it back", async () => {
  await shortcut("c");
  await pane.locator('.toolbar button.wide[aria-pressed="true"]').waitFor();
  await shortcut("d");
  await poll("the screen has the focus", () => isFocused(".screen textarea"));
  await vscode.page.keyboard.press("Enter");
  await pane.locator('.screen[data-grabbed="true"]').waitFor();
  await vscode.page.keyboard.press("q");
  await poll("the key arrives", () => screen.keysyms.includes(0x71));
  expect(await violations(pane)).toEqual([]);
  await vscode.screenshot("french-4-control");
  for (const key of ["Control", "Alt", "Shift"]) await vscode.page.keyboard.down(key);
  for (const key of ["Shift", "Alt", "Control"]) await vscode.page.keyboard.up(key);
  await pane.locator('.screen[data-grabbed="false"]').waitFor();
});

it("writes in the chat", async () => {
  await poll("the chat has the focus", async () => {
    // VS Code learns a little later that the keyboard is its own again.
    await shortcut("t");
    return poll("it does", () => isFocused('textarea[aria-label="Écrire un message"]'), 1_000);
  });
  await vscode.page.keyboard.type("Bonjour, je vois votre écran.");
  await vscode.page.keyboard.press("Enter");
  await customer.hears("chat.message", ({ text }) => text.startsWith("Bonjour"));
  await customer.call("chat.send", { text: "Merci ! https://exemple.invalid" });
  await pane.getByText("Merci").waitFor();
  expect(await violations(pane)).toEqual([]);
  await vscode.screenshot("french-5-chat");
});

it("reaches every tool with the Tab key, and leaves the pane with it", async () => {
  const reached = new Set<string>();
  for (let i = 0; i < 40 && !reached.has("aside .tab"); i++) {
    await vscode.page.keyboard.press("Shift+Tab");
    reached.add(await focusedPart());
  }
  expect([...reached]).toContain("aside .tab");
  for (let i = 0; i < 40 && !reached.has("toolbar"); i++) {
    await vscode.page.keyboard.press("Shift+Tab");
    reached.add(await focusedPart());
  }
  expect([...reached]).toContain("toolbar");
});

it("ends the session, and plays its recording", async () => {
  await shortcut("e");
  expect(await pane.locator('textarea[aria-label="Écrire un message"]').inputValue()).toBe("");
  await vscode.dialog("Terminer la session").waitFor();
  await vscode.screenshot("french-6-end");
  await vscode.page.keyboard.press("Enter");
  await customer.hears("session.ended");
  await pane.locator('[data-situation="ended"]').waitFor();
  expect(await violations(pane)).toEqual([]);
  await vscode.screenshot("french-7-ended");
  await poll("the button that plays the recording has the focus", async () => {
    await vscode.page.keyboard.press("Tab");
    return isFocused(".card .actions > *:first-child");
  });
  await vscode.page.keyboard.press("Enter");
  const player = await vscode.webview("canvas.recorded");
  await poll(
    "the recording has a length",
    async () => Number(await player.locator("input.position").getAttribute("max")) > 0,
  );
  await shortcut("Space");
  await player.locator('button[data-shows="again"]').waitFor();
  expect(await violations(player)).toEqual([]);
  await vscode.screenshot("french-8-recording");
});

/** The second key of the shortcuts that begin with Ctrl+Alt+H. */
async function shortcut(key: string): Promise<void> {
  await vscode.page.keyboard.press("Control+Alt+h");
  await vscode.page.keyboard.press(key);
}

function isFocused(selector: string): Promise<boolean> {
  return pane.evaluate(
    (wanted) => document.hasFocus() && (document.activeElement?.matches(wanted) ?? false),
    selector,
  );
}

function focusedPart(): Promise<string> {
  return pane.evaluate(() => {
    const focused = document.hasFocus() ? document.activeElement : null;
    if (focused?.closest("aside") && focused.matches(".tab")) return "aside .tab";
    return focused?.closest('[role="toolbar"]') ? "toolbar" : "elsewhere";
  });
}
