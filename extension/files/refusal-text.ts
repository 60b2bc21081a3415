import type { FileError } from "@handrail/protocol";
import * as vscode from "vscode";
import { errorText } from "../error-text.ts";
import { FileRefusal } from "./file-refusal.ts";

const texts: Readonly<Record<FileError, () => string>> = {
  "not-found": () => vscode.l10n.t("It is not there any more."),
  exists: () => vscode.l10n.t("Something of that name is there already."),
  "no-right": () => vscode.l10n.t("The rights of the person at the computer are not enough."),
  "disk-full": () => vscode.l10n.t("The disk of the customer's computer is full."),
  "is-folder": () => vscode.l10n.t("It is a folder."),
  "not-folder": () => vscode.l10n.t("It is not a folder."),
  "not-empty": () => vscode.l10n.t("The folder is not empty."),
  changed: () => vscode.l10n.t("It has changed in the meantime."),
  "name-too-long": () => vscode.l10n.t("The name is too long."),
  "read-only": () => vscode.l10n.t("The disk can only be read."),
  "not-supported": () => vscode.l10n.t("It cannot be read or written like a file."),
  "too-large": () => vscode.l10n.t("It is too large."),
  "bad-path": () => vscode.l10n.t("This is no place for it."),
  "too-many-links": () => vscode.l10n.t("Its links lead in a circle."),
  busy: () => vscode.l10n.t("It is in use."),
  "disk-fault": () => vscode.l10n.t("The disk does not work as it should."),
  "not-answering": () =>
    vscode.l10n.t("The disk there does not answer. It may be a network drive that is gone."),
};

/** What a refusal means where it is this computer that refuses. */
const textsHere: Readonly<Partial<Record<FileError, () => string>>> = {
  "no-right": () => vscode.l10n.t("You may not do this on your own computer."),
  "disk-full": () => vscode.l10n.t("The disk of your own computer is full."),
  "read-only": () => vscode.l10n.t("The disk of your own computer can only be read."),
  "disk-fault": () => vscode.l10n.t("The disk of your own computer does not work as it should."),
};

/** What to tell the representative about something that went wrong with a file. */
export function refusalText(error: unknown): string {
  if (!(error instanceof FileRefusal)) return errorText(error);
  const text = (error.isHere ? textsHere[error.reason] : undefined) ?? texts[error.reason];
  // Said by the other computer: a code or a path, and nothing that could be more than its letters.
  const isHarmless = /^([A-Z0-9_-]+|\/[\p{L}\p{N} /._-]*…?)$/u.test(error.detail);
  return isHarmless ? `${text()} (${error.detail})` : text();
}
