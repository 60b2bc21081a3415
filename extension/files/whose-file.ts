import * as vscode from "vscode";
import { fileScheme, lsidOf } from "./file-uri.ts";
import type { Mounts } from "./mounts.ts";

/** Before the line, the column and the language of the document. */
const priority = 1000;

/** Says in the status bar whose computer the document in front is on, where it is a customer's. */
export class WhoseFile implements vscode.Disposable {
  readonly #mounts: Mounts;
  readonly #item = vscode.window.createStatusBarItem(
    "handrail.whoseFile",
    vscode.StatusBarAlignment.Right,
    priority,
  );
  readonly #subscriptions: { dispose(): void }[];

  constructor(mounts: Mounts) {
    this.#mounts = mounts;
    this.#item.name = vscode.l10n.t("Computer of the file in front");
    this.#subscriptions = [
      this.#item,
      vscode.window.onDidChangeActiveTextEditor(() => this.#show()),
      mounts.changed.on(() => this.#show()),
    ];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  #show(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const mount = uri?.scheme === fileScheme ? this.#mounts.get(lsidOf(uri)) : undefined;
    if (!mount) return this.#item.hide();
    // What a computer is called brings no icons with it.
    this.#item.text = `$(device-desktop) ${mount.name.replaceAll("$(", "$ (")}`;
    this.#item.tooltip = vscode.l10n.t("This file is on the computer {0}", mount.name);
    this.#item.show();
  }
}
