import * as vscode from "vscode";

/** Links in chat come from strangers: only the web, and VS Code asks before it opens one. */
export async function openWebLink(url: string): Promise<void> {
  const uri = vscode.Uri.parse(url, true);
  if (uri.scheme === "https" || uri.scheme === "http") await vscode.env.openExternal(uri);
}
