import * as vscode from "vscode";
import type { SpecialKey } from "../../media/pane/contract.ts";

/** Names of the keys as they are printed on keyboards and said in support. */
const labels: Readonly<Record<SpecialKey, () => string>> = {
  "ctrl-alt-delete": () => vscode.l10n.t("Ctrl+Alt+Del"),
  "alt-tab": () => vscode.l10n.t("Alt+Tab"),
  "alt-f4": () => vscode.l10n.t("Alt+F4"),
  super: () => vscode.l10n.t("Super (Windows key)"),
  menu: () => vscode.l10n.t("Menu key"),
  escape: () => vscode.l10n.t("Esc"),
  "ctrl-escape": () => vscode.l10n.t("Ctrl+Esc"),
  "print-screen": () => vscode.l10n.t("Print Screen"),
  "ctrl-alt-t": () => vscode.l10n.t("Ctrl+Alt+T"),
  "ctrl-alt-f1": () => vscode.l10n.t("Ctrl+Alt+F1"),
  "ctrl-alt-f7": () => vscode.l10n.t("Ctrl+Alt+F7"),
};

/** Asks which keys to send. */
export async function pickSpecialKey(keys: readonly SpecialKey[]): Promise<SpecialKey | undefined> {
  const picked = await vscode.window.showQuickPick(
    keys.map((key) => ({ label: labels[key](), key })),
    // The pane gets the focus back when the palette closes, which must not close this as well.
    { title: vscode.l10n.t("Send keys to the customer's computer"), ignoreFocusOut: true },
  );
  return picked?.key;
}
