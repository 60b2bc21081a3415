import { isErrorCode } from "@handrail/protocol";
import * as vscode from "vscode";

/** The text of a warning that the appliance sends as a code. */
export function warningText(code: string, text: string): string {
  switch (code) {
    case "disk-full":
      return vscode.l10n.t(
        "The appliance's disk is full: the recording has stopped. The session goes on without it.",
      );
    case "screen-gone":
      return vscode.l10n.t(
        "The customer's screen has gone: they may have logged out, or the display server crashed.",
      );
    case "screen-unavailable":
      return vscode.l10n.t("The customer's screen cannot be shown at the moment.");
    default:
      // Every other code of the catalogue is a fault of the recording.
      return isErrorCode(code)
        ? vscode.l10n.t("The recording has stopped. The session goes on without it.")
        : text;
  }
}
