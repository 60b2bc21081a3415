import * as vscode from "vscode";
import { lsidOf, uriOf } from "./file-uri.ts";
import type { Mount } from "./mounts.ts";

/**
 * Shows a customer's disk as a folder of VS Code's own Explorer. Where VS Code restarts extensions
 * for that, as it does unless several folders are open already, it is asked first.
 */
export async function addToExplorer(mount: Mount): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const uri = uriOf(mount, mount.home ?? "/");
  if (folders.some((folder) => folder.uri.toString() === uri.toString())) {
    await vscode.commands.executeCommand("workbench.view.explorer");
    return;
  }
  const isQuiet = vscode.workspace.workspaceFile !== undefined && folders.length > 0;
  if (!isQuiet && !(await confirmRestart())) return;
  vscode.workspace.updateWorkspaceFolders(folders.length, 0, { uri, name: mount.name });
  await vscode.commands.executeCommand("workbench.view.explorer");
}

/** Takes the disk of a session that is over out of the Explorer, where that restarts nothing. */
export function removeFromExplorer({ lsid }: Mount): void {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const index = folders.findIndex(({ uri }) => lsidOf(uri) === lsid);
  if (index > 0) vscode.workspace.updateWorkspaceFolders(index, 1);
}

async function confirmRestart(): Promise<boolean> {
  const action = vscode.l10n.t("Add and Restart Extensions");
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("VS Code restarts its extensions to add this folder."),
    {
      modal: true,
      detail: vscode.l10n.t(
        "Your sessions and transfers go on after a moment, but open shells are closed. The Files view shows the same disk without a restart.",
      ),
    },
    action,
  );
  return chosen === action;
}
