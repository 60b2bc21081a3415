import type { Lsid } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import { messageText } from "../message-text.ts";
import type { Settings } from "../settings.ts";
import { arrivalText } from "./arrival-text.ts";
import type { Board } from "./board.ts";

/** Who has not come within this time probably does something else first, ms. */
const shownForMs = 5 * 60_000;

/**
 * Follows a customer from the typed key to the queue in one notification, which goes by itself:
 * the representative, often on the telephone with them, sees what they are doing.
 */
export class ArrivalNotice implements vscode.Disposable {
  readonly #board: Board;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #subscription: { dispose(): void };
  readonly #open = new Map<Lsid, () => void>();

  constructor(board: Board, clock: Clock, settings: Settings) {
    this.#board = board;
    this.#clock = clock;
    this.#settings = settings;
    this.#subscription = board.departed.on(({ lsid }) => this.#follow(lsid));
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const close of this.#open.values()) close();
  }

  #follow(lsid: Lsid): void {
    if (!this.#settings.notifyWhenWaiting || this.#open.has(lsid)) return;
    // Short: the step, which is what counts, follows it on the one line that there is.
    const title = messageText(this.#board.typedKey(lsid) ?? vscode.l10n.t("Session key"));
    const options = { location: vscode.ProgressLocation.Notification, title };
    void vscode.window.withProgress(options, (progress) => this.#show(lsid, progress));
  }

  /** Resolves when the customer is there, will not come, or takes long. */
  #show(lsid: Lsid, progress: vscode.Progress<{ message: string }>): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(shownForMs, () => close());
      const show = () => {
        const arrival = this.#board.arrival(lsid);
        if (!arrival) return close();
        const message = vscode.l10n.t("The customer {0}", arrivalText(arrival.step));
        progress.report({ message });
      };
      const subscription = this.#board.changed.on(show);
      const close = () => {
        timer.dispose();
        subscription.dispose();
        this.#open.delete(lsid);
        resolve();
      };
      this.#open.set(lsid, close);
      show();
    });
  }
}
