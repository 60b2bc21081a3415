import type { ClipboardCopy, ClipboardRefusal } from "@handrail/protocol";
import * as vscode from "vscode";
import { plainText } from "./copier.ts";

const texts: Readonly<Record<ClipboardRefusal, () => string>> = {
  empty: () => vscode.l10n.t("The customer's clipboard is empty."),
  format: () => vscode.l10n.t("The customer's clipboard holds neither text nor an image."),
  secret: () =>
    vscode.l10n.t("The customer's password manager marks this as a secret: it is not given."),
  "too-large": () =>
    vscode.l10n.t("The customer's clipboard holds more than 32 MB of text or a 64 MB image."),
  large: () =>
    vscode.l10n.t(
      "The customer has copied something too large to follow by itself. Get the customer's clipboard to have it.",
    ),
  "too-slow": () =>
    vscode.l10n.t("The program that the customer copied from did not answer in time."),
  "too-often": () =>
    vscode.l10n.t(
      "A program on the customer's computer copies again and again. What it copies does not follow for half a minute.",
    ),
  failed: () => vscode.l10n.t("The customer's clipboard cannot be used at the moment."),
};

/** Why there is no copy, for the representative. */
export function refusalText(reason: ClipboardRefusal): string {
  return texts[reason]();
}

/** What was copied, in a few words: never its content. */
export function copyText({ format, bytes }: ClipboardCopy): string {
  if (format === "png") {
    return vscode.l10n.t("image, {0} KB", Math.ceil(bytes.length / 1024));
  }
  return vscode.l10n.t("text, {0} characters", plainText(bytes).length);
}
