import type { Lsid } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";

/** The tab of a session, as far as it says things. */
export interface NoticePlace {
  /** Whether the tab is in front of the representative. */
  isInSight(lsid: Lsid): boolean;
  /** Says it there. */
  show(lsid: Lsid, notice: { text: string; isGood: boolean }): void;
}

/**
 * Tells what comes of things in a session: in its tab while that is in sight, so that no message of
 * VS Code lies over the conversation, and in such a message otherwise.
 */
export class Notices {
  readonly #place: NoticePlace;

  constructor(place: NoticePlace) {
    this.#place = place;
  }

  /** `isGood`: it is as was wished, and need not be dismissed. */
  tell(lsid: Lsid, text: string, isGood: boolean): void {
    if (this.#place.isInSight(lsid)) this.#place.show(lsid, { text, isGood });
    else if (isGood) void vscode.window.showInformationMessage(messageText(text));
    else void vscode.window.showWarningMessage(messageText(text));
  }

  /** Shows that an answer is awaited: the tab says so itself, beside it the status bar does. */
  async waiting<T>(lsid: Lsid, title: string, answer: () => Promise<T>): Promise<T> {
    const { Notification, Window } = vscode.ProgressLocation;
    const location = this.#place.isInSight(lsid) ? Window : Notification;
    return vscode.window.withProgress({ location, title: messageText(title) }, answer);
  }
}
