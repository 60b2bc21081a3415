import { systemWords, type SystemWords } from "@handrail/protocol";
import * as vscode from "vscode";

/** The words of system information in the console's language. */
export function consoleWords(): SystemWords {
  return systemWords(vscode.env.language);
}
