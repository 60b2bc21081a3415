import type { Lsid, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import type { Settings } from "../settings.ts";
import type { Board } from "./board.ts";
import { joined } from "./item.ts";
import { waitingText } from "./queue-name.ts";
import { customerName } from "./queue-tree.ts";

/** What can be done about somebody who waits. */
export interface WaitingActions {
  readonly accept: (lsid: Lsid) => void;
  readonly show: (lsid: Lsid) => void;
}

/** Tells the representative who began to wait and where, with what can be done about it. */
export class WaitingNotice implements vscode.Disposable {
  readonly #subscription: { dispose(): void };
  readonly #settings: Settings;
  readonly #board: Board;
  readonly #act: WaitingActions;

  constructor(board: Board, settings: Settings, act: WaitingActions) {
    this.#board = board;
    this.#settings = settings;
    this.#act = act;
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
    const show = vscode.l10n.t("Show");
    const about = joined(session.customer.computer, session.customer.issue);
    const where = waitingText(customerName(session), session);
    const text = messageText(about === "" ? where : vscode.l10n.t("{0}: {1}", where, about));
    const chosen = await vscode.window.showInformationMessage(text, accept, show);
    if (chosen !== undefined && !this.#isThere(session.lsid)) return tellGone(session);
    if (chosen === accept) this.#act.accept(session.lsid);
    if (chosen === show) this.#act.show(session.lsid);
  }

  // The message stays when a colleague was faster, for it cannot be taken back.
  #isThere(lsid: Lsid): boolean {
    const session = this.#board.session(lsid);
    return (
      session?.state === "waiting" || (session !== undefined && this.#board.takesPart(session))
    );
  }
}

function tellGone(session: SessionView): void {
  const text = vscode.l10n.t("{0} is no longer waiting.", customerName(session));
  void vscode.window.showInformationMessage(messageText(text));
}
