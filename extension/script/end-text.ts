import { toHandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import { errorText } from "../error-text.ts";
import type { RunEnd } from "./script-run.ts";

/** How a run ended, in words. */
export function endText({ code, durationMs, why }: RunEnd): string {
  const seconds = secondsText(durationMs);
  switch (why) {
    case "exited":
      return code < 0
        ? vscode.l10n.t("ended by signal {0} after {1}", -code, seconds)
        : vscode.l10n.t("exit code {0} after {1}", code, seconds);
    case "cancelled":
      return vscode.l10n.t("cancelled after {0}", seconds);
    case "time":
      return vscode.l10n.t("ended: it took longer than is allowed ({0})", seconds);
    case "output":
      return vscode.l10n.t("ended: it wrote more than is allowed ({0})", seconds);
  }
}

/** Why nothing is known of a run's end, in words. */
export function brokenText(error: unknown): string {
  const { code } = toHandrailError(error);
  return code === "unavailable"
    ? vscode.l10n.t("the line is lost: the script was ended on the customer's computer")
    : errorText(error);
}

/** A duration in seconds, as people write it. */
export function secondsText(durationMs: number): string {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const seconds = (durationMs / 1000).toLocaleString(vscode.env.language, digits);
  return vscode.l10n.t("{0} s", seconds);
}
