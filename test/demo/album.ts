import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { openLogin, signIn } from "../page/login-stand.ts";
import { administrator, Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, type Frame, launchChromium } from "../support/chromium.ts";
import { connectConsole } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { root } from "../support/root.ts";
import { accessToken } from "../support/signed-in.ts";
import { shoot, shootAppliance } from "./album-appliance.ts";
import { askPassword, exchangeFiles, watch } from "./album-scenes.ts";
import { person } from "./person.ts";
import { pixelsDigest, toPage } from "./remote-canvas.ts";
import { smallPng } from "./small-png.ts";
import { colleague } from "./stage.ts";
import type { TourParts } from "./tour-parts.ts";

const viewport = { width: 1280, height: 800 };

/**
 * The steps that the documents show and that the job does not need: each leaves a picture, and
 * everything else as it was.
 */
export class Album {
  readonly #parts: TourParts;

  constructor(parts: TourParts) {
    this.#parts = parts;
  }

  /** What is done in the session's tab. */
  async ofSession(pane: Frame): Promise<void> {
    this.#parts.begin("taking pictures of the session");
    await this.#ofChoice("Insert Canned Message", "Greeting", "canned");
    await this.#ofChoice("Special Actions", "Empty the Trash", "actions");
    await exchangeFiles(this.#parts, pane);
    await this.#ofDrawing(pane);
    await this.#ofColleague(pane);
    await watch(this.#parts, pane);
  }

  /** What is done with tools, once the customer has allowed them. */
  async ofTools(): Promise<void> {
    this.#parts.begin("taking pictures of tools");
    await this.#clear();
    await this.#parts.workbench.runCommand("Handrail: Open Script");
    await this.#parts.workbench.quickPick("Where the space went").click();
    await this.#parts.workbench.tab("Where the space went").waitFor();
    await this.#parts.workbench.runCommand("Handrail: Run Script in Session");
    await this.#parts.customer.allow("the script has ended", async () =>
      (await this.#parts.workbench.terminalText())
        .replaceAll("\u00a0", " ")
        .includes("exit code 0"),
    );
    await this.#parts.picture("script");
    await this.#parts.workbench.runCommand("View: Toggle Panel");
    await this.#parts.workbench.tab(new RegExp(`^${person.computer} `)).click();
    const page = await this.#parts.workbench.webview("table");
    await page
      .locator("h2")
      .nth(1)
      .evaluate((heading) => heading.scrollIntoView());
    await this.#parts.picture("system");
    await this.#parts.workbench.runCommand("Handrail: End Program");
    await this.#parts.workbench.answer("End which program?", "mousepad");
    await this.#parts.workbench.dialog("End mousepad").waitFor();
    await this.#parts.picture("end-program");
    await this.#parts.workbench.answerDialog("End mousepad", "Cancel");
  }

  /** What administrators see at /login, with what the session has left there. */
  async ofAdministration(): Promise<void> {
    this.#parts.begin("taking pictures of the administration");
    await using browser = await launchChromium();
    await using fresh = await Appliance.start();
    await using setUp = await openLogin(browser, fresh, "", { viewport });
    await setUp.page.getByLabel("Set-up code").waitFor();
    await shoot(setUp.page, "set-up");
    await using site = await this.#administration(browser);
    const { page } = site;
    const open = async (name: string) => {
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { name, exact: true, level: 1 }).waitFor();
    };
    await page.getByText("Certificate fingerprint").waitFor();
    await shoot(page, "status");
    await open("Representatives");
    await page.getByRole("button", { name: `Edit ${colleague.displayName}` }).click();
    await page.getByRole("radiogroup", { name: "Mouse and keyboard: Rule" }).waitFor();
    await shoot(page, "representative");
    await page.keyboard.press("Escape");
    await open("Conversation");
    await page.getByRole("row", { name: "Greeting" }).waitFor();
    await shoot(page, "conversation");
    await open("Special actions");
    await page.getByRole("row", { name: "Empty the Trash" }).waitFor();
    await shoot(page, "actions");
    await open("Audit log");
    await page.getByRole("row", { name: administrator.displayName }).first().waitFor();
    await shoot(page, "audit");
    await open("Sessions");
    await page.getByRole("link", { name: person.name }).click();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByRole("img", { name: "Recorded screen" }).waitFor();
    await page.getByRole("button", { name: "Play again" }).waitFor({ timeout: 180_000 });
    await page
      .getByRole("img", { name: "Recorded screen" })
      .evaluate((picture) => picture.scrollIntoView({ block: "center" }));
    await shoot(page, "session");
    await shootAppliance(page, open);
  }

  /** What is asked of a customer for an administrator's rights, in a session of its own. */
  async ofRights(): Promise<void> {
    this.#parts.begin("taking a picture of the window for a password");
    await askPassword(this.#parts);
  }

  /** Takes away what would cover a picture. */
  async #clear(): Promise<void> {
    await this.#parts.workbench.runCommand("Notifications: Clear All Notifications");
  }

  /** A picture of what a command offers. */
  async #ofChoice(command: string, choice: string, name: string): Promise<void> {
    await this.#parts.workbench.runCommand(`Handrail: ${command}`);
    await this.#parts.workbench.quickPick(choice).waitFor();
    await this.#parts.picture(name);
    await this.#parts.workbench.page.keyboard.press("Escape");
    await this.#parts.workbench.quickInput.waitFor({ state: "hidden" });
  }

  /** Draws a ring around what stands in the customer's letter. */
  async #ofDrawing(pane: Frame): Promise<void> {
    const { page } = this.#parts.workbench;
    const palette = pane.locator(".palette");
    await pane.getByRole("button", { name: "Draw on the customer's screen" }).click();
    await this.#parts.customer.allow("there is a pen", () => palette.isVisible());
    await pane.getByRole("button", { name: "Ring" }).click();
    const see = async () => pixelsDigest(await this.#parts.stage.desktop.pixels()).digest;
    const before = await see();
    const [from, to] = [
      await toPage(pane, { x: 12, y: 84 }),
      await toPage(pane, { x: 606, y: 142 }),
    ];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
    await poll("the ring is on the customer's screen", async () => (await see()) !== before);
    await this.#parts.picture("draw");
    await this.#parts.workbench.runCommand("Handrail: Clear What You Have Drawn");
    await this.#parts.workbench.runCommand("Handrail: Draw on the Customer's Screen");
    await palette.waitFor({ state: "hidden" });
  }

  /** A colleague joins, takes mouse and keyboard, and leaves again. */
  async #ofColleague(pane: Frame): Promise<void> {
    const { appliance } = this.#parts.stage;
    const token = await accessToken(appliance, await this.#parts.stage.addColleague());
    await using bob = await connectConsole(appliance.url, token);
    await this.#parts.workbench.unfoldView("Representatives Online");
    await this.#parts.workbench.treeItem(colleague.displayName).waitFor();
    await this.#ofChoice("Transfer Session", colleague.displayName, "transfer");
    await this.#parts.workbench.runCommand("Handrail: Ask a Colleague in");
    await this.#parts.workbench.quickPick(colleague.displayName).click();
    await this.#parts.workbench.quickPick("Takes part").waitFor();
    await this.#parts.workbench.quickPick("Takes part").click();
    const { lsid } = await bob.hears("session.changed", ({ state }) => state === "active");
    await bob.call("control.take", { lsid, force: false });
    await pane.getByText(`${colleague.displayName} has mouse and keyboard`).waitFor();
    await this.#parts.workbench.notification("Asking").waitFor({ state: "detached" });
    await this.#parts.picture("colleague");
    await bob.call("control.release", { lsid });
    await bob.call("session.leave", { lsid });
    await pane.getByText(`${colleague.displayName} has mouse and keyboard`).waitFor({
      state: "detached",
    });
    await bob.leave();
  }

  /** The administration as the first administrator sees it. */
  async #administration(browser: Browser) {
    const opened = await openLogin(browser, this.#parts.stage.appliance, "", { viewport });
    await signIn(opened.page, administrator.name, administrator.password);
    return opened;
  }
}

/** Every picture of the documents, by its name in media/pictures and in test/artifacts. */
const pictures = [
  ...["portal-accepted", "customer-asked", "customer-shell", "customer-password"],
  ...["console-key", "console-waiting", "console-chat", "console-canned"],
  ...["console-chat-files", "console-watching"],
  ...["console-actions", "console-draw", "console-transfer", "console-colleague"],
  ...["console-shell", "console-files", "console-file", "console-system", "console-end-program"],
  ...["console-script", "console-runbook", "console-recording"],
  ...["login-set-up", "login-status", "login-representative", "login-conversation"],
  ...["login-actions", "login-session", "login-audit", "login-health", "login-backups"],
  ...["login-certificate", "login-mail", "login-second-factor"],
];

/** Renews the pictures of the documents from what a run with an album has left in test/artifacts. */
export async function renewPictures(): Promise<void> {
  for (const name of pictures) {
    const png = await readFile(await artifact(`${name}.png`));
    await writeFile(path.join(root, "media/pictures", `${name}.png`), smallPng(png));
  }
}
