import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { poll } from "../support/poll.ts";
import { copyOn, pasteOn } from "../support/xclip.ts";
import { person } from "./person.ts";
import type { TourParts } from "./tour-parts.ts";

/** What the tools of a session did; each is whether it was as it must be. */
export interface ToolResults {
  shellRan: boolean;
  fileEdited: boolean;
  folderTransferred: boolean;
  systemRead: boolean;
  clipboardCopied: boolean;
  runbookRan: boolean;
  shellRecordingPlayed: boolean;
}

/** Before anything was tried. */
export const nothingTried: ToolResults = {
  shellRan: false,
  fileEdited: false,
  folderTransferred: false,
  systemRead: false,
  clipboardCopied: false,
  runbookRan: false,
  shellRecordingPlayed: false,
};

/** Shows in the terminal only when the customer's shell has worked it out. */
const worked = { typed: "echo $((6*7)) tour", shown: "42 tour" } as const;
const list = { name: "shopping.txt", text: "Paper for the printer\n" } as const;
const edited = "Ink as well. ";

/** Uses every tool of a session once, with real clicks, on the sample customer's computer. */
export class ToolTour {
  readonly #parts: TourParts;

  constructor(parts: TourParts) {
    this.#parts = parts;
  }

  /** All that is done while the session runs. */
  async run(results: ToolResults): Promise<void> {
    results.shellRan = await this.#shell();
    results.systemRead = await this.#system();
    results.clipboardCopied = await this.#clipboard();
    results.runbookRan = await this.#runbook();
    results.fileEdited = await this.#editFile();
    results.folderTransferred = await this.#transferFolder();
  }

  /** Plays what the shell showed, after the session. */
  async playShell(): Promise<boolean> {
    this.#parts.begin("playing the shell's recording");
    await this.#parts.workbench.runCommand("Handrail: Open Shell Recording");
    const player = await this.#parts.workbench.webview(".player.shell .xterm-rows");
    await player.locator("input[type=search]").fill(worked.shown);
    await player.locator("input[type=search]").press("Enter");
    const rows = player.locator(".xterm-rows");
    return poll("the recording shows what the shell did", async () =>
      plain(await rows.innerText()).includes(worked.shown),
    );
  }

  async #shell(): Promise<boolean> {
    this.#parts.begin("running a command in the customer's shell");
    const { page } = this.#parts.workbench;
    await this.#parts.workbench.runCommand("Handrail: Open Shell");
    const terminal = page.locator(".terminal-wrapper.active .xterm-rows");
    await this.#parts.customer.allow("a shell is open", async () => (await terminal.count()) > 0);
    await poll("the shell asks for a command", async () =>
      /[#$]\s*$/.test(plain(await this.#parts.workbench.terminalText())),
    );
    await this.#parts.workbench.focusTerminal();
    await page.keyboard.type(worked.typed);
    await page.keyboard.press("Enter");
    await poll("the shell answers", async () =>
      plain(await this.#parts.workbench.terminalText()).includes(worked.shown),
    );
    await this.#parts.picture("shell");
    return true;
  }

  async #system(): Promise<boolean> {
    this.#parts.begin("reading system information");
    await this.#parts.workbench.runCommand("Handrail: Read System Information");
    await this.#parts.customer.allow("the page is shown", () =>
      this.#parts.workbench.webview("table", 100).then(
        () => true,
        () => false,
      ),
    );
    const page = await this.#parts.workbench.webview("table");
    const title = await page.locator("h1").innerText();
    await this.#parts.picture("system");
    // Where this account may not have a name of its own for the computer, it has the machine's.
    return [person.computer, hostname()].some((name) => title.endsWith(` of ${name}`));
  }

  async #clipboard(): Promise<boolean> {
    this.#parts.begin("copying both ways through the clipboard");
    const { page } = this.#parts.workbench;
    const { desktop } = this.#parts.stage;
    const [there, back] = ["for the customer: é 世", "from the customer"];
    await page.evaluate((text) => navigator.clipboard.writeText(text), there);
    await this.#parts.workbench.runCommand("Handrail: Send Clipboard to the Customer");
    await this.#parts.customer.allow("the customer has it", () =>
      pasteOn(desktop).then(
        (bytes) => bytes.toString() === there,
        () => false,
      ),
    );
    await copyOn(desktop, back);
    await this.#parts.workbench.runCommand("Handrail: Get the Customer's Clipboard");
    const read = () => page.evaluate(() => navigator.clipboard.readText());
    await this.#parts.customer.allow("it is here", async () => (await read()) === back);
    return true;
  }

  async #runbook(): Promise<boolean> {
    this.#parts.begin("running a cell of a runbook");
    const { page } = this.#parts.workbench;
    await this.#parts.workbench.runCommand("Handrail: New Runbook");
    await page.locator(".notebook-editor .code .view-lines").first().click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("echo seven times six is $((7*6))");
    await this.#parts.workbench.runCommand("Notebook: Run All");
    const ended = page.locator(".cell-statusbar-container", { hasText: "exit code 0" });
    await this.#parts.customer.allow("the cell has run", () => ended.isVisible());
    const output = await this.#parts.workbench.webview(".output_container");
    await output.getByText("seven times six is 42").waitFor();
    await this.#parts.picture("runbook");
    return true;
  }

  async #editFile(): Promise<boolean> {
    this.#parts.begin("editing a file of the customer's");
    const { page } = this.#parts.workbench;
    const file = path.join(this.#parts.stage.desktop.home, list.name);
    await writeFile(file, list.text);
    await this.#parts.workbench.foldViews("Queues", "Sessions");
    await this.#parts.workbench.runCommand("Handrail: Browse Files");
    const row = this.#parts.workbench.treeItem(list.name).first();
    await this.#parts.customer.allow("the disk is shown", () => row.isVisible());
    await row.dblclick();
    await this.#parts.workbench.editorLine(list.text.trim()).click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type(edited);
    await page.keyboard.press("Control+s");
    await this.#parts.customer.allow(
      "it is saved",
      async () => (await readFile(file, "utf8")) === `${edited}${list.text}`,
    );
    await this.#parts.picture("file");
    return true;
  }

  async #transferFolder(): Promise<boolean> {
    this.#parts.begin("transferring a folder both ways");
    const { home } = this.#parts.stage.desktop;
    // Outside the home folder that the view shows, on the disk that VS Code calls local.
    const mine = path.join(path.dirname(this.#parts.stage.noteFile), ".representative");
    const [sent, back] = [path.join(mine, "driver"), path.join(mine, "back")];
    for (const folder of [sent, back]) await mkdir(folder, { recursive: true });
    await writeFile(path.join(sent, "driver.bin"), randomBytes(700_000));
    await writeFile(path.join(sent, "read me.txt"), "Install it\n");
    const expected = await treeOf(sent);
    await this.#parts.workbench.chooseFromTreeMenu(/^Home/, "Upload Folder");
    await this.#parts.workbench.chooseFolder(sent);
    const same = async (folder: string) => (await treeOf(folder)) === expected;
    await poll("the folder is there", () => same(path.join(home, "driver")));
    // The view of transfers has a row with more than the name.
    await this.#parts.workbench.chooseFromTreeMenu(/^\s*driver\s*$/, "Download…");
    await this.#parts.workbench.chooseFolder(back);
    await poll("the folder is back", () => same(path.join(back, "driver")));
    await this.#parts.workbench
      .treeItem(/driver.*done/)
      .nth(1)
      .waitFor();
    await this.#parts.picture("files");
    return true;
  }
}

/** The names and hashes of a folder's files. */
async function treeOf(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const lines = names.sort().map(async (name) => {
    const content = await readFile(path.join(folder, name));
    return `${name} ${createHash("sha256").update(content).digest("hex")}`;
  });
  return (await Promise.all(lines)).join("\n");
}

/** What a terminal shows, with the spaces that were meant. */
function plain(text: string): string {
  return text.replaceAll("\u00a0", " ");
}
