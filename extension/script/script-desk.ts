import {
  HandrailError,
  type Lsid,
  type Permission,
  type ScriptSource,
  type SessionView,
} from "@handrail/protocol";
import * as vscode from "vscode";
import { explaining } from "../error-text.ts";
import { messageText } from "../message-text.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Conduct } from "../session/conduct.ts";
import type { Connection } from "../site/connection.ts";
import { followRun, type RunEnd, type RunListener } from "./script-run.ts";

/** What running scripts needs of the console. */
export interface ScriptPlace {
  readonly link: Connection;
  readonly board: Board;
  readonly conduct: Conduct;
}

/** What is to be run, and what the customer must have allowed for it besides scripts. */
export interface Wanted {
  readonly source: ScriptSource;
  readonly needs: readonly Permission[];
}

/** Runs scripts on customers' computers, asking them where that is needed. */
export class ScriptDesk {
  readonly #place: ScriptPlace;

  constructor(place: ScriptPlace) {
    this.#place = place;
  }

  /** Sessions in which scripts can be run. */
  get sessions(): readonly SessionView[] {
    return this.#place.board.mine;
  }

  /** A session of this representative that goes on. @throws HandrailError `session-ended` */
  session(lsid: Lsid): SessionView {
    const session = this.#place.board.session(lsid);
    if (session?.state === "active" && this.#place.board.takesPart(session)) return session;
    throw new HandrailError("session-ended", "no session of this representative");
  }

  /**
   * Runs something in a session, to its end; cancels it when the signal is aborted.
   * @throws HandrailError `customer-refused`, `not-permitted`, `customer-away`, `session-ended`, and
   *   why the channel ended before the script did
   */
  async run(
    lsid: Lsid,
    { source, needs }: Wanted,
    { listener, signal }: { listener: RunListener; signal: AbortSignal },
  ): Promise<RunEnd> {
    for (const permission of ["scripts", ...needs] as const) {
      await this.#permit(this.session(lsid), permission);
    }
    const { link } = this.#place;
    const faulty = vscode.l10n.t("The script has a macro that does not exist.");
    const { run } = await link
      .call("script.prepare", { lsid, source })
      .catch(explaining("bad-request", faulty));
    return followRun(link.open("script", lsid, run), listener, signal);
  }

  /** Keeps a note with a session. @throws HandrailError `not-found`, `disk-full` */
  async keepNote(lsid: Lsid, note: { title: string; text: string }): Promise<void> {
    await this.#place.link.call("note.keep", { lsid, note });
  }

  async #permit(session: SessionView, permission: Permission): Promise<void> {
    const state = session.permissions[permission];
    if (state === "granted" || session.unasked?.includes(permission)) return;
    if (state === "denied") throw new HandrailError("not-permitted", "policy denies it");
    if (!session.customerConnected) throw new HandrailError("customer-away", "nobody to ask");
    const name = customerName(session);
    const title =
      permission === "scripts"
        ? vscode.l10n.t("Waiting for {0} to allow scripts", name)
        : vscode.l10n.t("Waiting for {0} to allow what the script needs", name);
    const granted = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: messageText(title) },
      () => this.#place.conduct.request(session.lsid, permission),
    );
    if (!granted) throw new HandrailError("customer-refused", "the customer does not allow it");
  }
}
