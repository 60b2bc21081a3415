import { type ErrorCode, HandrailError, toHandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import { formatFingerprint, UntrustedError } from "./site/trust.ts";

/** Every refusal and fault in words that a representative can act on. */
const texts: Readonly<Record<ErrorCode, () => string>> = {
  "protocol-violation": () => vscode.l10n.t("The site answered in a way that makes no sense."),
  "frame-too-large": () => vscode.l10n.t("The site sent more than is allowed at once."),
  "version-unsupported": () =>
    vscode.l10n.t("This version of Handrail and the site's do not fit together. Please update."),
  "not-authenticated": () => vscode.l10n.t("Your sign-in has ended. Please sign in again."),
  "not-permitted": () => vscode.l10n.t("You are not allowed to do this."),
  "customer-refused": () => vscode.l10n.t("The customer has not allowed this."),
  "not-found": () => vscode.l10n.t("It is no longer there."),
  conflict: () => vscode.l10n.t("Somebody else was faster, or it has changed in the meantime."),
  "too-many-attempts": () => vscode.l10n.t("Too many attempts. Please wait a minute."),
  "bad-request": () => vscode.l10n.t("The site did not accept what was sent."),
  internal: () => vscode.l10n.t("Something went wrong. The log has the details."),
  unavailable: () => vscode.l10n.t("The site cannot be reached."),
  "session-ended": () => vscode.l10n.t("The session has ended."),
  "key-refused": () => vscode.l10n.t("This session key is not valid."),
  "key-unknown": () => vscode.l10n.t("This session key is not valid."),
  "key-expired": () => vscode.l10n.t("This session key has expired."),
  "key-used": () => vscode.l10n.t("This session key has been used."),
  "resume-refused": () => vscode.l10n.t("The connection was away for too long."),
  "link-replaced": () =>
    vscode.l10n.t("You are connected from another window, which has taken over."),
  "too-slow": () => vscode.l10n.t("The line is too slow for this."),
  "disk-full": () => vscode.l10n.t("The appliance's disk is full."),
  cancelled: () => vscode.l10n.t("Cancelled."),
  "control-held": () => vscode.l10n.t("Another representative holds mouse and keyboard."),
  "customer-away": () => vscode.l10n.t("The customer's computer is not connected at the moment."),
  "clipboard-too-large": () => vscode.l10n.t("This is too much for the clipboard."),
  "password-wrong": () => vscode.l10n.t("Name or password is wrong."),
  "account-disabled": () =>
    vscode.l10n.t("Your account has been disabled. Please ask your administrator."),
  "nobody-there": () => vscode.l10n.t("Nobody who could take it is online at the moment."),
};

/** A refusal of which whoever asked can say more than its code does. */
class ExplainedError extends HandrailError {
  readonly text: string;

  constructor(code: ErrorCode, text: string, cause: unknown) {
    super(code, text, { cause });
    this.name = "ExplainedError";
    this.text = text;
  }
}

/** A refusal with a text of its own for the representative. */
export function explained(code: ErrorCode, text: string, cause: unknown): HandrailError {
  return new ExplainedError(code, text, cause);
}

/** For `catch`: refusals with that code get this text, all others go on as they are. */
export function explaining(code: ErrorCode, text: string): (error: unknown) => never {
  return (error) => {
    throw toHandrailError(error).code === code ? new ExplainedError(code, text, error) : error;
  };
}

/** What to tell the representative about an error. */
export function errorText(error: unknown): string {
  if (error instanceof ExplainedError) return error.text;
  const { code } = toHandrailError(error);
  return error instanceof UntrustedError ? untrustedText(error) : texts[code]();
}

/** The text of a code on its own. */
export function codeText(code: ErrorCode): string {
  return texts[code]();
}

/** Whether the person brought it about and needs no message. */
export function isCancelled(error: unknown): boolean {
  return error instanceof HandrailError && error.code === "cancelled";
}

function untrustedText({ verdict }: UntrustedError): string {
  const shown = formatFingerprint(verdict.shown).replaceAll("\n", " ");
  if (verdict.outcome === "unknown") {
    return vscode.l10n.t("The site is not trusted yet. Its fingerprint is {0}", shown);
  }
  return vscode.l10n.t(
    "The site shows another certificate than before, so Handrail does not connect: somebody may be listening in between. Expected {0}, shown {1}. Ask your administrator whether the certificate was renewed; if so, forget the site and sign in again.",
    formatFingerprint(verdict.pinned).replaceAll("\n", " "),
    shown,
  );
}
