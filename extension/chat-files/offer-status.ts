import { HandrailError } from "@handrail/protocol";
import * as vscode from "vscode";

/** Says how far it is. */
type Report = (message: string) => void;

let count = 0;

/**
 * Does what may take as long as the other person likes, and says so in the status bar: a notification
 * would lie over the conversation all the while. Whoever chooses the item is asked whether to stop.
 */
export async function inStatusBar<T>(
  { title, stopQuestion }: { readonly title: string; readonly stopQuestion: string },
  work: (report: Report, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const id = `handrail.offer.${++count}`;
  const item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left, 7);
  const asking = vscode.commands.registerCommand(id, async () => {
    const yes = vscode.l10n.t("Stop");
    const answer = await vscode.window.showInformationMessage(stopQuestion, { modal: true }, yes);
    if (answer === yes) stop.abort(new HandrailError("cancelled", "cancelled by the person"));
  });
  const report: Report = (message) => {
    const said = [title, message].filter((part) => part !== "").join(" · ");
    item.text = `$(sync~spin) ${said}`;
    item.accessibilityInformation = { label: said };
  };
  item.name = vscode.l10n.t("Handrail: file in the chat");
  item.tooltip = vscode.l10n.t("Choose this to stop offering the file.");
  item.command = id;
  report("");
  item.show();
  try {
    return await work(report, stop.signal);
  } finally {
    item.dispose();
    asking.dispose();
  }
}
