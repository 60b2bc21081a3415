import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import { type Board, keyText } from "./board.ts";
import { clockTime } from "./duration.ts";
import { minutesText } from "./minutes-text.ts";

/** The key that is about to be used, in the status bar: large enough to read aloud, with its time. */
export class KeyCountdown implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #board: Board;
  readonly #clock: Clock;
  readonly #subscription: { dispose(): void };
  #timer: { dispose(): void } | undefined;

  constructor(board: Board, clock: Clock) {
    this.#board = board;
    this.#clock = clock;
    this.#item = vscode.window.createStatusBarItem(
      "handrail.key",
      vscode.StatusBarAlignment.Left,
      9,
    );
    this.#item.name = vscode.l10n.t("Handrail: session key");
    this.#subscription = board.changed.on(() => this.#refresh());
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #refresh(): void {
    // The newest: whoever made a key is about to read it to somebody.
    const view = this.#board.keys.at(-1);
    this.#timer?.dispose();
    if (!view) return this.#item.hide();
    const leftMs = view.expiresAt - this.#clock.now();
    const shown = keyText(view);
    this.#item.text = `$(key) ${shown}  ${clockTime(leftMs)}`;
    this.#item.tooltip = vscode.l10n.t("Session key {0}. Choose this to copy it.", shown);
    this.#item.accessibilityInformation = {
      label: vscode.l10n.t("Session key {0}, expires in {1}", shown, minutesText(leftMs)),
    };
    this.#item.command = {
      command: "handrail.key.copy",
      title: vscode.l10n.t("Copy Session Key"),
      arguments: [view.lsid],
    };
    this.#item.show();
    this.#timer = this.#clock.after(1_000, () => this.#refresh());
  }
}
