import type { Lsid, QueueId, SessionKeyView } from "@handrail/protocol";
import * as vscode from "vscode";
import { type Clock, systemClock } from "../clock.ts";
import { setContext } from "../context-keys.ts";
import { messageText } from "../message-text.ts";
import { type Board, keyText } from "../queue/board.ts";
import { minutesText } from "../queue/minutes-text.ts";
import type { Settings } from "../settings.ts";
import type { Connection } from "../site/connection.ts";

/** Whoever asks again this soon has clicked twice, ms. */
const doubleClickMs = 1_000;

/** Session keys: made, copied, sent by e-mail, withdrawn. */
export class SessionKeys {
  readonly #link: Connection;
  readonly #board: Board;
  readonly #settings: Settings;
  readonly #clock: Clock;
  #isMaking = false;
  /** By the steady clock, ms. */
  #madeAt = -Infinity;

  constructor(link: Connection, board: Board, settings: Settings, clock = systemClock) {
    this.#link = link;
    this.#board = board;
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * Makes a key, copies it, and shows it; a double click makes one. Without `queue` the customer
   * waits in the personal one.
   */
  async create(queue?: QueueId): Promise<void> {
    if (this.#isMaking || this.#clock.steady() - this.#madeAt < doubleClickMs) return;
    this.#isMaking = true;
    try {
      await this.#make(queue);
      this.#madeAt = this.#clock.steady();
    } finally {
      this.#isMaking = false;
    }
  }

  async #make(queue: QueueId | undefined): Promise<void> {
    const ttlMs = this.#settings.sessionKeyLifetimeMs;
    const view = await this.#link.call("key.create", { queue, ttlMs });
    this.#board.putKey(view);
    setContext("handrail.keyCreated", true);
    await vscode.env.clipboard.writeText(keyText(view));
    // Not awaited: the message stays until it is answered, the command is done.
    void this.#offer(view, ttlMs);
  }

  async copy(lsid: Lsid): Promise<void> {
    const view = this.#board.key(lsid);
    if (!view) return;
    await vscode.env.clipboard.writeText(keyText(view));
    vscode.window.setStatusBarMessage(
      vscode.l10n.t("Session key {0} copied", keyText(view)),
      3_000,
    );
  }

  /** Opens the e-mail program with a letter to the customer. */
  async mail(lsid: Lsid): Promise<void> {
    const view = this.#board.key(lsid);
    if (view) await vscode.env.openExternal(letter(view));
  }

  async cancel(lsid: Lsid): Promise<void> {
    await this.#link.call("key.cancel", { lsid });
  }

  async #offer(view: SessionKeyView, ttlMs: number): Promise<void> {
    const copy = vscode.l10n.t("Copy Again");
    const mail = vscode.l10n.t("E-mail…");
    const chosen = await vscode.window.showInformationMessage(
      messageText(
        vscode.l10n.t(
          "Session key  {0}  for {1} (copied, one use, {2})",
          keyText(view),
          new URL(view.url).host,
          minutesText(ttlMs),
        ),
      ),
      copy,
      mail,
    );
    if (chosen === undefined) return;
    // Behind the bell the message stays when the key has been used, and its session is over.
    if (!this.#board.key(view.lsid)) {
      const gone = vscode.l10n.t("The session key {0} can no longer be used.", keyText(view));
      return void vscode.window.showInformationMessage(messageText(gone));
    }
    if (chosen === copy) await this.copy(view.lsid);
    if (chosen === mail) await this.mail(view.lsid);
  }
}

/** A letter in the console's language. Source: RFC 6068 (line ends, percent-encoding). */
function letter(view: SessionKeyView): vscode.Uri {
  const subject = vscode.l10n.t("Your support session");
  const body = vscode.l10n.t(
    "Hello,\n\nplease open {0} in your browser and enter this session key:\n\n{1}\n\nIt works once, until {2}. You will be asked before anybody sees or controls your computer.\n",
    view.url,
    keyText(view),
    new Date(view.expiresAt).toLocaleTimeString(vscode.env.language, { timeStyle: "short" }),
  );
  const query = [
    `subject=${encodeURIComponent(subject)}`,
    `body=${encodeURIComponent(body.replaceAll("\n", "\r\n"))}`,
  ].join("&");
  return vscode.Uri.from({ scheme: "mailto", path: "", query: decodeURIComponent(query) });
}
