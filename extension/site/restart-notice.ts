import * as vscode from "vscode";
import { messageText } from "../message-text.ts";

/** Says that an appliance stops for a moment, and that nobody need do anything. */
export function tellRestart(siteName: string, afterMs: number): void {
  const text = vscode.l10n.t(
    "{0} restarts in {1} s, for an update or by the order of an administrator. Sessions go on by themselves.",
    siteName,
    Math.ceil(afterMs / 1000),
  );
  void vscode.window.showInformationMessage(messageText(text));
}
