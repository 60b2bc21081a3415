import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { type CustomerEnd, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Admin } from "../support/signed-in.ts";
import { serveFiles } from "./customer-disk.ts";
import { Representative } from "./representative.ts";
import type { Workbench } from "./workbench.ts";

// A session told in order: each test goes on where the one before it stopped.
const resources = new AsyncDisposableStack();
let appliance: Appliance;
let vscode: Workbench;
let customer: CustomerEnd;
/** The customer's home folder, and one of the representative. */
let home: string;
let mine: string;

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  home = path.join(folder, "carla");
  mine = path.join(folder, "ann");
  for (const each of [home, mine]) await mkdir(each);
  await writeFile(path.join(home, "notes.txt"), "The printer does not print\n");
  await mkdir(path.join(home, "logs"));
  for (const name of ["a b.log", "été.log"]) {
    await writeFile(path.join(home, "logs", name), randomBytes(5_000));
  }
  await mkdir(path.join(mine, "driver"));
  await writeFile(path.join(mine, "driver", "driver.bin"), randomBytes(700_000));
  await writeFile(path.join(mine, "driver", "read me.txt"), "Install it\n");
  appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  const ann = resources.use(await Representative.start(appliance));
  vscode = ann.vscode;
  customer = resources.use(await ann.begin(sampleCustomer));
  resources.use(serveFiles(customer, home));
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await vscode.screenshot("files-failed");
});

it("shows the customer's disk once they agree", async () => {
  await vscode.runCommand("Handrail: Browse Files");
  await vscode.treeItem("notes.txt").first().waitFor();
  expect(customer.asked).toContain("files");
  // Fold the views that are in the way.
  await vscode.foldViews("Queues", "Sessions");
  await vscode.treeItem("logs").first().click();
  await vscode.treeItem("été.log").first().waitFor();
  await vscode.screenshot("files-1-tree");
});

it("shows at once what comes to a folder that is open", async () => {
  await writeFile(path.join(home, "logs", "new.log"), "new\n");
  await vscode.treeItem("new.log").first().waitFor();
});

it("edits a file of the customer in an editor, and saves it once they agree", async () => {
  await vscode.treeItem("notes.txt").first().dblclick();
  await typeAtTop("The printer does not print", "Paper! ");
  await vscode.page.keyboard.press("Control+S");
  await poll("it is on the customer's disk", async () =>
    (await readFile(path.join(home, "notes.txt"), "utf8")).startsWith("Paper! The printer"),
  );
  expect(customer.asked).toContain("files-write");
  await vscode.screenshot("files-2-saved");
});

it("shows in the editor what changes on the customer's disk", async () => {
  await writeFile(path.join(home, "notes.txt"), "Changed by the customer\n");
  await vscode.editorLine("Changed by the customer").waitFor();
});

it("uploads a folder, and downloads one", async () => {
  await vscode.chooseFromTreeMenu(/^Home/, "Upload Folder");
  await vscode.chooseFolder(path.join(mine, "driver"));
  await poll("the folder is there", async () => {
    const there = await treeOf(path.join(home, "driver"));
    return there.join() === (await treeOf(path.join(mine, "driver"))).join();
  });
  await vscode.notification(/driver is now in carla-pc/).waitFor();
  // A row that is being drawn anew is no row to choose from.
  await vscode
    .treeItem(/^driver$/)
    .first()
    .waitFor();
  await vscode.treeItem("logs").first().click();
  await vscode.runCommand("Handrail: Download…");
  await vscode.chooseFolder(mine);
  await vscode.notification(/logs is now in/).waitFor();
  expect(await treeOf(path.join(mine, "logs"))).toEqual(await treeOf(path.join(home, "logs")));
  await vscode.screenshot("files-3-transfers");
});

it("asks what to do where something of the same name is, and keeps both", async () => {
  await vscode.chooseFromTreeMenu(/^Home/, "Upload Folder");
  await vscode.chooseFolder(path.join(mine, "driver"));
  await vscode.quickPick("Keep All of Both").waitFor();
  await vscode.screenshot("files-6-conflict");
  await vscode.quickPick("Keep All of Both").click();
  const names = ["driver (2).bin", "driver.bin", "read me (2).txt", "read me.txt"];
  await poll("both are there", async () => {
    const there = await readdir(path.join(home, "driver"));
    return there.sort().join() === names.join();
  });
});

it("renames a file, finds a folder by a part of its name, and deletes what it is sure of", async () => {
  // It was folded when it was chosen for the download.
  await vscode.treeItem("logs").first().click();
  await vscode.treeItem("new.log").first().waitFor();
  await vscode.chooseFromTreeMenu("new.log", "Rename File or Folder");
  await vscode.answer("Name", "spare [old](command:x).log");
  const renamed = vscode.treeItem("spare [old]").first();
  await renamed.waitFor();
  expect(await readdir(path.join(home, "logs"))).toContain("spare [old](command:x).log");
  await vscode.chooseFromTreeMenu(/^Home/, "Search for Files");
  await vscode.quickInput.fill("dri?er");
  await vscode.quickPick("driver").click();
  const found = vscode.treeItem(/^driver$/).first();
  await poll("it is shown", async () => (await found.getAttribute("aria-selected")) === "true");
  await vscode.chooseFromTreeMenu("spare [old]", "Delete File or Folder");
  await vscode.screenshot("files-7-delete");
  await vscode.answerDialog("Delete spare", "Delete");
  await renamed.waitFor({ state: "detached" });
  expect(await readdir(path.join(home, "logs"))).toHaveLength(2);
});

it("wrote down what was saved", async () => {
  const admin = new Admin(appliance);
  await admin.signIn();
  const file = path.join(home, "notes.txt");
  await poll("the audit log has it", async () => {
    const { rows } = await admin.json<{ rows: Row[] }>("audit?limit=200");
    return rows.some(({ event, detail }) => event === "file.saved" && detail["path"] === file);
  });
});

/** A row of the audit log. */
interface Row {
  readonly event: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

it("does not save without the right, and lets nothing unsaved get lost at the end", async () => {
  customer.answer = () => false;
  await customer.call("permission.revoke", { permission: "files-write" });
  await typeAtTop("Changed by the customer", "Unsaved. ");
  await vscode.page.keyboard.press("Control+S");
  // Asked again so soon after a no, the appliance does not even ask the customer.
  await vscode.notification(/Failed to save 'notes.txt'.*(not allowed|attempts)/s).waitFor();
  await vscode.screenshot("files-4-refused");
  await vscode.runCommand("Handrail: End Session");
  await vscode.answerDialog("End the session", "End Session");
  await vscode.notification(/unsaved changes are still open/).waitFor();
  await vscode.editorLine("Unsaved. Changed by the customer").waitFor();
  expect(await readFile(path.join(home, "notes.txt"), "utf8")).toBe("Changed by the customer\n");
  await vscode.screenshot("files-5-ended");
});

/** Types in the editor that shows a line. */
async function typeAtTop(line: string, text: string): Promise<void> {
  await vscode.editorLine(line).click();
  await vscode.page.keyboard.press("Control+Home");
  await vscode.page.keyboard.type(text);
  await vscode.editorLine(text + line).waitFor();
}

async function treeOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const lines = names.sort().map(async (name) => {
    const content = await readFile(path.join(folder, name));
    return `${name} ${createHash("sha256").update(content).digest("hex")}`;
  });
  return Promise.all(lines);
}
