import type { Lsid, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import type { Settings } from "../settings.ts";
import type { Board } from "./board.ts";
import { joined } from "./item.ts";
import { customerName } from "./queue-tree.ts";

/** Tells the representative that somebody began to wait, with a button to accept. */
export class WaitingNotice implements vscode.Disposable {
  readonly #subscription: { dispose(): void };
  readonly #settings: Settings;
  readonly #board: Board;
  readonly #accept: (lsid: Lsid) => void;

  constructor(board: Board, settings: Settings, accept: (lsid: Lsid) => void) {
    this.#board = board;
    this.#settings = settings;
    this.#accept = accept;
    this.#subscription = board.arrived.on((session) => void this.#tell(session));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #tell(session: SessionView): Promise<void> {
    if (!this.#settings.notifyWhenWaiting) return;
    const me = this.#board.representatives.find(({ id }) => id === this.#board.self?.id);
    // Whoever is busy or away does not want to be called.
    if (me && me.status !== "available") return;
    const accept = vscode.l10n.t("Accept");
    const about = joined(session.customer.computer, session.customer.issue);
    const chosen = await vscode.window.showInformationMessage(
      messageText(vscode.l10n.t("{0} is waiting for help. {1}", customerName(session), about)),
      accept,
    );
    if (chosen === accept) this.#accept(session.lsid);
  }
}
