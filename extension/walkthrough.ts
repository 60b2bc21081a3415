import * as vscode from "vscode";

const walkthrough = "handrail.handrail#start";

/** Opens the walkthrough. Who is signed in begins with what comes after that. */
export async function openWalkthrough(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", walkthrough, false);
}
