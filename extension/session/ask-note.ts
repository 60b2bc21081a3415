import * as vscode from "vscode";

/** Longest note that is typed in a line, UTF-16 units. */
const maxLength = 8192;

/** Asks for a note in a line; empty: there is to be none, undefined: the person thought better of it. */
export async function askNote(title: string): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t("Colleagues see it, the customer does not."),
    ignoreFocusOut: true,
    validateInput: (typed) =>
      typed.length > maxLength ? vscode.l10n.t("This is too long for a note.") : undefined,
  });
  return text?.trim();
}
