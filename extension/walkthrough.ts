import * as vscode from "vscode";
import { setContext } from "./context-keys.ts";

const walkthrough = "handrail.handrail#start";
/** Where it begins for who is signed in. */
const firstStep = { category: walkthrough, step: `${walkthrough}#key` };

/**
 * The walkthrough. VS Code ticks a step when a context key becomes true, and hears of nothing that
 * was so before the walkthrough was opened: what is done already is told once more then.
 */
export class Walkthrough implements vscode.Disposable {
  readonly #isSignedIn: () => boolean;
  readonly #subscription: vscode.Disposable;

  constructor(isSignedIn: () => boolean) {
    this.#isSignedIn = isSignedIn;
    this.#subscription = vscode.window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
      // VS Code says of its own pages only that they are nothing else.
      if ([...opened, ...changed].some(({ input }) => input === undefined)) this.#tick();
    });
  }

  /** Opens it where somebody who is signed in begins. */
  async open(): Promise<void> {
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", firstStep, false);
    this.#tick();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #tick(): void {
    if (!this.#isSignedIn()) return;
    setContext("handrail.welcomed", true);
    // What is true when VS Code reads the walkthrough for the first time ticks nothing any more.
    setContext("handrail.welcomed", false);
  }
}
