import type { Lsid } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import { messageText } from "../message-text.ts";
import type { Board } from "../queue/board.ts";

/** After so long nobody looks at the notification any more, ms; who accepts is told all the same. */
const shownForMs = 5 * 60_000;

/** A session that is transferred. */
export interface Gift {
  readonly lsid: Lsid;
  /** The customer's name. */
  readonly customer: string;
  /** The colleague or the queue. */
  readonly to: string;
  readonly isQueue: boolean;
}

/** Sessions that this representative has transferred, followed until somebody accepts them. */
export class GivenAway {
  readonly #board: Board;
  readonly #clock: Clock;
  readonly #given = new Map<Lsid, string>();

  constructor(board: Board, clock: Clock) {
    this.#board = board;
    this.#clock = clock;
    board.sessionChanged.on(({ lsid, session }) => {
      const isMine = session?.state === "active" && board.takesPart(session);
      if (isMine && !board.isSending(lsid)) this.#given.delete(lsid);
    });
  }

  /** Whom or which queue a session was given to. */
  toWhom(lsid: Lsid): string | undefined {
    return this.#given.get(lsid);
  }

  /** Gives one away, says where it waits, and who has accepted it. @throws as `sending` */
  async give(gift: Gift, sending: () => Promise<unknown>): Promise<void> {
    const { lsid } = gift;
    const over = Promise.withResolvers<void>();
    const settled = this.#board.transferSettled.on((each) => {
      if (each.lsid !== lsid) return;
      settled.dispose();
      over.resolve();
      if (each.acceptedBy !== undefined) tellAccepted(gift, each.acceptedBy);
    });
    // What ends with it is told at once, before the answer is there.
    this.#given.set(lsid, gift.to);
    try {
      await this.#board.whileSending(lsid, sending);
    } catch (error) {
      this.#given.delete(lsid);
      settled.dispose();
      throw error;
    }
    void this.#show(gift, over);
  }

  async #show(gift: Gift, over: PromiseWithResolvers<void>): Promise<void> {
    const timer = this.#clock.after(shownForMs, over.resolve);
    const title = messageText(waitsText(gift));
    const options = { location: vscode.ProgressLocation.Notification, title };
    await vscode.window.withProgress(options, () => over.promise);
    timer.dispose();
  }
}

function waitsText({ customer, to, isQueue }: Gift): string {
  return isQueue
    ? vscode.l10n.t("{0} now waits: {1}", customer, to)
    : vscode.l10n.t("{0} now waits for {1}", customer, to);
}

function tellAccepted({ customer }: Gift, by: string): void {
  const text = vscode.l10n.t("{0} has accepted the session with {1}.", by, customer);
  void vscode.window.showInformationMessage(messageText(text));
}
