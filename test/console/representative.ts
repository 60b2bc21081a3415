import type { Appliance } from "../support/appliance.ts";
import type { Frame } from "../support/chromium.ts";
import { connectCustomer, type CustomerEnd, type CustomerFacts } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { packConsole } from "./vsix.ts";
import { Workbench, type WorkbenchOptions } from "./workbench.ts";

/** A representative at work: a VS Code whose console signs in by itself, and what they do in it. */
export class Representative implements AsyncDisposable {
  readonly vscode: Workbench;
  readonly #appliance: Appliance;

  /** Starts a VS Code for the account of that name and waits until its console is connected. */
  static async start(
    appliance: Appliance,
    name?: string,
    options: WorkbenchOptions = {},
  ): Promise<Representative> {
    const vscode = await Workbench.start({
      ...options,
      vsix: [await packConsole()],
      env: {
        ...options.env,
        HANDRAIL_CONSOLE_CREDENTIALS: await appliance.consoleCredential(name),
      },
    });
    await using unready = new AsyncDisposableStack();
    const representative = unready.use(new Representative(vscode, appliance));
    await vscode.activityBarItem("Handrail").click();
    await vscode.statusBarItem(`:${appliance.port}`).locator(".codicon-vm-connect").waitFor();
    unready.move();
    return representative;
  }

  private constructor(vscode: Workbench, appliance: Appliance) {
    this.vscode = vscode;
    this.#appliance = appliance;
  }

  /** Makes a session key by its shortcut, whatever the language; gives its digits. */
  async createKey(): Promise<string> {
    const { page } = this.vscode;
    // On a key of an earlier session the message may still be open.
    const before = await this.#keysShown();
    await page.keyboard.press("Control+Alt+h");
    await page.keyboard.press("k");
    const key = await poll("a new key is shown", async () =>
      (await this.#keysShown()).find((each) => !before.includes(each)),
    );
    return key;
  }

  /** Makes a key, has a customer use it, and accepts the session. */
  async begin(facts: CustomerFacts): Promise<CustomerEnd> {
    const key = await this.createKey();
    const customer = await connectCustomer(this.#appliance.url, { key }, facts);
    await this.vscode.answerNotification(facts.name, "Accept");
    await poll("the customer was asked", () => customer.asked.includes("view"));
    return customer;
  }

  /** The pane of the session with a customer, which is shown. */
  pane(customer: string): Promise<Frame> {
    return this.vscode.webview(".session", 60_000, (frame) =>
      frame.title().then((title) => title === customer),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.vscode[Symbol.asyncDispose]();
  }

  async #keysShown(): Promise<string[]> {
    const texts = await this.vscode.notification(/\d{3} \d{4}/).allInnerTexts();
    return texts.flatMap((text) => /\d{3} \d{4}/.exec(text)?.[0] ?? []);
  }
}
