import type { Lsid } from "@handrail/protocol";
import * as vscode from "vscode";
import { arrivalIcons, arrivalText } from "./arrival-text.ts";
import type { Board } from "./board.ts";
import { customerName } from "./queue-tree.ts";

interface Shown {
  readonly text: string;
  readonly label: string;
  readonly command: vscode.Command;
}

/** The status bar's item about the customer who comes by a key of this representative. */
export class ArrivalStatus implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #board: Board;
  readonly #subscription: { dispose(): void };

  constructor(board: Board) {
    this.#board = board;
    this.#item = vscode.window.createStatusBarItem(
      "handrail.arrival",
      vscode.StatusBarAlignment.Left,
      8,
    );
    this.#item.name = vscode.l10n.t("Handrail: customer on the way");
    this.#subscription = board.changed.on(() => this.#refresh());
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #refresh(): void {
    const shown = this.#waiting() ?? this.#onTheWay();
    if (!shown) return this.#item.hide();
    this.#item.text = shown.text;
    this.#item.tooltip = shown.label;
    this.#item.accessibilityInformation = { label: shown.label };
    this.#item.command = shown.command;
    this.#item.show();
  }

  /** Who is there already comes first: they are waiting for something to be done. */
  #waiting(): Shown | undefined {
    const session = this.#board.waiting.find(({ lsid }) => this.#board.typedKey(lsid));
    if (!session) return undefined;
    const name = customerName(session);
    const title = vscode.l10n.t("Accept Session");
    return {
      text: `$(bell-dot) ${vscode.l10n.t("{0} is waiting for you", name)}`,
      label: vscode.l10n.t("{0} is waiting for you. Choose this to accept.", name),
      command: commandFor("handrail.session.accept", title, session.lsid),
    };
  }

  #onTheWay(): Shown | undefined {
    const latest = this.#board.arrivals.at(-1);
    if (!latest) return undefined;
    const text = vscode.l10n.t("The customer {0}", arrivalText(latest.step));
    return {
      text: `$(${arrivalIcons[latest.step]}) ${text}`,
      label: text,
      command: { command: "handrail.queues.focus", title: vscode.l10n.t("Queues") },
    };
  }
}

function commandFor(command: string, title: string, lsid: Lsid): vscode.Command {
  return { command, title, arguments: [lsid] };
}
