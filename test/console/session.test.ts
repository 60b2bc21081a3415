import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { type Frame, launchChromium, openContext } from "../support/chromium.ts";
import { connectCustomer, type CustomerEnd, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Admin } from "../support/signed-in.ts";
import { CustomerScreen } from "./customer-screen.ts";
import { packConsole } from "./vsix.ts";
import { Workbench } from "./workbench.ts";

// One life of a session, told in order: each test goes on where the one before it stopped.
const resources = new AsyncDisposableStack();
let appliance: Appliance;
let vscode: Workbench;
let customer: CustomerEnd;
let screen: CustomerScreen;
let pane: Frame;
let key: string;

beforeAll(async () => {
  appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  vscode = resources.use(await Workbench.start({ vsix: [await packConsole()] }));
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  await vscode.screenshot("console-failed");
});

it("invites to sign in where there is no account", async () => {
  await vscode.statusBarItem("Handrail: sign in").waitFor();
  await vscode.activityBarItem("Handrail").click();
  await vscode.page.locator(".welcome-view-content", { hasText: "support site" }).waitFor();
  await vscode.screenshot("console-1-welcome");
});

it("shows the fingerprint of a site that nobody vouches for, and signs in by a code", async () => {
  await vscode.runCommand("Handrail: Sign In");
  await vscode.answer("Address of your support site", appliance.url);
  const trust = vscode.dialog("Is this the right site?");
  await trust.waitFor();
  await vscode.screenshot("console-2-trust");
  const { fingerprint } = JSON.parse((await appliance.ask("/api/site")).text) as {
    fingerprint: string;
  };
  const shown = (await trust.innerText()).replace(/[^0-9A-F]/g, "");
  expect(shown).toContain(fingerprint.replaceAll(":", "").toUpperCase());
  await vscode.answerDialog("Is this the right site?", "Trust This Site");
  const code = vscode.dialog("Your sign-in code is");
  const userCode = /[A-Z]{4}-[A-Z]{4}/.exec(await code.innerText())?.[0] ?? "";
  await vscode.screenshot("console-3-code");
  await approve(userCode);
  await vscode.page.keyboard.press("Escape");
  await vscode.statusBarItem(`127.0.0.1:${appliance.port}`).waitFor();
  await vscode.treeItem("General queue").waitFor();
});

it("makes one session key for a double click, with a countdown", async () => {
  for (const key of ["Control+Alt+h", "k", "Control+Alt+h", "k"]) {
    await vscode.page.keyboard.press(key);
  }
  const notice = vscode.notification(/Session key/);
  key = /\d{3} \d{4}/.exec(await notice.innerText())?.[0] ?? "";
  expect(key).toMatch(/^\d{3} \d{4}$/);
  expect(await vscode.page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  const row = vscode.treeItem(key);
  const first = await row.innerText();
  expect(first).toMatch(/1\d:\d\d left/);
  await poll("the time runs", async () => (await row.innerText()) !== first);
  expect(await notice.count()).toBe(1);
  await vscode.screenshot("console-4-key");
});

it("tells that the customer waits, and accepts", async () => {
  customer = resources.use(await connectCustomer(appliance.url, { key }));
  await vscode.treeItem(sampleCustomer.name).waitFor();
  const row = await vscode.treeItem(sampleCustomer.name).first().innerText();
  for (const fact of [sampleCustomer.computer, sampleCustomer.issue]) expect(row).toContain(fact);
  await vscode.screenshot("console-5-waiting");
  await vscode.answerNotification(`${sampleCustomer.name} is waiting`, "Accept");
  await vscode.tab(sampleCustomer.name).waitFor();
  await poll("the customer was asked", () => customer.asked.includes("view"));
});

it("shows the customer's screen in the pane", async () => {
  screen = new CustomerScreen(customer);
  pane = await vscode.webview("canvas");
  await screen.seenIn(pane);
  await vscode.screenshot("console-6-screen");
});

it("takes control once the customer agrees, and clicks and keys arrive", async () => {
  await vscode.runCommand("Handrail: Take Control");
  await poll("the customer was asked", () => customer.asked.includes("control"));
  await vscode.treeItem("you control").waitFor();
  const box = await canvas().boundingBox();
  if (!box) throw new Error("the canvas is not shown");
  await vscode.page.mouse.click(box.x + box.width / 4, box.y + box.height / 4);
  const click = await poll("the click arrives", () =>
    screen.input.find((each) => each.type === "button" && each.down),
  );
  expect(click).toMatchObject({ button: 1 });
  if (click.type !== "button") throw new Error("not a button");
  expect(Math.abs(click.x - CustomerScreen.width / 4)).toBeLessThanOrEqual(2);
  expect(Math.abs(click.y - CustomerScreen.height / 4)).toBeLessThanOrEqual(2);
  await vscode.page.keyboard.press("q");
  await poll("the key arrives", () => screen.keysyms.includes(0x71));
  await vscode.screenshot("console-7-control");
});

it("keeps VS Code's shortcuts for the customer while the screen has the keyboard", async () => {
  await vscode.page.keyboard.press("Control+Shift+P");
  await poll("the shortcut arrives", () => screen.keysyms.includes(0x50));
  expect(await vscode.quickInput.isVisible()).toBe(false);
  for (const key of ["Control", "Alt", "Shift"]) await vscode.page.keyboard.down(key);
  for (const key of ["Shift", "Alt", "Control"]) await vscode.page.keyboard.up(key);
  await vscode.page.keyboard.press("Control+Shift+P");
  await vscode.quickInput.waitFor();
  await vscode.page.keyboard.press("Escape");
});

it("sends keys that the own system keeps for itself, and the clipboard's text", async () => {
  await vscode.runCommand("Handrail: Send Keys");
  await vscode.quickPick("Ctrl+Alt+Del").click();
  await poll("Delete arrives", () => screen.keysyms.includes(0xffff));
  await vscode.page.evaluate(() => navigator.clipboard.writeText("déjà vu"));
  await vscode.runCommand("Handrail: Type Clipboard Text");
  await poll("the text arrives", () =>
    screen.input.some((each) => each.type === "text" && each.text === "déjà vu"),
  );
});

it("releases control", async () => {
  await vscode.runCommand("Handrail: Release Control");
  await vscode.treeItem("you control").waitFor({ state: "detached" });
});

it("chats both ways", async () => {
  const message = await customer.call("chat.send", { text: "Hello, can you help me?" });
  await pane.getByText(message.text).waitFor();
  await pane.locator('textarea[aria-label="Write a message"]').fill("Of course.");
  await pane.locator('textarea[aria-label="Write a message"]').press("Enter");
  await customer.hears("chat.message", ({ text }) => text === "Of course.");
  await pane.locator(".messages").getByText("Of course.").waitFor();
  await vscode.screenshot("console-8-chat");
});

it("saves a screenshot as a PNG file", async () => {
  await vscode.runCommand("Handrail: Save Screenshot");
  const file = path.join(vscode.server.workspace, "shot.png");
  await poll("a name is suggested", async () =>
    /handrail-carla-pc-.*\.png$/.test(await vscode.quickInput.inputValue()),
  );
  await vscode.quickInput.fill(file);
  await vscode.quickInput.press("Enter");
  const png = await poll("the file is written", () => readFile(file));
  expect([png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
    "PNG",
    CustomerScreen.width,
    CustomerScreen.height,
  ]);
});

it("pauses the picture while the tab is hidden, and begins anew when it is shown", async () => {
  await vscode.runCommand("File: New Untitled Text File");
  await poll("nobody watches", () => !screen.isWatched);
  await vscode.tab(sampleCustomer.name).click();
  await vscode.runCommand("View: Close Other Editors in Group");
  await screen.seenIn(pane);
});

it("has everything again after the window was loaded anew", async () => {
  await vscode.reload();
  await vscode.tab(sampleCustomer.name).waitFor();
  pane = await vscode.webview("canvas");
  await pane.getByText("Of course.").waitFor();
  await screen.seenIn(pane);
});

it("gives the session back to a queue and accepts it again", async () => {
  await vscode.runCommand("Handrail: Transfer Session");
  await vscode.quickPick("General queue").click();
  await vscode.answer("Note for General queue", "");
  await vscode.tab(sampleCustomer.name).waitFor({ state: "detached" });
  await vscode.runCommand("View: Show Handrail");
  await vscode.treeItem("General queue").getByText("1 waiting").waitFor();
  await vscode.clickTreeAction(sampleCustomer.name, "Accept Session");
  await vscode.tab(sampleCustomer.name).waitFor();
  await screen.show();
});

it("ends the session after asking, and the customer is told", async () => {
  await vscode.runCommand("Handrail: End Session");
  await vscode.dialog("End Session").waitFor();
  await vscode.screenshot("console-9-end");
  await vscode.answerDialog("End Session", "End Session");
  await customer.hears("session.ended");
  await vscode.tab(`${sampleCustomer.name} (ended)`).waitFor();
  pane = await vscode.webview("canvas");
  await pane.getByRole("button", { name: "Play the recording" }).waitFor();
  await vscode.screenshot("console-10-ended");
});

it("plays the recording of the past session", async () => {
  await vscode.page.locator(".pane-header", { hasText: "Past Sessions" }).click();
  await vscode.treeItem(sampleCustomer.name).click();
  await vscode.tab(/\.hrrec/).waitFor();
  const player = await vscode.webview(".player canvas");
  await poll(
    "the recording has a length",
    async () => Number(await player.locator("input.position").getAttribute("max")) > 0,
  );
  await vscode.screenshot("console-11-recording");
});

it("saves the recording as a file, which plays like any other", async () => {
  await vscode.runCommand("View: Close All Editors");
  await vscode.runCommand("Handrail: Save Recording As");
  await poll("a name is suggested", async () =>
    (await vscode.quickInput.inputValue()).includes(sampleCustomer.name),
  );
  const file = path.join(vscode.server.workspace, "saved.hrrec");
  await vscode.quickInput.fill(file);
  await vscode.quickInput.press("Enter");
  const saved = await poll("the file is written", () => readFile(file));
  expect(saved.subarray(0, 5).toString()).toBe("HRREC");
  await vscode.page.keyboard.press("Control+p");
  await vscode.quickInput.fill("saved.hrrec");
  await vscode.quickPick("saved.hrrec").click();
  const player = await vscode.webview(".player canvas");
  await poll(
    "the recording has a length",
    async () => Number(await player.locator("input.position").getAttribute("max")) > 0,
  );
});

it("copies the id of the session, which the administration knows", async () => {
  await vscode.chooseFromTreeMenu(sampleCustomer.name, "Copy Session ID");
  const admin = new Admin(appliance);
  await admin.signIn();
  const { sessions } = await admin.json<{ sessions: { lsid: string }[] }>("sessions?limit=5");
  await poll("it is in the clipboard", async () => {
    const copied = await vscode.page.evaluate(() => navigator.clipboard.readText());
    return sessions.some(({ lsid }) => lsid === copied);
  });
});

it("was quick to start", async () => {
  await vscode.runCommand("Handrail: Show Start Times");
  const text = await vscode.notification("Activated in").innerText();
  const [, activateMs] = /in ([\d.]+) ms/.exec(text) ?? [];
  expect(Number(activateMs)).toBeLessThan(50);
});

it("signs out", async () => {
  await vscode.runCommand("Handrail: Sign Out");
  await vscode.statusBarItem("Handrail: sign in").waitFor();
  await vscode.page.locator(".welcome-view-content", { hasText: "not signed in" }).waitFor();
});

function canvas() {
  return pane.locator("canvas").first();
}

async function approve(userCode: string): Promise<void> {
  await using browser = await launchChromium();
  const context = await openContext(browser);
  const page = await context.newPage();
  await page.goto(`${appliance.url}/device`);
  await page.locator("input[name=name]").fill(administrator.name);
  await page.locator("input[name=password]").fill(administrator.password);
  await page.locator("button[type=submit]").first().click();
  await page.locator("input[name=user_code]").fill(userCode);
  await page.locator("button[value=code]").click();
  await page.locator("button[value=allow]").click();
  await page.locator("button[value=allow]").waitFor({ state: "detached" });
}
