import { artifact } from "../support/artifacts.ts";
import {
  type Browser,
  type ContextOptions,
  type Frame,
  launchChromium,
  type Locator,
  openContext,
  type Page,
} from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { CodeServer, type CodeServerOptions } from "./code-server.ts";

/** What the VS Code has, and the size of the window that shows it. */
export interface WorkbenchOptions extends CodeServerOptions {
  viewport?: ContextOptions["viewport"];
}

/**
 * A VS Code workbench as a person sees it: one server, one browser, one window.
 * What is found is a locator, which waits by itself; what is done waits until it is done.
 */
export class Workbench implements AsyncDisposable {
  readonly server: CodeServer;
  readonly page: Page;
  readonly #stack: AsyncDisposableStack;
  readonly #console: string[] = [];

  static async start(options: WorkbenchOptions = {}): Promise<Workbench> {
    await using stack = new AsyncDisposableStack();
    // The last resort against a server that outlives its test.
    const server = stack.use(await CodeServer.start({ idleTimeoutSeconds: 900, ...options }));
    const browser: Browser = stack.use(await launchChromium());
    const context = await openContext(browser, {
      ...(options.viewport ? { viewport: options.viewport } : {}),
      theme: options.theme === "light" ? "light" : "dark",
    });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const workbench = new Workbench(server, page, stack.move());
    await workbench.reload();
    return workbench;
  }

  private constructor(server: CodeServer, page: Page, stack: AsyncDisposableStack) {
    this.server = server;
    this.page = page;
    this.#stack = stack;
    page.on("console", (message) => {
      this.#console.push(`${message.type()}: ${message.text()}`);
    });
  }

  /** What the workbench, its webviews among it, has written to the browser's console. */
  get console(): readonly string[] {
    return this.#console;
  }

  /** Opens the workbench anew, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.page.goto(this.server.workbenchUrl(), { waitUntil: "domcontentloaded" });
    await this.page.locator(".monaco-workbench").waitFor();
    // Drawn once the extension host has answered.
    await this.page.locator(".statusbar-item").first().waitFor();
    await this.page.locator(".activitybar").waitFor();
  }

  /**
   * Runs a command by the label that the command palette shows, as "Handrail: Sign In".
   * The palette lists what is known when it opens, and extensions arrive seconds after the
   * workbench is drawn: it is opened again until the command is there.
   */
  async runCommand(label: string, timeoutMs = 60_000): Promise<void> {
    const row = this.quickPick(label);
    await poll(
      `the command palette has "${label}"`,
      async () => {
        await this.page.keyboard.press("F1");
        // A pane that is being loaded swallows the key.
        await this.quickInput.fill(`>${label}`, { timeout: 2_000 });
        const isThere = await row.waitFor({ timeout: 2_000 }).then(
          () => true,
          () => false,
        );
        if (!isThere) {
          await this.page.keyboard.press("Escape");
          return false;
        }
        // A tab that opens meanwhile takes the keyboard, and with it the palette.
        await row.click({ timeout: 3_000 });
        return true;
      },
      timeoutMs,
    );
  }

  /** The text field of the command palette, of a quick pick and of an input box. */
  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget input:not([type=checkbox])");
  }

  /** A row of the quick pick that is open. */
  quickPick(label: string | RegExp): Locator {
    return this.page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first();
  }

  /**
   * Answers the input box that is open and waits until it goes, or makes way for the next one.
   *
   * @param question what the box says, as its title, prompt or placeholder
   */
  async answer(question: string, text: string): Promise<void> {
    const widget = this.page.locator(".quick-input-widget").filter({ visible: true });
    await poll(`an input box asks "${question}"`, async () => {
      const placeholder = await this.quickInput.getAttribute("placeholder", { timeout: 1_000 });
      return `${await widget.innerText()}\n${placeholder ?? ""}`.includes(question);
    });
    await this.quickInput.fill(text);
    await this.quickInput.press("Enter");
  }

  /** Answers VS Code's own dialog for a folder, as it is in a browser. */
  chooseFolder(folder: string): Promise<void> {
    return this.choosePath(`${folder}/`);
  }

  /** The same for a file to be opened, or for a place to save one. */
  async choosePath(place: string): Promise<void> {
    const button = this.page.locator(".quick-input-widget .monaco-button", { hasText: /\S/ });
    await this.quickInput.waitFor();
    // The dialog begins with a folder of its own, which comes into the box when it has been read.
    await poll("the dialog is ready", async () => (await this.quickInput.inputValue()) !== "");
    await button.first().waitFor();
    await poll("the dialog takes the folder", async () => {
      // Not the box: what comes next may ask in one, too.
      if (!(await button.first().isVisible())) return true;
      await this.quickInput.fill(place, { timeout: 2_000 });
      await button.first().click({ timeout: 2_000 });
      return button
        .first()
        .waitFor({ state: "hidden", timeout: 3_000 })
        .then(() => true);
    });
  }

  /**
   * Drops a file of this machine on a place of the page, as from the system's own list of files, with
   * Shift held: without it VS Code opens what is dropped.
   */
  async dropFile(file: string, { x, y }: { x: number; y: number }): Promise<void> {
    const tools = await this.page.context().newCDPSession(this.page);
    const shift = 8;
    const dragged = { items: [], files: [file], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      const drag = { type, x, y, data: dragged, modifiers: shift };
      await tools.send("Input.dispatchDragEvent", drag);
    }
    await tools.detach();
  }

  /** The icon of a view container in the activity bar. */
  activityBarItem(name: string): Locator {
    return this.page.locator(`.activitybar a.action-label[aria-label^="${name}"]`);
  }

  /** Folds views of the side bar, so that the others have room. */
  async foldViews(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.#section(name).click();
  }

  /** Unfolds a view of the side bar that is folded at first. */
  async unfoldView(name: string): Promise<void> {
    await this.#section(name).click();
  }

  #section(name: string): Locator {
    return this.page.getByRole("button", { name: `${name} Section`, exact: true });
  }

  /** A row of a tree view of the side bar or of the panel. */
  treeItem(text: string | RegExp): Locator {
    return this.page.locator(".pane-body .monaco-list-row", { hasText: text });
  }

  /** An inline action of a row of a tree view, which shows while the pointer is on the row. */
  async clickTreeAction(text: string | RegExp, action: string): Promise<void> {
    const row = this.treeItem(text).first();
    await row.hover();
    await row.locator(`a.action-label[aria-label^="${action}"]`).click();
  }

  /** Opens the context menu of a row of a tree view and chooses from it. */
  async chooseFromTreeMenu(text: string | RegExp, label: string): Promise<void> {
    await this.treeItem(text).first().click({ button: "right" });
    // The browser build draws its menus in a shadow root, which locators look into.
    const item = this.page.locator(".monaco-menu .action-item", { hasText: label }).first();
    await item.waitFor();
    // A menu that has just opened takes a click for the end of the one that opened it.
    await poll("the menu takes the choice", async () => {
      if ((await item.count()) > 0) await item.click({ timeout: 1_000 });
      return item.waitFor({ state: "detached", timeout: 500 }).then(() => true);
    });
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-toast", { hasText: text });
  }

  /** Presses a button of a notification. */
  async answerNotification(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).locator(".monaco-button", { hasText: button }).click();
  }

  /** The modal message that is open. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator(".monaco-dialog-box", { hasText: text });
  }

  /** Presses a button of the modal message that is open. */
  async answerDialog(text: string | RegExp, button: string): Promise<void> {
    await this.dialog(text).locator(".monaco-button", { hasText: button }).click();
  }

  /** The tab of an editor; it has the class `dirty` while it holds unsaved changes. */
  tab(name: string | RegExp): Locator {
    return this.page.locator(".tabs-container .tab", { hasText: name });
  }

  /** A line of the text editor that is shown. */
  editorLine(text: string | RegExp): Locator {
    return this.page.locator(".monaco-editor .view-line", { hasText: text });
  }

  /** Focuses the terminal that is shown: keys typed before it has focus are lost. */
  async focusTerminal(): Promise<void> {
    await this.page.locator(".terminal-wrapper.active .xterm-screen").click();
    await this.page.locator(".terminal-wrapper.active .xterm.focus").waitFor();
  }

  /** The rows of the terminal that is shown. */
  terminalText(): Promise<string> {
    return this.page.locator(".terminal-wrapper.active .xterm-rows").innerText();
  }

  /**
   * The frame that holds a webview's HTML. VS Code nests two: `iframe.webview` with a page of its
   * own, and in it `iframe#active-frame` with the extension's. They hang off the body of the
   * workbench and not off the editor, so a webview is found by what is in it, and by `fits` where
   * several hold the same.
   */
  webview(
    selectorInside: string,
    timeoutMs = 60_000,
    fits: (frame: Frame) => boolean | Promise<boolean> = () => true,
  ): Promise<Frame> {
    return poll(
      `a webview holds ${selectorInside}`,
      async () => {
        for (const frame of this.page.frames().filter(isWebview)) {
          // A frame that is about to be replaced may go away under the question.
          const found = await frame
            .locator(selectorInside)
            .count()
            .catch(() => 0);
          if (found > 0 && (await fits(frame))) return frame;
        }
        return undefined;
      },
      timeoutMs,
    );
  }

  /** Leaves a picture of the window in test/artifacts. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: await artifact(`${name}.png`) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function isWebview(frame: Frame): boolean {
  return frame.parentFrame()?.url().includes("/webview/browser/pre/") ?? false;
}
