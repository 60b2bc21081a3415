import {
  type SystemActAnswer,
  systemActAnswer,
  systemActRequest,
  systemAnswer,
  systemRequest,
} from "@handrail/protocol";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import type { Frame, Locator } from "../support/chromium.ts";
import { connectCustomer, type CustomerEnd, type Probe, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Admin } from "../support/signed-in.ts";
import { serveFiles } from "./customer-disk.ts";
import { Representative } from "./representative.ts";
import type { Workbench } from "./workbench.ts";

// Told in order: each test goes on where the one before it stopped.
const resources = new AsyncDisposableStack();
let appliance: Appliance;
let representative: Representative;
let vscode: Workbench;
let customer: CustomerEnd;

const flush = {
  name: { en: "Flush the DNS cache", fr: "Vider le cache DNS" },
  command: "resolvectl flush-caches",
  platform: "linux",
  teams: [],
  question: { en: "May the names of web sites be looked up anew?", fr: "Puis-je vider le cache ?" },
};

beforeAll(async () => {
  appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  const admin = new Admin(appliance);
  await admin.signIn();
  expect((await admin.write("special-actions", flush)).status).toBe(201);
  representative = resources.use(await Representative.start(appliance));
  vscode = representative.vscode;
  customer = resources.use(await representative.begin(sampleCustomer));
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await vscode.screenshot("actions-failed");
});

/** What was ordered of the customer's client, when there are so many. */
function ordered(count: number) {
  return poll("it is ordered", () => customer.ordered.length === count && customer.ordered.at(-1));
}

/** Waits until the representative is told, in the session's tab: no message covers the chat. */
function toldIn(pane: Frame, text: string): Promise<void> {
  return pane.locator(".said .banner", { hasText: text }).waitFor();
}

it("offers special actions by a shortcut, and says what came of one", async () => {
  await vscode.tab(sampleCustomer.name).click();
  await vscode.page.keyboard.press("Control+Alt+h");
  await vscode.page.keyboard.press("j");
  await vscode.quickPick("Restart the Computer and Reconnect").waitFor();
  await vscode.quickPick("Flush the DNS cache").waitFor();
  await vscode.screenshot("actions-1-choices");
  // It goes by itself after a while: looked for from the beginning.
  const pane = await representative.pane(sampleCustomer.name);
  const done = toldIn(pane, "Lock the Screen: done.");
  await vscode.quickPick("Lock the Screen").click();
  expect((await ordered(1)).what).toEqual({ kind: "built-in", action: "lock" });
  expect(customer.asked).toContain("actions");
  expect(customer.purposes).toContainEqual({ kind: "built-in", action: "lock" });
  await done;
  expect(await vscode.notification("Lock the Screen").count()).toBe(0);
});

it("has an action of the site done from the tab's menu", async () => {
  customer.act = () => ({ outcome: "refused" });
  const pane = await representative.pane(sampleCustomer.name);
  await pane.getByRole("button", { name: "More actions" }).click();
  await pane.getByRole("menuitem", { name: "Special actions…" }).click();
  await vscode.quickPick("Flush the DNS cache").click();
  expect((await ordered(2)).what).toMatchObject({ kind: "custom", command: flush.command });
  await toldIn(pane, `${sampleCustomer.name} said no`);
});

it("restarts the computer, waits for it, and goes on when it is back", async () => {
  let token = "";
  customer.act = async () => {
    ({ token } = await customer.call("session.return", {}));
    return { outcome: "done" };
  };
  await vscode.runCommand("Handrail: Special Actions");
  await vscode.quickPick("Restart the Computer and Reconnect").click();
  await vscode.answerDialog(`Restart ${sampleCustomer.computer}?`, "Restart");
  await ordered(3);
  await poll("the way back is there", () => token !== "");
  customer.drop();
  const pane = await representative.pane(sampleCustomer.name);
  await pane.getByText("computer is restarting").waitFor();
  await vscode.screenshot("actions-2-restarting");
  const returning = { returning: token };
  customer = resources.use(await connectCustomer(appliance.url, returning, sampleCustomer));
  await pane.getByText("computer is restarting").waitFor({ state: "detached" });
});

it("ends a program after asking, and kills it only after asking again", async () => {
  const seen = { processId: 4711, startedAt: Date.now() - 60_000, name: "firefox" };
  await vscode.runCommand("Handrail: End Program");
  const reading = await opened(0);
  const asked = await poll("the list is asked for", () => reading.messages[0]);
  const { id, category } = systemRequest.decode(asked);
  expect(category).toBe("processes");
  const rows = [
    { ...seen, user: "grace", memoryBytes: 900_000_000 },
    { ...seen, processId: 2, name: "kthreadd", memoryBytes: 0 },
  ];
  const report = { facts: {}, lists: [{ name: "processes", rows, omitted: 0 }] };
  reading.send(systemAnswer.encode({ answer: "report", id, takenAt: Date.now(), report }));
  await vscode.quickPick("firefox").waitFor();
  expect(await vscode.quickPick("kthreadd").count()).toBe(0);
  await vscode.quickPick("firefox").click();
  await vscode.dialog(`End firefox (4711) on ${sampleCustomer.computer}?`).waitFor();
  await vscode.screenshot("actions-3-end-program");
  await vscode.answerDialog("End firefox", "End Program");
  await answer(1, { ...seen, isForced: false }, "alive");
  await vscode.answerDialog("does not end. Kill it?", "Kill Program");
  const pane = await representative.pane(sampleCustomer.name);
  const done = toldIn(pane, "The program firefox (4711) was killed.");
  await answer(2, { ...seen, isForced: true }, "done");
  await done;
  await vscode.screenshot("actions-4-ended");
  expect(customer.asked).toContain("system-act");
  const wanted = { act: "end-process", ...seen, isForced: false };
  expect(customer.purposes).toContainEqual({ kind: "system-act", wanted });
});

it("obeys no settings, tasks and programs of a customer's folder in the Explorer", async ({
  task,
}) => {
  const { page } = vscode;
  const folder = page.locator(".explorer-folders-view .monaco-list-row", { hasText: "carla-pc" });
  if ((task.result?.retryCount ?? 0) > 0) await takeOut(folder);
  const home = await customersHome();
  resources.use(serveFiles(customer, home));
  await vscode.runCommand("Handrail: Browse Files");
  await vscode.treeItem("letter.txt").first().waitFor();
  await vscode.runCommand("Handrail: Add to Explorer");
  const question = vscode.dialog("restarts its extensions");
  await question.or(folder).first().waitFor();
  // Only for the first folder that a window has.
  if (await question.isVisible()) {
    await vscode.answerDialog("restarts its extensions", "Add and Restart Extensions");
  }
  await loadedAgainUntil(folder);
  await vscode.statusBarItem(`:${appliance.port}`).locator(".codicon-vm-connect").waitFor();
  await vscode.runCommand("Handrail: Browse Files");
  await vscode.treeItem("letter.txt").first().waitFor();
  // Taken out and put in again while the disk is open: now VS Code reads all it would obey.
  await vscode.runCommand("View: Show Explorer");
  await folder.waitFor();
  await vscode.runCommand("Workspaces: Remove Folder from Workspace");
  await vscode.quickPick("carla-pc").click();
  await folder.waitFor({ state: "detached" });
  await vscode.runCommand("Handrail: Add to Explorer");
  await folder.waitFor();
  await vscode.activityBarItem("Handrail").click();
  await vscode.treeItem("letter.txt").first().dblclick();
  await vscode.editorLine("Dear Ann").waitFor();
  await vscode.statusBarItem(sampleCustomer.computer).waitFor();
  await vscode.runCommand("Tasks: Run Task");
  await vscode.quickPick(/task/i).waitFor();
  await vscode.screenshot("actions-5-no-tasks");
  expect(await vscode.quickPick("Obeyed").count()).toBe(0);
  await page.keyboard.press("Escape");
  await page.locator(".margin-view-overlays .line-numbers").first().waitFor();
});

/**
 * Waits for a folder of a window that becomes a workspace. VS Code on a busy machine may come up
 * without having read the workspace, and stays so, without extensions, until it is loaded again.
 */
async function loadedAgainUntil(folder: Locator): Promise<void> {
  await folder.waitFor({ timeout: 15_000 }).catch(() => vscode.page.reload());
  await folder.waitFor();
}

/** Leaves the window as it was before an attempt that went wrong. */
async function takeOut(folder: Locator): Promise<void> {
  await vscode.page.keyboard.press("Escape");
  await vscode.runCommand("View: Close All Editors");
  await vscode.runCommand("View: Show Explorer");
  if ((await folder.count()) > 0) {
    await vscode.runCommand("Workspaces: Remove Folder from Workspace");
    await vscode.quickPick("carla-pc").click();
    await folder.waitFor({ state: "detached" });
  }
}

/** What VS Code would be set up by, if it obeyed what lies in a folder. */
const obeyable = {
  "settings.json": JSON.stringify({ "editor.lineNumbers": "off" }),
  "tasks.json": JSON.stringify({
    version: "2.0.0",
    tasks: [{ label: "Obeyed", type: "shell", command: "true" }],
  }),
  "launch.json": JSON.stringify({
    version: "0.2.0",
    configurations: [{ name: "Obeyed", type: "node", request: "launch", program: "x.js" }],
  }),
};

/** A customer's home folder with all of these in it. */
async function customersHome(): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), "handrail-home-"));
  resources.defer(() => rm(home, { recursive: true, force: true }));
  await mkdir(path.join(home, ".vscode"));
  await writeFile(path.join(home, "letter.txt"), "Dear Ann\n");
  for (const [name, content] of Object.entries(obeyable)) {
    await writeFile(path.join(home, ".vscode", name), content);
  }
  return home;
}

/** The channel that was opened as that many were before, whatever watches the screen. */
function opened(before: number): Promise<Probe> {
  return poll("a tool is used", () => toolChannels()[before]);
}

function toolChannels(): Probe[] {
  return customer.offered.filter(({ channel }) => channel.kind.startsWith("system"));
}

/** Takes the order on the channel of that place, and says what came of it. */
async function answer(
  place: number,
  wanted: object,
  outcome: SystemActAnswer["outcome"],
): Promise<void> {
  const acting = await opened(place);
  const request = systemActRequest.decode(await poll("it is asked for", () => acting.messages[0]));
  expect(request.wanted).toEqual({ act: "end-process", ...wanted });
  acting.send(systemActAnswer.encode({ id: request.id, outcome, said: "" }));
}
