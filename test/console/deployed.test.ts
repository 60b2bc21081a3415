import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { connectCustomer, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { CustomerScreen } from "./customer-screen.ts";
import { packConsole } from "./vsix.ts";
import { Workbench } from "./workbench.ts";

// A console that an administrator has deployed, and what becomes of it when the appliance goes away
// and comes back. Pictures go by the loopback here, which webviews of this machine can reach.
const resources = new AsyncDisposableStack();
let appliance: Appliance;
let vscode: Workbench;
let screen: CustomerScreen;

beforeAll(async () => {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), "handrail-deployed-"));
  resources.defer(() => rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 }));
  appliance = await Appliance.start({ dataDirectory });
  resources.defer(() => appliance[Symbol.asyncDispose]());
  await appliance.setUp();
  vscode = resources.use(
    await Workbench.start({
      vsix: [await packConsole()],
      env: { HANDRAIL_CONSOLE_CREDENTIALS: await appliance.consoleCredential() },
      settings: { "handrail.screenTransport": "loopback" },
      theme: "light",
      // Wide enough for the pictures of the walkthrough.
      viewport: { width: 1500, height: 900 },
    }),
  );
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await vscode.screenshot("console-failed");
});

it("is signed in without a question", async () => {
  await vscode.activityBarItem("Handrail").click();
  await vscode.treeItem("General queue").waitFor();
});

it("begins the walkthrough after signing in, for who is signed in", async () => {
  await vscode.runCommand("Welcome: Open Walkthrough");
  await vscode.quickPick("Help Somebody with Handrail").click();
  const step = (id: string) => vscode.page.locator(`.getting-started-step[data-step-id$="#${id}"]`);
  await step("key").and(vscode.page.locator(".expanded")).waitFor();
  expect(await step("signIn").count()).toBe(0);
  // A webview of VS Code keeps no style of its picture, only its attributes.
  const digits = (await vscode.webview("svg text")).locator("svg text");
  expect(await digits.evaluate((text) => getComputedStyle(text).fill)).not.toBe("none");
  await vscode.screenshot("console-walkthrough");
  await vscode.runCommand("View: Close All Editors");
});

it("shows the screen by the loopback", async () => {
  await vscode.runCommand("Handrail: Create Session Key");
  const text = await vscode.notification(/Session key/).innerText();
  const key = /\d{3} \d{4}/.exec(text)?.[0] ?? "";
  const customer = resources.use(await connectCustomer(appliance.url, { key }));
  screen = new CustomerScreen(customer);
  await vscode.answerNotification(`${sampleCustomer.name} is waiting`, "Accept");
  await screen.show();
  await vscode.screenshot("console-light-screen");
});

it("says when the line is away, and comes back by itself when the appliance does", async () => {
  await restart(async () => {
    await status("connecting");
    await vscode.screenshot("console-light-away");
  });
  await status("online");
});

it("refuses an appliance that shows another certificate, with both fingerprints", async () => {
  await restart(async (folder) => {
    await rm(path.join(folder, "certificate.pem"));
    await rm(path.join(folder, "private-key.pem"));
  });
  const message = vscode.notification("shows another certificate than before");
  await message.waitFor();
  const fingerprints = (await message.innerText()).match(/(?:[0-9A-F]{2}[: ]){31}[0-9A-F]{2}/g);
  expect(new Set(fingerprints).size).toBe(2);
  await vscode.screenshot("console-light-certificate");
});

/** Waits until the status bar says so. */
async function status(word: string): Promise<void> {
  const item = vscode.statusBarItem(`:${appliance.port}`).locator("a");
  await poll(`the status bar says ${word}`, async () =>
    (await item.getAttribute("aria-label"))?.includes(word),
  );
}

/** Ends the appliance and starts it anew on the same port and data. */
async function restart(meanwhile: (dataDirectory: string) => Promise<void>): Promise<void> {
  const { port, dataDirectory } = appliance;
  await appliance[Symbol.asyncDispose]();
  await meanwhile(dataDirectory);
  appliance = await Appliance.start({ dataDirectory, port });
}
