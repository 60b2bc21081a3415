import * as vscode from "vscode";
import { spokenMinutes } from "./duration.ts";

/** A span of time in whole minutes, at least one, in words: `1 minute`, `12 minutes`. */
export function minutesText(ms: number): string {
  const minutes = spokenMinutes(ms);
  return minutes === 1 ? vscode.l10n.t("1 minute") : vscode.l10n.t("{0} minutes", minutes);
}
