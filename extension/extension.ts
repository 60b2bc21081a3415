import type * as vscode from "vscode";
import { Console } from "./console.ts";

/**
 * The representative console: the part of Handrail that runs in VS Code's extension host. It keeps
 * one link to the appliance, shows queues and sessions, and fills the panes. It decides nothing
 * about permissions, and never lets a token or the link itself into a webview. Called by VS Code;
 * what takes time happens after this has returned.
 */
export function activate(context: vscode.ExtensionContext): void {
  const startedAt = performance.now();
  const console = new Console(context);
  context.subscriptions.push(console);
  console.started(performance.now() - startedAt);
}
