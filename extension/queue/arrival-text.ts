import type { ArrivalStep } from "@handrail/protocol";
import * as vscode from "vscode";

/** How far a customer on the way has come, as the rest of a sentence about them. */
export function arrivalText(step: ArrivalStep): string {
  switch (step) {
    case "key-typed":
      return vscode.l10n.t("has typed the key");
    case "starter-taken":
      return vscode.l10n.t("has downloaded the program");
    case "program-started":
      return vscode.l10n.t("has started the program");
  }
}

/** The same in few words, beside the digits of the key. */
export function arrivalNote(step: ArrivalStep): string {
  switch (step) {
    case "key-typed":
      return vscode.l10n.t("key typed");
    case "starter-taken":
      return vscode.l10n.t("program downloaded");
    case "program-started":
      return vscode.l10n.t("program started");
  }
}

/** The icon of a step: a shape of its own for each. */
export const arrivalIcons = {
  "key-typed": "pass",
  "starter-taken": "cloud-download",
  "program-started": "sync~spin",
} as const satisfies Record<ArrivalStep, string>;
