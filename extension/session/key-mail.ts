import {
  type Lsid,
  type KeyMailOutcome,
  type PersonLanguage,
  personLanguages,
  type SessionKeyView,
  toHandrailError,
} from "@handrail/protocol";
import * as vscode from "vscode";
import { explained } from "../error-text.ts";
import { messageText } from "../message-text.ts";
import { type Board, keyText } from "../queue/board.ts";
import type { Connection } from "../site/connection.ts";

/** Enough to notice a slip; what is an address the appliance decides. */
const address = /^[^\s@<>"(),;:]+@[^\s@<>"(),;:]+\.[^\s@<>"(),;:.]+$/;

/** Session keys by e-mail: by the appliance, or where it sends none by the representative's program. */
export class KeyMail {
  readonly #link: Connection;
  readonly #board: Board;

  constructor(link: Connection, board: Board) {
    this.#link = link;
    this.#board = board;
  }

  /** Asks for the customer's address and sends the key there; nothing when one thinks better of it. */
  async send(view: SessionKeyView): Promise<void> {
    const to = await askAddress(view);
    if (to === undefined) return;
    const title = vscode.l10n.t("Sending the session key to {0}…", to);
    const location = vscode.ProgressLocation.Notification;
    const outcome = await vscode.window.withProgress({ location, title: messageText(title) }, () =>
      this.#sent(view.lsid, to),
    );
    if (outcome === "sent") {
      const sent = vscode.l10n.t("The session key was sent to {0}.", to);
      return void vscode.window.showInformationMessage(messageText(sent));
    }
    if (outcome === "off") return this.#byProgram(view, to);
    void this.#offerProgram(view, to, outcome);
  }

  async #sent(lsid: Lsid, to: string): Promise<KeyMailOutcome> {
    try {
      const { outcome } = await this.#link.call("key.mail", { lsid, to, language: ownLanguage() });
      return outcome;
    } catch (error) {
      const { code } = toHandrailError(error);
      // An appliance of an earlier version does not know the question.
      if (code === "not-found" && this.#board.key(lsid)) return "off";
      if (code !== "too-many-attempts") throw error;
      const many = vscode.l10n.t("Too many session keys were sent by e-mail. Please wait a while.");
      throw explained(code, many, error);
    }
  }

  /** Opens the e-mail program with a letter to the customer. */
  async #byProgram(view: SessionKeyView, to: string): Promise<void> {
    const why = vscode.l10n.t("This site sends no session keys: your e-mail program opens.");
    vscode.window.setStatusBarMessage(why, 5_000);
    await vscode.env.openExternal(letter(view, to));
  }

  async #offerProgram(
    view: SessionKeyView,
    to: string,
    outcome: "address" | "failed",
  ): Promise<void> {
    const text =
      outcome === "address"
        ? vscode.l10n.t("The mail server takes nothing for {0}. Please check the address.", to)
        : vscode.l10n.t("The e-mail to {0} could not be sent by the site.", to);
    const again = vscode.l10n.t("Try Again");
    const program = vscode.l10n.t("Open E-mail Program");
    const chosen = await vscode.window.showWarningMessage(messageText(text), again, program);
    if (chosen === undefined || !this.#board.key(view.lsid)) return;
    // As the command: that tells what goes wrong.
    if (chosen === again) await vscode.commands.executeCommand("handrail.key.mail", view.lsid);
    else await vscode.env.openExternal(letter(view, to));
  }
}

async function askAddress(view: SessionKeyView): Promise<string | undefined> {
  const wrong = vscode.l10n.t("Write an e-mail address, such as ann@example.org");
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t("Send session key {0} by e-mail", keyText(view)),
    prompt: vscode.l10n.t("The customer's e-mail address"),
    ignoreFocusOut: true,
    validateInput: (text) => (address.test(text.trim()) ? undefined : wrong),
  });
  return typed?.trim();
}

/** The console's language, where letters are written in it. */
function ownLanguage(): PersonLanguage | undefined {
  return personLanguages.find((each) => vscode.env.language.startsWith(each));
}

/** A letter in the console's language. Source: RFC 6068 (line ends, percent-encoding). */
function letter(view: SessionKeyView, to: string): vscode.Uri {
  const subject = vscode.l10n.t("Your support session");
  const body = vscode.l10n.t(
    "Hello,\n\nplease open {0} in your browser and enter this session key:\n\n{1}\n\nIt works once, until {2}. You will be asked before anybody sees or controls your computer.\n",
    view.url,
    keyText(view),
    new Date(view.expiresAt).toLocaleTimeString(vscode.env.language, { timeStyle: "short" }),
  );
  const query = [
    `subject=${encodeURIComponent(subject)}`,
    `body=${encodeURIComponent(body.replaceAll("\n", "\r\n"))}`,
  ].join("&");
  return vscode.Uri.from({ scheme: "mailto", path: to, query: decodeURIComponent(query) });
}
