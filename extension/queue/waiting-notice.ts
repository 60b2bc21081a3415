import type { Lsid, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import type { OpenMessages } from "../open-messages.ts";
import type { Settings } from "../settings.ts";
import type { Board } from "./board.ts";
import { joined } from "./item.ts";
import { handedOverText, waitingText } from "./queue-name.ts";
import { customerName } from "./queue-tree.ts";

/** What can be done about somebody who waits. */
export interface WaitingActions {
  readonly accept: (lsid: Lsid) => void;
  readonly show: (lsid: Lsid) => void;
}

/** Tells the representative who began to wait and where, with what can be done about it. */
export class WaitingNotice implements vscode.Disposable {
  readonly #subscriptions: readonly { dispose(): void }[];
  readonly #settings: Settings;
  readonly #board: Board;
  readonly #act: WaitingActions;
  readonly #messages: OpenMessages;

  constructor(
    board: Board,
    { settings, messages, ...act }: WaitingActions & { settings: Settings; messages: OpenMessages },
  ) {
    this.#board = board;
    this.#settings = settings;
    this.#messages = messages;
    this.#act = act;
    this.#subscriptions = [
      board.arrived.on((session) => void this.#tell(session)),
      board.sessionChanged.on(({ lsid, session }) => this.#changed(lsid, session)),
    ];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  #changed(lsid: Lsid, session: SessionView | undefined): void {
    if (session?.state !== "waiting") this.#messages.settle(lsid);
  }

  async #tell(session: SessionView): Promise<void> {
    if (!this.#settings.notifyWhenWaiting) return;
    const me = this.#board.representatives.find(({ id }) => id === this.#board.self?.id);
    // Whoever is busy or away does not want to be called.
    if (me && me.status !== "available") return;
    const accept = vscode.l10n.t("Accept");
    const show = vscode.l10n.t("Show");
    const text = messageText(noticeText(session));
    const message = vscode.window.showInformationMessage(text, accept, show);
    const chosen = await this.#messages.add(session.lsid, message);
    if (chosen !== undefined && !this.#isThere(session.lsid)) return tellGone(session);
    if (chosen === accept) this.#act.accept(session.lsid);
    if (chosen === show) this.#act.show(session.lsid);
  }

  // Behind the bell the message stays when a colleague was faster.
  #isThere(lsid: Lsid): boolean {
    const session = this.#board.session(lsid);
    return (
      session?.state === "waiting" || (session !== undefined && this.#board.takesPart(session))
    );
  }
}

/** Who waits where, who has handed them over, and what it is about, as far as that is known. */
function noticeText(session: SessionView): string {
  const { customer, handedBy } = session;
  const name = customerName(session);
  const about = handedBy?.note ?? joined(customer.computer, customer.issue);
  const where = handedBy
    ? handedOverText(name, session, handedBy.name)
    : waitingText(name, session);
  return about === "" ? where : vscode.l10n.t("{0}: {1}", where, about);
}

function tellGone(session: SessionView): void {
  const text = vscode.l10n.t("{0} is no longer waiting.", customerName(session));
  void vscode.window.showInformationMessage(messageText(text));
}
