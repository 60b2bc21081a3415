import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Elevations } from "../../appliance/client/core/elevation/host.ts";
import { ScriptOrders } from "../../appliance/client/core/script/orders.ts";
import { ScriptTool } from "../../appliance/client/core/script/tool.ts";
import { systemClock } from "../../appliance/client/node/clock.ts";
import { scriptHost } from "../../appliance/client/node/script/process.ts";
import { Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type CustomerEnd, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Admin } from "../support/signed-in.ts";
import { Representative } from "./representative.ts";
import type { Workbench } from "./workbench.ts";

// Told in order: each test goes on where the one before it stopped.
const resources = new AsyncDisposableStack();
// As good as a command, if it ever became a part of one.
const facts = { ...sampleCustomer, name: "O'Carla; echo $((6*7))" };
const orders = new ScriptOrders(systemClock);
let appliance: Appliance;
let vscode: Workbench;
let customer: CustomerEnd;
let tool: ScriptTool;

beforeAll(async () => {
  appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  const representative = resources.use(await Representative.start(appliance));
  vscode = representative.vscode;
  customer = resources.use(await representative.begin(facts));
  tool = resources.use(
    new ScriptTool(
      { may: () => true, orders, elevations: new Elevations() },
      scriptHost(process.env),
      systemClock,
    ),
  );
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await vscode.screenshot("scripts-failed");
});

/** Runs what comes next as a real client does. */
async function serveRun(): Promise<void> {
  const before = customer.offered.length;
  const order = await poll("a run is announced", () => customer.orders.shift());
  const { channel } = await poll("and its channel comes", () => customer.offered.at(before));
  orders.put(order);
  const { run } = order;
  tool.use({
    ...{ channel, by: "Ann", run },
    report: (event, detail) => customer.tell("tool.event", { channel: channel.id, event, detail }),
  });
}

/** Puts the cursor at the end of the script that is in front. */
async function toEndOfScript(): Promise<void> {
  await vscode.page.locator(".monaco-editor .view-lines").first().click();
  await vscode.page.keyboard.press("Control+End");
}

it("makes a script, and proposes what the session's macros are", async () => {
  const { page } = vscode;
  await vscode.runCommand("Handrail: New Script");
  await vscode.answer("Name of the script", "Greet");
  await vscode.tab("Greet.hrscript").waitFor();
  await toEndOfScript();
  await page.keyboard.type('echo "dear ${session.cus');
  const list = page.locator(".suggest-widget .monaco-list-row");
  await list.filter({ hasText: "session.customer.name" }).waitFor();
  await vscode.screenshot("scripts-1-completion");
  await list.filter({ hasText: "session.customer.name" }).click();
  await vscode.editorLine('echo "dear ${session.customer.name}"').waitFor();
});

it("says what is wrong with it, and what a macro is", async () => {
  const { page } = vscode;
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  // Whether the editor closes the bracket by itself depends on when it has read the line.
  await page.keyboard.type("echo ${session.customer.name} ${session.nobody}");
  await page.locator(".squiggly-error").waitFor();
  await page.locator(".squiggly-warning").first().waitFor();
  await vscode.runCommand("Problems: Focus on Problems View");
  await page.getByText("There is no macro “session.nobody”").first().waitFor();
  await page.getByText("in double quotes, or spaces").first().waitFor();
  await vscode.screenshot("scripts-2-problems");
  await toEndOfScript();
  await page.keyboard.press("Shift+Home");
  await page.keyboard.press("Delete");
  await page.locator(".squiggly-error").waitFor({ state: "detached" });
  await page.keyboard.press("Control+s");
  await page.locator(".tab.dirty").waitFor({ state: "detached" });
});

it("shows what it becomes, without a customer", async () => {
  await vscode.runCommand("Handrail: Test Run of Script (Sample Session)");
  await vscode.tab("Greet.hrscript.sh").waitFor();
  await vscode.editorLine("HANDRAIL_SESSION_CUSTOMER_NAME=Seán O'Brien").waitFor();
  await vscode.screenshot("scripts-3-test-run");
  expect(customer.orders).toEqual([]);
});

it("runs it in the session once the customer agrees; the name is no command", async () => {
  await vscode.tab("Greet.hrscript").first().click();
  await vscode.runCommand("Handrail: Run Script in Session");
  await serveRun();
  expect(customer.asked).toContain("scripts");
  await poll("the script has ended", async () =>
    (await vscode.terminalText()).replaceAll("\u00a0", " ").includes("exit code 0"),
  );
  expect((await vscode.terminalText()).replaceAll("\u00a0", " ")).toContain(`dear ${facts.name}`);
  await vscode.screenshot("scripts-4-run");
});

it("stands in the view, and can get another name", async () => {
  const { page } = vscode;
  await vscode.foldViews("Queues", "Sessions");
  await page.locator(".pane-header", { hasText: "Scripts" }).click();
  await vscode.treeItem("Greet").waitFor();
  await vscode.tab("Greet.hrscript").first().click();
  await vscode.runCommand("Handrail: Rename Script");
  await vscode.answer("Name of the script", "Greet kindly");
  await vscode.treeItem("Greet kindly").waitFor();
  await vscode
    .tab(/^Greet kindly\.hrscript/)
    .first()
    .waitFor();
  await vscode.tab(/^Greet\.hrscript(?!\.sh)/).waitFor({ state: "detached" });
  await vscode.editorLine("name: Greet kindly").waitFor();
  await vscode.screenshot("scripts-5-view");
});

it("runs a cell of a runbook, whose output is text, and keeps the runbook as a note", async () => {
  const { page } = vscode;
  await vscode.runCommand("Handrail: New Runbook");
  const code = page.locator(".notebook-editor .code .view-lines").first();
  await code.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type(
    "printf '\\033[31mred \\033]0;title\\007%s' \"${session.customer.name}\"",
  );
  await vscode.runCommand("Notebook: Run All");
  await serveRun();
  expect(customer.asked).toContain("shell");
  await page.locator(".cell-statusbar-container", { hasText: "exit code 0" }).waitFor();
  const output = await vscode.webview(".output_container");
  await output.getByText(`red ${facts.name}`).waitFor();
  await vscode.screenshot("scripts-6-runbook");
  await vscode.runCommand("Handrail: Keep Runbook as the Session's Note");
  await vscode.notification("kept with the session").waitFor();
});

it("shows the note in the session's record at /login, as text", async () => {
  const admin = new Admin(appliance);
  await admin.signIn();
  const { sessions } = await admin.json<{ sessions: { lsid: string }[] }>("sessions");
  const [name = "", value = ""] = admin.cookie.split("=");
  const context = vscode.page.context();
  await context.addCookies([{ name, value, url: appliance.url }]);
  const page = await context.newPage();
  await page.goto(`${appliance.url}/login/sessions/${sessions[0]?.lsid ?? ""}`);
  const note = page.locator(".note");
  await note.waitFor();
  expect(await note.innerText()).toContain(`red ${facts.name}`);
  await note.scrollIntoViewIfNeeded();
  await page.screenshot({ path: await artifact("scripts-7-note.png") });
});
