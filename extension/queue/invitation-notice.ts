import type { Lsid, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import type { Board } from "./board.ts";
import { customerName } from "./queue-tree.ts";

/** Tells the representative that a colleague has asked them into a session, and offers to open it. */
export class InvitationNotice implements vscode.Disposable {
  readonly #subscription: { dispose(): void };
  readonly #open: (lsid: Lsid) => void;

  constructor(board: Board, open: (lsid: Lsid) => void) {
    this.#open = open;
    this.#subscription = board.invited.on((session) => void this.#tell(session));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  // Also to whoever is busy or away: a colleague has asked for this one person.
  async #tell(session: SessionView): Promise<void> {
    const open = vscode.l10n.t("Open Session");
    const text = vscode.l10n.t(
      "A colleague has asked you into the session with {0}.",
      customerName(session),
    );
    const chosen = await vscode.window.showInformationMessage(messageText(text), open);
    if (chosen === open) this.#open(session.lsid);
  }
}
