import { createHash } from "node:crypto";
import {
  type Channel,
  type ChatFile,
  type ChatFileRefusal,
  chatFileName,
  type ChatMessage,
  HandrailError,
  type Lsid,
  maxChatFileBytes,
  type SessionView,
  sizeText,
  toHandrailError,
} from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import { explained, explaining } from "../error-text.ts";
import type { Log } from "../log.ts";
import { messageText } from "../message-text.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Conduct } from "../session/conduct.ts";
import type { Journal } from "../session/journal.ts";
import { permit } from "../session/permit.ts";
import type { Connection } from "../site/connection.ts";
import { withProgress } from "../site/sign-in.ts";
import { Arrival, offerFile, type OnProgress } from "./exchange.ts";
import { inStatusBar } from "./offer-status.ts";

/** What files of the conversation need of the console. */
export interface ChatFilePlace {
  readonly link: Connection;
  readonly board: Board;
  readonly conduct: Conduct;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
}

/** A file that is sent or got, and who is told how far it is. */
interface Exchange {
  readonly file: ChatFile;
  readonly report: (message: string) => void;
  readonly signal: AbortSignal;
}

/** A file that was dropped into the conversation. */
export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Before a channel that was lost is opened again, ms. */
const againAfterMs = 1000;
/** How long it is said that a file was saved, ms. */
const saidMs = 8_000;

/** Sends and saves the files of sessions' conversations. */
export class ChatFileDesk {
  readonly #place: ChatFilePlace;

  constructor(place: ChatFilePlace) {
    this.#place = place;
  }

  /** Asks for a file and sends it. False when the person thinks better of it. */
  async pick(lsid: Lsid): Promise<boolean> {
    const session = this.#session(lsid);
    const [uri] =
      (await vscode.window.showOpenDialog({
        title: vscode.l10n.t("Send a file to {0}", customerName(session)),
        openLabel: vscode.l10n.t("Send"),
      })) ?? [];
    if (!uri) return false;
    const { size } = await vscode.workspace.fs.stat(uri);
    checkSize(size);
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    await this.send(lsid, { name, bytes: await vscode.workspace.fs.readFile(uri) });
    return true;
  }

  /**
   * Announces a file in the conversation and offers it until the customer has saved it; resolves
   * when it is announced, asking the customer first where that is needed.
   * @throws HandrailError `bad-request` when it is too large, and as `permit`
   */
  async send(lsid: Lsid, { name, bytes }: DroppedFile): Promise<void> {
    checkSize(bytes.length);
    const { link, journal, log } = this.#place;
    const session = await this.#permitted(lsid);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const file: ChatFile = { name: chatFileName(name), sizeBytes: bytes.length, sha256 };
    const message = await link.call("chat.offer-file", { lsid, file });
    journal.addMessage(lsid, message);
    void this.#offer(session, message.seq, file, bytes).catch((error: unknown) => {
      const { code } = toHandrailError(error);
      if (code === "cancelled") return;
      log.error("chat-file.not-sent", error, { lsid });
      const text =
        code === "not-found"
          ? vscode.l10n.t(
              "{0} is not offered any more: the help on the customer's computer has begun anew. Send it again.",
              file.name,
            )
          : vscode.l10n.t("{0} was not saved by the customer.", file.name);
      void vscode.window.showWarningMessage(messageText(text));
    });
  }

  /** Asks where to, and saves a file that the customer has sent. */
  async save(lsid: Lsid, { seq, file }: Pick<ChatMessage, "seq" | "file">): Promise<void> {
    if (!file) throw new HandrailError("not-found", "no file");
    const session = await this.#permitted(lsid);
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri;
    const target = await vscode.window.showSaveDialog({
      title: vscode.l10n.t("Save {0}", file.name),
      defaultUri: folder ? vscode.Uri.joinPath(folder, file.name) : vscode.Uri.file(file.name),
    });
    if (!target) return;
    const title = vscode.l10n.t("Getting {0} from {1}", file.name, customerName(session));
    const arrival = new Arrival(seq, file);
    const anew = vscode.l10n.t(
      "{0} is not to be had any more: the help on the customer's computer has begun anew. Ask the customer to send it again.",
      file.name,
    );
    const got = await withProgress(title, (report, signal) =>
      this.#persist(session, { file, report, signal }, (channel, exchange) =>
        arrival.take(channel, exchange),
      ),
    ).catch(explaining("not-found", anew));
    if ("refused" in got) {
      const text = refusalText(got.refused, file.name);
      return void vscode.window.showWarningMessage(messageText(text));
    }
    await vscode.workspace.fs.writeFile(target, got.bytes);
    vscode.window.setStatusBarMessage(vscode.l10n.t("{0} is saved", file.name), saidMs);
  }

  async #offer(session: SessionView, seq: number, file: ChatFile, bytes: Uint8Array) {
    const name = customerName(session);
    const title = vscode.l10n.t("Waiting until {0} saves {1}", name, file.name);
    const stopQuestion = vscode.l10n.t("Stop offering {0} to {1}?", file.name, name);
    const refused = await inStatusBar({ title, stopQuestion }, (report, signal) =>
      this.#persist(session, { file, report, signal }, (channel, exchange) =>
        offerFile(channel, { seq, bytes }, exchange),
      ),
    );
    if (refused) {
      const text = refusalText(refused, file.name);
      return void vscode.window.showWarningMessage(messageText(text));
    }
    const said = vscode.l10n.t("{0} has saved {1}", name, file.name);
    vscode.window.setStatusBarMessage(said, saidMs);
  }

  /** Does it on a channel, and again on another when the line was lost for long. */
  async #persist<T>(
    { lsid }: SessionView,
    { file: { sizeBytes }, report, signal }: Exchange,
    work: (channel: Channel, exchange: { signal: AbortSignal; progress: OnProgress }) => Promise<T>,
  ): Promise<T> {
    let told = -1;
    const progress: OnProgress = (doneBytes) => {
      const percent = sizeBytes === 0 ? 100 : Math.floor((100 * doneBytes) / sizeBytes);
      if (percent === told) return;
      told = percent;
      report(`${percent} %`);
    };
    for (;;) {
      await this.#reachable(lsid, signal);
      try {
        const channel = this.#place.link.open("chat-file", lsid);
        return await work(channel, { signal, progress });
      } catch (error) {
        const { code } = toHandrailError(error);
        if (code !== "unavailable" && code !== "customer-away") throw error;
      }
      await this.#pause(signal);
    }
  }

  /** Resolves when there is a line to the customer. @throws HandrailError `session-ended` */
  async #reachable(lsid: Lsid, signal: AbortSignal): Promise<void> {
    const { link } = this.#place;
    const isThere = () => link.state.phase === "online" && this.#session(lsid).customerConnected;
    while (!isThere()) await this.#pause(signal);
  }

  async #pause(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve) => this.#place.clock.after(againAfterMs, resolve));
    signal.throwIfAborted();
  }

  async #permitted(lsid: Lsid): Promise<SessionView> {
    const session = this.#session(lsid);
    const title = vscode.l10n.t("Waiting for {0} to allow files", customerName(session));
    await permit({ session, conduct: this.#place.conduct, permission: "chat-file", title });
    return session;
  }

  #session(lsid: Lsid): SessionView {
    const { board } = this.#place;
    const session = board.session(lsid);
    if (session?.state === "active" && board.takesPart(session)) return session;
    throw new HandrailError("session-ended", "no session of this representative");
  }
}

function checkSize(sizeBytes: number): void {
  if (sizeBytes <= maxChatFileBytes) return;
  const most = sizeText(maxChatFileBytes, vscode.env.language);
  const text = vscode.l10n.t(
    "A file in the chat holds at most {0}. For larger ones use the customer's files.",
    most,
  );
  throw explained("bad-request", text, undefined);
}

const refusals: Readonly<Record<ChatFileRefusal, (name: string) => string>> = {
  gone: (name) => vscode.l10n.t("{0} is no longer on the customer's computer.", name),
  changed: (name) => vscode.l10n.t("{0} did not arrive as it was sent: it is not kept.", name),
  "disk-full": (name) => vscode.l10n.t("{0} was not saved: the customer's disk is full.", name),
  failed: (name) => vscode.l10n.t("{0} could not be saved on the customer's computer.", name),
};

function refusalText(reason: ChatFileRefusal, name: string): string {
  return refusals[reason](name);
}
