import {
  checkCopy,
  type ClipboardCopy,
  encodeText,
  HandrailError,
  type Lsid,
  type SessionView,
} from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Conduct } from "../session/conduct.ts";
import { permit } from "../session/permit.ts";
import type { Connection } from "../site/connection.ts";
import { withProgress } from "../site/sign-in.ts";
import { Exchanged } from "./exchanged.ts";
import { getCopy, plainText, sendCopy } from "./copier.ts";
import { copyText, refusalText } from "./refusal-text.ts";

/** What the clipboard needs of the console. */
export interface ClipboardPlace {
  readonly link: Connection;
  readonly board: Board;
  readonly conduct: Conduct;
}

/** Where an image from the customer goes: VS Code itself takes only text from an extension. */
export interface ImageTaker {
  command(name: "clipboard.image", image: { png: Uint8Array }): void;
}

/** How long it is said that something was copied, ms. */
const saidMs = 5_000;

/** What a representative does with the clipboards of both computers when they wish it. */
export class ClipboardDesk {
  readonly exchanged = new Exchanged();
  readonly #place: ClipboardPlace;

  constructor(place: ClipboardPlace) {
    this.#place = place;
  }

  /**
   * Sends what this computer's clipboard holds as text; false: it holds none.
   * @throws HandrailError `clipboard-too-large`, and as `sendImage`
   */
  async sendText(lsid: Lsid): Promise<boolean> {
    const text = await vscode.env.clipboard.readText();
    if (text === "") return false;
    await this.#send(lsid, { format: "text", bytes: encodeText(text) });
    this.exchanged.note(lsid, text);
    return true;
  }

  /**
   * Sends an image, asking the customer where that is needed.
   * @throws HandrailError `clipboard-too-large`, `customer-refused`, `not-permitted`,
   *   `customer-away`, `session-ended`
   */
  sendImage(lsid: Lsid, png: Uint8Array): Promise<void> {
    return this.#send(lsid, { format: "png", bytes: png });
  }

  /**
   * Gets what the customer has copied: text onto this computer's clipboard, an image to the pane,
   * which puts it there. Asks the customer where that is needed.
   * @throws HandrailError as `sendImage`
   */
  async get(lsid: Lsid, images: ImageTaker): Promise<void> {
    const { link, conduct } = this.#place;
    const session = this.#session(lsid);
    const name = customerName(session);
    await permit({
      ...{ session, conduct, permission: "clipboard-from-customer" },
      title: vscode.l10n.t("Waiting for {0} to allow getting the clipboard", name),
    });
    const title = vscode.l10n.t("Getting the clipboard of {0}", name);
    const got = await withProgress(title, (_report, signal) =>
      getCopy(link.open("clipboard-from-customer", lsid), signal),
    );
    if ("refused" in got)
      return void vscode.window.showWarningMessage(messageText(refusalText(got.refused)));
    if (got.copy.format === "png")
      return images.command("clipboard.image", { png: got.copy.bytes });
    const text = plainText(got.copy.bytes);
    this.exchanged.note(lsid, text);
    await vscode.env.clipboard.writeText(text);
    const said = vscode.l10n.t("Got the customer's clipboard: {0}", copyText(got.copy));
    vscode.window.setStatusBarMessage(said, saidMs);
  }

  async #send(lsid: Lsid, copy: ClipboardCopy): Promise<void> {
    const { link, conduct } = this.#place;
    const session = this.#session(lsid);
    checkCopy(copy);
    const name = customerName(session);
    await permit({
      ...{ session, conduct, permission: "clipboard-to-customer" },
      title: vscode.l10n.t("Waiting for {0} to allow sending to the clipboard", name),
    });
    const title = vscode.l10n.t("Sending to the clipboard of {0}", name);
    const refused = await withProgress(title, (_report, signal) =>
      sendCopy(link.open("clipboard-to-customer", lsid), copy, signal),
    );
    if (refused) return void vscode.window.showWarningMessage(messageText(refusalText(refused)));
    const said = vscode.l10n.t("Sent to the customer's clipboard: {0}", copyText(copy));
    vscode.window.setStatusBarMessage(said, saidMs);
  }

  #session(lsid: Lsid): SessionView {
    const { board } = this.#place;
    const session = board.session(lsid);
    if (session?.state === "active" && board.takesPart(session)) return session;
    throw new HandrailError("session-ended", "no session of this representative");
  }
}
