import {
  beganAt,
  type CannedMessage,
  type ChatMessage,
  expandMacros,
  type FieldDefinition,
  type FieldValue,
  type Lsid,
  macroValues,
  type SessionView,
  sizeText,
  transcript,
  webAddress,
} from "@handrail/protocol";
import * as vscode from "vscode";
import { explaining } from "../error-text.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Connection } from "../site/connection.ts";
import { askNote } from "./ask-note.ts";
import { byLanguage } from "./canned.ts";
import type { Journal } from "./journal.ts";

/** What the conversation of sessions rests on. */
export interface TalkPlace {
  readonly link: Connection;
  readonly board: Board;
  readonly journal: Journal;
  readonly siteName: () => string;
}

type CannedItem = vscode.QuickPickItem & { readonly text: string };

/** What a representative does with the conversation of a session besides writing. */
export class Talk {
  readonly #place: TalkPlace;

  constructor(place: TalkPlace) {
    this.#place = place;
  }

  /**
   * Asks for one of the site's canned messages, first those in the customer's language; its macros
   * stand for this session's facts. `text` is null when there is to be none.
   */
  async pickCanned(lsid: Lsid): Promise<{ text: string | null; isAny: boolean }> {
    const { link, board } = this.#place;
    const session = board.session(lsid);
    const { messages } = await link.call("canned-message.list", {});
    if (!session || messages.length === 0) return { text: null, isAny: messages.length > 0 };
    const around = { representative: board.self?.name ?? "", site: this.#place.siteName() };
    const values = macroValues(session, around);
    const item = ({ title, text }: CannedMessage): CannedItem => {
      const expanded = expandMacros(text, values);
      return { label: title, detail: expanded, text: expanded };
    };
    const { fitting, others } = byLanguage(messages, session.customer.language);
    const kind = vscode.QuickPickItemKind.Separator;
    const label = vscode.l10n.t("In another language than the customer's");
    const more = others.length === 0 ? [] : [{ label, kind, text: "" }, ...others.map(item)];
    const picked = await vscode.window.showQuickPick([...fitting.map(item), ...more], {
      title: vscode.l10n.t("Canned messages"),
      placeHolder: vscode.l10n.t("What should the message say?"),
      matchOnDetail: true,
    });
    return { text: picked?.text ?? null, isAny: true };
  }

  /** Asks for an address and offers the customer that page. False when one thinks better of it. */
  async pushUrl(lsid: Lsid): Promise<boolean> {
    const wrong = vscode.l10n.t("Write the address of a web page, such as https://example.org");
    const typed = await vscode.window.showInputBox({
      title: vscode.l10n.t("Offer a web page"),
      prompt: vscode.l10n.t("The customer sees the address, and clicks to open it."),
      placeHolder: "https://",
      ignoreFocusOut: true,
      validateInput: (text) => (webAddress(completed(text)) === undefined ? wrong : undefined),
    });
    if (typed === undefined) return false;
    const { link, journal } = this.#place;
    const message = await link.call("chat.push-url", { lsid, url: completed(typed) });
    journal.addMessage(lsid, message);
    return true;
  }

  /** Asks the customer to look at the help window. */
  async nudge(lsid: Lsid): Promise<void> {
    const soon = vscode.l10n.t("The customer was called a moment ago. Please wait a few seconds.");
    await this.#place.link
      .call("chat.nudge", { lsid })
      .catch(explaining("too-many-attempts", soon));
    vscode.window.setStatusBarMessage(
      vscode.l10n.t("The customer's window has come forward"),
      4000,
    );
  }

  /** Keeps a note with a session, also with one that is over. */
  async keepNote(lsid: Lsid, text: string): Promise<void> {
    await this.#place.link.call("note.keep", { lsid, note: { title: "", text } });
  }

  /** Asks for a note and keeps it; for a session without a tab. */
  async writeNote(session: SessionView): Promise<void> {
    const title = vscode.l10n.t("Note on the session with {0}", customerName(session));
    const text = await askNote(title);
    if (!text) return;
    await this.keepNote(session.lsid, text);
    vscode.window.setStatusBarMessage(vscode.l10n.t("The note is kept"), 4000);
  }

  /** Fills a field of a session in. */
  async fillIn(lsid: Lsid, field: Pick<FieldValue, "id" | "value">): Promise<void> {
    await this.#place.link.call("session.fill-in", { lsid, fields: [field] });
  }

  /** What there is to be filled in for a session. */
  async fields(): Promise<readonly FieldDefinition[]> {
    return (await this.#place.link.call("field.list", {})).fields;
  }

  /** Puts the conversation of a session, one that is over as well, where the person says. */
  async saveTranscript(session: SessionView): Promise<void> {
    const { chat } = await this.#place.link.call("session.history", { lsid: session.lsid });
    if (chat.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t("Nothing was written in this session."),
      );
      return;
    }
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const day = new Date(beganAt(session)).toISOString().slice(0, 10);
    const subject = customerName(session).replace(/[^\p{L}\p{N}_-]+/gu, "-");
    const name = `handrail-${subject}-${day}.txt`;
    const target = await vscode.window.showSaveDialog({
      title: vscode.l10n.t("Save Transcript"),
      filters: { [vscode.l10n.t("Text")]: ["txt"] },
      defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name),
    });
    if (!target) return;
    const text = transcriptOf(session, chat);
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    await vscode.window.showTextDocument(target);
  }
}

/** People leave the scheme out. */
function completed(typed: string): string {
  const text = typed.trim();
  return /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
}

function transcriptOf(session: SessionView, chat: readonly ChatMessage[]): string {
  const moment = (at: number) =>
    new Date(at).toLocaleString(vscode.env.language, { dateStyle: "short", timeStyle: "medium" });
  return transcript(chat, {
    heading: [
      vscode.l10n.t("Session with {0}", customerName(session)),
      `${session.customer.computer} · ${moment(beganAt(session))} · ${session.lsid}`,
    ],
    system: "Handrail",
    offered: vscode.l10n.t("Web page offered:"),
    file: ({ name, sizeBytes, sha256 }) => {
      const size = sizeText(sizeBytes, vscode.env.language);
      return vscode.l10n.t("File {0} ({1}, SHA-256 {2})", name, size, sha256);
    },
    moment,
  });
}
