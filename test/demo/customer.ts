import path from "node:path";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, openContext, type Page } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import type { Stage } from "./stage.ts";

const helpWindow = "Handrail —";

/** The sample customer: a browser, a terminal, and the help window, used as a person would. */
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

  async enterKey(key: string): Promise<void> {
    await this.#page.getByLabel("Session key").fill(key);
    await this.#page.getByRole("button", { name: "Continue" }).click();
    await this.#page.getByRole("button", { name: "Download" }).waitFor();
  }

  async pictureOfPortal(): Promise<void> {
    await this.#page.screenshot({ path: await artifact("portal-key-accepted.png") });
  }

  /** Downloads the starter and runs it in the terminal. */
  async startClient(): Promise<void> {
    const downloading = this.#page.waitForEvent("download");
    await this.#page.getByRole("button", { name: "Download" }).click();
    const download = await downloading;
    const file = path.join(this.#stage.desktop.home, "Downloads", download.suggestedFilename());
    await download.saveAs(file);
    await this.#page.context().close();
    const { desktop } = this.#stage;
    await desktop.xdotool("windowactivate", "--sync", await desktop.window("Terminal"));
    await desktop.xdotool("type", "--delay", "5", `sh ~/Downloads/${path.basename(file)}\n`);
    await desktop.window(helpWindow);
  }

  /**
   * Presses Allow in the help window until it has the effect: the window takes no answer in the first
   * half second of a question. Resolves to when the answer that counted was pressed.
   */
  async allow(effect: string, happened: () => Promise<boolean>): Promise<number> {
    let pressedAt = performance.now();
    await poll(effect, async () => {
      await this.#focusHelpWindow();
      pressedAt = performance.now();
      await this.#stage.desktop.xdotool("key", "alt+a");
      const endsAt = pressedAt + 1_500;
      while (performance.now() < endsAt) if (await happened()) return true;
      return false;
    });
    return pressedAt;
  }

  /** Writes a line in the help window's chat. */
  async writeChat(text: string): Promise<void> {
    await this.#focusHelpWindow();
    await this.#stage.desktop.xdotool("key", "alt+m");
    await this.#stage.desktop.xdotool("type", "--delay", "5", `${text}\n`);
  }

  /** Puts the focus where nothing blinks. */
  async rest(): Promise<void> {
    const { desktop } = this.#stage;
    await desktop.xdotool("windowactivate", "--sync", await desktop.window("Terminal"));
  }

  /** Waits until the client has taken itself away. */
  async gone(): Promise<void> {
    await poll("the help window is gone", async () =>
      (await this.#windowTitles()).every((title) => !title.includes(helpWindow)),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }

  async #focusHelpWindow(): Promise<void> {
    const { desktop } = this.#stage;
    await desktop.xdotool("windowactivate", "--sync", await desktop.window(helpWindow));
  }

  async #windowTitles(): Promise<string[]> {
    const { desktop } = this.#stage;
    const ids = await desktop.xdotool("search", "--onlyvisible", "--name", "").catch(() => "");
    const titles = ids
      .split("\n")
      .map((id) => desktop.xdotool("getwindowname", id).catch(() => ""));
    return Promise.all(titles);
  }
}
