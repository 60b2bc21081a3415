import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../appliance/client/node/clock.ts";
import { Elevations } from "../../appliance/client/core/elevation/host.ts";
import { ShellDesk } from "../../appliance/client/core/shell/desk.ts";
import { terminalHost } from "../../appliance/client/node/shell/terminal.ts";
import { Appliance } from "../support/appliance.ts";
import { type CustomerEnd, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Representative } from "./representative.ts";
import type { Workbench } from "./workbench.ts";

// A session told in order: each test goes on where the one before it stopped.
const resources = new AsyncDisposableStack();
let vscode: Workbench;
let customer: CustomerEnd;
let desk: ShellDesk;

beforeAll(async () => {
  const appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  const ann = resources.use(await Representative.start(appliance));
  vscode = ann.vscode;
  customer = resources.use(await ann.begin(sampleCustomer));
  desk = resources.use(new ShellDesk(terminalHost(process.env), systemClock, new Elevations()));
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await vscode.screenshot("shell-failed");
});

it("opens a real shell once the customer agrees, in a terminal that is named after it", async () => {
  await vscode.runCommand("Handrail: Open Shell");
  await serveShell();
  expect(customer.asked).toContain("shell");
  await vscode.page.getByText(`${sampleCustomer.computer} 1`).first().waitFor();
  await vscode.focusTerminal();
  await type("echo $((6*7)) élan");
  await shows("42 élan");
  await vscode.screenshot("shell-1-terminal");
});

it("stays awake under a flood, and lets it be stopped", async () => {
  await type("yes flood");
  await shows("flood");
  await vscode.page.keyboard.press("Control+C");
  // What is typed is shown as well: it is not the word that is waited for.
  await type('clear; echo a""wake');
  await shows("awake");
  expect(await vscode.terminalText()).not.toContain("flood");
});

it("says how the shell ended", async () => {
  await type("exit 3");
  await shows("exit code 3");
  await vscode.screenshot("shell-2-ended");
  await vscode.page.keyboard.press("x");
});

it("plays the recorded shell, and finds in it what was shown", async () => {
  await vscode.runCommand("Handrail: End Session");
  await vscode.answerDialog("End the session", "End Session");
  await poll("the customer hears of it", () => customer.closeCode);
  await vscode.runCommand("Handrail: Open Shell Recording");
  const player = await vscode.webview(".player.shell .xterm-rows");
  await player.locator("input[type=search]").fill("42 élan");
  await player.locator("input[type=search]").press("Enter");
  await player.getByText("1 of 1").waitFor();
  const rows = player.locator(".xterm-rows");
  await poll("the place is shown", async () => (await rows.innerText()).includes("42 élan"));
  // Style sheets of the terminal that the page's policy kept out would leave any font.
  const widths = await rows.evaluate((node) =>
    ["iiii", "mmmm"].map((text) => {
      const probe = document.createElement("span");
      probe.textContent = text;
      node.append(probe);
      const { width } = probe.getBoundingClientRect();
      probe.remove();
      return width;
    }),
  );
  expect(widths[0]).toBe(widths[1]);
  await vscode.screenshot("shell-3-recording");
});

/** Lets the client's own shells serve the channel that was just opened. */
async function serveShell(): Promise<void> {
  const { channel, messages } = await poll("a shell is asked for", () =>
    customer.offered.find(({ channel }) => channel.kind === "shell"),
  );
  await poll("its first word has come", () => messages.length > 0);
  desk.use({ channel, by: "Ann", report: () => undefined });
  for (const message of messages) channel.listener.message?.(message);
}

async function type(line: string): Promise<void> {
  await vscode.page.keyboard.type(line);
  await vscode.page.keyboard.press("Enter");
}

async function shows(text: string): Promise<void> {
  await poll(`the terminal shows ${text}`, async () => {
    return (await vscode.terminalText()).replaceAll("\u00a0", " ").includes(text);
  });
}
