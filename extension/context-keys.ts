import * as vscode from "vscode";

/** What `when` clauses of the manifest may ask about the console. */
export interface ContextKeys {
  /** `none` before a site is known. */
  "handrail.account": "none" | "signedOut" | "signedIn";
  "handrail.link": "off" | "connecting" | "online" | "refused";
  /** A session key has been made here. */
  "handrail.keyCreated": boolean;
  /** A session's tab is in front. */
  "handrail.sessionFocused": boolean;
  /** That session goes on: it has been accepted and has not ended. */
  "handrail.sessionActive": boolean;
  /** That tab takes the keyboard for the customer's computer. */
  "handrail.keyboardGrabbed": boolean;
  /** A snapshot of the computer is kept of that session's start. */
  "handrail.sessionHasSnapshot": boolean;
  /** This representative holds mouse and keyboard of that session. */
  "handrail.sessionHasControl": boolean;
  /** System information of some computer has been read. */
  "handrail.hasSnapshots": boolean;
  /** The disk of some customer's computer is open. */
  "handrail.hasDisks": boolean;
  /** There is a transfer, under way or done. */
  "handrail.hasTransfers": boolean;
  /** This representative may change canned scripts. */
  "handrail.mayEditScripts": boolean;
  /** A recording's tab is in front. */
  "handrail.recordingFocused": boolean;
}

/** Sets a context key; VS Code redraws menus and key bindings by itself. */
export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
