import path from "node:path";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, openContext, type Page } from "../support/chromium.ts";
import { CustomerWindow } from "../support/help-window.ts";
import type { Stage } from "./stage.ts";

/** The sample customer: a browser and a terminal, used as a person would. */
export class SampleCustomer implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #browser: Browser;
  readonly #page: Page;

  /** Opens the public portal in the browser of the customer's desktop. */
  static async atPortal(stage: Stage): Promise<SampleCustomer> {
    const browser = await launchChromium({
      desktopEnv: stage.desktop.env,
      args: ["--window-position=560,20", "--window-size=700,600"],
    });
    const context = await openContext(browser, { viewport: { width: 700, height: 480 } });
    const page = await context.newPage();
    await page.goto(stage.appliance.url);
    return new SampleCustomer(stage, browser, page);
  }

  private constructor(stage: Stage, browser: Browser, page: Page) {
    this.#stage = stage;
    this.#browser = browser;
    this.#page = page;
  }

  /** Leaves a picture of the portal in test/artifacts. */
  async picture(name: string): Promise<void> {
    await this.#page.screenshot({ path: await artifact(`portal-${name}.png`), fullPage: true });
  }

  async enterKey(key: string): Promise<void> {
    await this.#page.getByLabel("Session key").fill(key);
    await this.#page.getByRole("button", { name: "Continue" }).click();
    await this.#page.getByRole("button", { name: "Download" }).waitFor();
  }

  /** Downloads the starter, closes the browser, and runs the starter in the terminal. */
  async startClient(): Promise<CustomerWindow> {
    // The first one after an installation is packed as it is asked for.
    const timeout = 120_000;
    const downloading = this.#page.waitForEvent("download", { timeout });
    await this.#page.getByRole("button", { name: "Download" }).click({ timeout });
    const download = await downloading;
    const { desktop } = this.#stage;
    const file = path.join(desktop.home, "Downloads", download.suggestedFilename());
    await download.saveAs(file);
    await this.#page.context().close();
    await desktop.xdotool("windowactivate", "--sync", await desktop.window("Terminal"));
    await desktop.xdotool("type", "--delay", "5", `sh ~/Downloads/${path.basename(file)}\n`);
    return CustomerWindow.shown(desktop);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
