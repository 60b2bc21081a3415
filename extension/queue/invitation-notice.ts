import type { Lsid, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import type { Board } from "./board.ts";
import { customerName } from "./queue-tree.ts";

/** Tells the representative that a colleague has asked them into a session, and offers to open it. */
export class InvitationNotice implements vscode.Disposable {
  readonly #subscription: { dispose(): void };
  readonly #board: Board;
  readonly #open: (lsid: Lsid) => void;

  constructor(board: Board, open: (lsid: Lsid) => void) {
    this.#board = board;
    this.#open = open;
    this.#subscription = board.invited.on((session) => void this.#tell(session));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  // Also to whoever is busy or away: a colleague has asked for this one person.
  async #tell(session: SessionView): Promise<void> {
    const open = vscode.l10n.t("Open Session");
    const name = customerName(session);
    const host = this.#hostOf(session);
    const text =
      host === undefined
        ? vscode.l10n.t("A colleague has asked you into the session with {0}.", name)
        : vscode.l10n.t("{0} has asked you into the session with {1}.", host, name);
    const chosen = await vscode.window.showInformationMessage(messageText(text), open);
    if (chosen === open) this.#open(session.lsid);
  }

  // Whoever only watches asks nobody in; of several others each may have done it.
  #hostOf({ participants }: SessionView): string | undefined {
    const hosts = participants.filter(
      ({ id, observer }) => !observer && id !== this.#board.self?.id,
    );
    return hosts.length === 1 ? hosts[0]?.name : undefined;
  }
}
