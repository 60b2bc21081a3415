import { encodeText, type SystemAnswer, type SystemReport } from "@handrail/protocol";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { type CustomerEnd, type Probe, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { allow } from "../support/signed-in.ts";
import { answerAll, snapshotChannel } from "../support/system-answers.ts";
import { CustomerScreen } from "./customer-screen.ts";
import { Representative } from "./representative.ts";
import type { Workbench } from "./workbench.ts";

// Told in order: each test goes on where the one before it stopped.
const resources = new AsyncDisposableStack();
let appliance: Appliance;
let representative: Representative;
let vscode: Workbench;
let customer: CustomerEnd;
const gib = 1024 ** 3;

beforeAll(async () => {
  appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  await allow(appliance, "snapshot");
  representative = resources.use(await Representative.start(appliance));
  vscode = representative.vscode;
  customer = resources.use(await representative.begin(sampleCustomer));
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await vscode.screenshot("system-failed");
});

/** A computer whose disk is that full. Its services it cannot tell. */
function reportOf(category: string, usedPercent: number): SystemReport | undefined {
  if (category === "services") return undefined;
  if (category === "memory") {
    return { facts: { totalBytes: 8 * gib, usedBytes: 2 * gib, usedPercent: 25 }, lists: [] };
  }
  if (category === "processor") {
    const cores = [12, 97].map((loadPercent, i) => ({ core: i + 1, loadPercent }));
    return {
      facts: { name: "A processor", loadPercent: 54.5 },
      lists: [{ name: "cores", rows: cores, omitted: 0 }],
    };
  }
  if (category !== "disks") return { facts: { name: `${category} <b>*of*</b> it` }, lists: [] };
  const rows = [{ mount: "/", sizeBytes: 100 * gib, usedPercent }];
  return { facts: {}, lists: [{ name: "fileSystems", rows, omitted: 0 }] };
}

/** Reads the computer by its shortcut, and answers what it asks. */
async function read(usedPercent: number, key = "i"): Promise<void> {
  const before = customer.offered.length;
  await vscode.page.keyboard.press("Control+Alt+h");
  await vscode.page.keyboard.press(key);
  const channel: Probe = await poll(
    "the computer is read",
    () => customer.offered.slice(before)[0],
  );
  await answer(channel, usedPercent);
}

async function answer(channel: Probe, usedPercent: number): Promise<void> {
  await answerAll(channel, (id, category): SystemAnswer => {
    const report = reportOf(category, usedPercent);
    return report
      ? { answer: "report", id, takenAt: Date.now(), report }
      : { answer: "failed", id, reason: "unavailable" };
  });
  expect(await channel.end()).toBe("closed");
}

it("keeps the computer as it is once the representative sees the screen", async () => {
  await new CustomerScreen(customer).show();
  await answer(await snapshotChannel(customer), 21);
  expect(customer.asked).toContain("snapshot");
});

it("asks the customer, reads the computer and shows its page", async () => {
  await vscode.tab(sampleCustomer.name).click();
  await read(34);
  expect(customer.asked).toContain("system");
  const page = await vscode.webview("table", 60_000);
  await page.getByText("34 % · 100 GiB").waitFor();
  await page.getByText("computer <b>*of*</b> it").waitFor();
  await page
    .getByText(/^This computer cannot say[.:]/)
    .first()
    .waitFor();
  await vscode.screenshot("system-1-page");
});

it("lists what was read, down to the values", async () => {
  await vscode.page.locator(".pane-header", { hasText: "System Information" }).click();
  const row = vscode.treeItem(sampleCustomer.computer).last();
  // Fold the other views, so that there is room.
  await vscode.foldViews("Queues", "Sessions");
  await row.click();
  await vscode.treeItem("Recent errors").waitFor();
  await vscode.treeItem("Disks").last().click();
  await vscode.treeItem("File systems").click();
  await vscode.treeItem("100 GiB · 34 %").waitFor();
  await vscode.screenshot("system-2-tree");
});

it("compares two moments in the diff editor", async () => {
  await read(92);
  // The page in front is the one.
  await vscode.runCommand("Handrail: Compare System Information");
  await vscode.quickPick(sampleCustomer.computer).first().click();
  const changed = vscode.page.locator(".monaco-diff-editor .line-insert");
  await changed.first().waitFor({ state: "attached" });
  await vscode.page.locator(".monaco-diff-editor", { hasText: "92 %" }).waitFor();
  await vscode.screenshot("system-3-compared");
});

it("compares the computer with how it was at the start of the session", async () => {
  const { name } = sampleCustomer;
  await vscode.page.getByRole("tab", { name, exact: true }).click();
  await read(92, "Shift+I");
  await vscode.page.locator(".tab", { hasText: "start of the session" }).waitFor();
  const diff = vscode.page.locator(".monaco-diff-editor", { hasText: "21 %" });
  await diff.locator(".line-insert").first().waitFor({ state: "attached" });
  await vscode.screenshot("system-4-start");
  await vscode.runCommand("Handrail: Open Computer at Start of Session");
  const text = "21 % · 100 GiB";
  await vscode.webview("table", 60_000, async (page) => (await page.getByText(text).count()) > 0);
});

it("says so when the computer breaks the protocol", async () => {
  const before = customer.offered.length;
  await vscode.runCommand("Handrail: Read System Information");
  const channel = await poll("the computer is read", () => customer.offered.slice(before)[0]);
  channel.send(encodeText('{"answer":"report","id":1,"takenAt":1,"report":{"facts":[]}}'));
  await vscode.notification(/makes no sense/).waitFor();
  expect(await channel.end()).toBe("closed");
});
