import type { ElevationRefusal } from "@handrail/protocol";
import * as vscode from "vscode";

/** Why there are no rights, and what can be done about it; `isTypedThere`: by the customer. */
export function elevationRefusalText(why: ElevationRefusal, isTypedThere = false): string {
  switch (why) {
    case "customer-refused":
      return vscode.l10n.t("The customer has not allowed administrator's rights.");
    case "cancelled":
      return vscode.l10n.t(
        "Administrator's rights were not wanted any more on the customer's computer.",
      );
    case "declined":
      return vscode.l10n.t(
        "The customer has declined: the window for the password was closed. Ask the customer, and try again.",
      );
    case "wrong-password":
      if (isTypedThere) {
        return vscode.l10n.t(
          "The customer has typed a wrong password three times. Ask the customer, and try again.",
        );
      }
      return vscode.l10n.t(
        "Account or password is wrong on the customer's computer. Check both, and try again.",
      );
    case "not-allowed":
      return vscode.l10n.t(
        "This account may not act as administrator on the customer's computer. Use the account of an administrator.",
      );
    case "no-way":
      return vscode.l10n.t(
        "The customer's computer has nothing that gives administrator's rights (sudo or pkexec). Type the account root and its password, or install sudo.",
      );
    case "no-window":
      return vscode.l10n.t(
        "The customer's computer cannot ask for a password now. Type an account and its password yourself.",
      );
    case "too-slow":
      return vscode.l10n.t(
        "Nobody has answered on the customer's computer in time. Tell the customer what to expect, and try again.",
      );
    case "busy":
      return vscode.l10n.t("The customer is being asked already. Wait for the answer.");
    case "too-many":
      return vscode.l10n.t(
        "Too many wrong passwords, or the customer has just said no. Wait a moment, or have the customer type the password.",
      );
    case "elevated":
      return vscode.l10n.t(
        "The help already has administrator's rights on this computer: an ordinary shell or script has them too.",
      );
    case "unguarded":
      return vscode.l10n.t(
        "A shell or a script has run on the customer's computer in this session, and programs started there could read a password that the customer types. Type an account and its password yourself, or begin a new session.",
      );
    case "failed":
      return vscode.l10n.t(
        "The customer's computer could not give administrator's rights. Its own log says why.",
      );
  }
}
