import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../appliance/client/node/clock.ts";
import { spawn } from "node:child_process";
import path from "node:path";
import { elevateConsoleMessage, elevateCustomerMessage } from "@handrail/protocol";
import { Elevations, noScript } from "../../appliance/client/core/elevation/host.ts";
import { ShellDesk } from "../../appliance/client/core/shell/desk.ts";
import { terminalHost } from "../../appliance/client/node/shell/terminal.ts";
import { RunningElevated } from "../../appliance/client/node/elevation/program.ts";
import { Appliance } from "../support/appliance.ts";
import { type CustomerEnd, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { root } from "../support/root.ts";
import { allowRights } from "../support/signed-in.ts";
import { Representative } from "./representative.ts";
import type { Workbench } from "./workbench.ts";

// A session told in order: each test goes on where the one before it stopped.
const resources = new AsyncDisposableStack();
let vscode: Workbench;
let customer: CustomerEnd;
let desk: ShellDesk;
const elevations = new Elevations();

beforeAll(async () => {
  const appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  await allowRights(appliance);
  const ann = resources.use(await Representative.start(appliance));
  vscode = ann.vscode;
  customer = resources.use(await ann.begin(sampleCustomer));
  desk = resources.use(new ShellDesk(terminalHost(process.env), systemClock, elevations));
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

it("opens one as administrator with an account that is typed, and says so on its tab", async () => {
  await vscode.runCommand("Handrail: Open Shell as Administrator");
  await vscode.quickPick("types the password").click();
  const asked = await poll("the customer is to type", () =>
    customer.offered.find((each) => each.channel.kind === "elevate"),
  );
  asked.channel.send(elevateCustomerMessage.encode({ type: "refused", why: "unguarded" }));
  asked.channel.close();
  await vscode.answerNotification(
    "programs started there could read a password",
    "I type an account and its password",
  );
  await vscode.answer("Account of an administrator", "admin");
  await vscode.answer("Password of admin", "not for the screen");
  const { channel, messages } = await poll("rights are asked for", () =>
    customer.offered.find((each) => each !== asked && each.channel.kind === "elevate"),
  );
  const [bytes] = await poll("for what", () => (messages.length > 0 ? messages : undefined));
  const wanted = elevateConsoleMessage.decode(bytes ?? new Uint8Array(0));
  const password = Buffer.from("not for the screen");
  expect(wanted).toMatchObject({ type: "credentials", purpose: "shell", account: "admin" });
  expect("password" in wanted && password.equals(wanted.password)).toBe(true);
  const grant = "5e".repeat(16);
  const program = resources.use(startElevated());
  elevations.put(grant, { purpose: "shell", script: noScript, program });
  channel.send(elevateCustomerMessage.encode({ type: "granted", grant }));
  await serveShell(2);
  await vscode.page
    .getByText(/carla-pc \d \(administrator\)/)
    .first()
    .waitFor();
  await vscode.focusTerminal();
  await type("echo I am $(id -un)");
  await shows("I am root");
  // What has come is waited for no more; VS Code shows what was shown at all for a moment.
  await vscode.notification("Waiting for administrator's rights").waitFor({ state: "detached" });
  await vscode.screenshot("shell-4-administrator");
  await type("exit 0");
  await shows("exit code 0");
  await vscode.page.keyboard.press("x");
});

it("plays the recorded shell, and finds in it what was shown", async () => {
  await vscode.runCommand("Handrail: End Session");
  await vscode.answerDialog("End the session", "End Session");
  await poll("the customer hears of it", () => customer.closeCode);
  await vscode.runCommand("Handrail: Open Shell Recording");
  await vscode.quickPick("Shell 1").click();
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
async function serveShell(number = 1): Promise<void> {
  const { channel, messages } = await poll(
    "a shell is asked for",
    () => customer.offered.filter((each) => each.channel.kind === "shell")[number - 1],
  );
  await poll("its first word has come", () => messages.length > 0);
  desk.use({ channel, by: "Ann", report: () => undefined });
  for (const message of messages) channel.listener.message?.(message);
}

/** What sudo would start at the customer's; the tests have the rights already. */
function startElevated(): RunningElevated {
  const program = path.join(root, "appliance/client/node/elevation/elevated-process.ts");
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  return new RunningElevated({ child, shell: "/bin/bash", variables: {}, joinWith: () => "" });
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
