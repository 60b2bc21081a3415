import type { Lsid, QueueId, SessionKeyView } from "@handrail/protocol";
import * as vscode from "vscode";
import { type Clock, systemClock } from "../clock.ts";
import { setContext } from "../context-keys.ts";
import { messageText } from "../message-text.ts";
import { type Board, keyText } from "../queue/board.ts";
import { minutesText } from "../queue/minutes-text.ts";
import type { Settings } from "../settings.ts";
import type { Connection } from "../site/connection.ts";
import { KeyMail } from "./key-mail.ts";

/** Whoever asks again this soon has clicked twice, ms. */
const doubleClickMs = 1_000;

/** Session keys: made, copied, sent by e-mail, withdrawn. */
export class SessionKeys {
  readonly #link: Connection;
  readonly #board: Board;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #mail: KeyMail;
  #isMaking = false;
  /** By the steady clock, ms. */
  #madeAt = -Infinity;

  constructor(link: Connection, board: Board, settings: Settings, clock = systemClock) {
    this.#link = link;
    this.#board = board;
    this.#settings = settings;
    this.#clock = clock;
    this.#mail = new KeyMail(link, board);
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

  /** As `KeyMail.send`. */
  async mail(lsid: Lsid): Promise<void> {
    const view = this.#board.key(lsid);
    if (view) await this.#mail.send(view);
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
    // As the command: that tells what goes wrong.
    if (chosen === mail) await vscode.commands.executeCommand("handrail.key.mail", view.lsid);
  }
}
