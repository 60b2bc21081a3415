import {
  type ClipboardCopy,
  encodeText,
  type Lsid,
  maxFollowingBytes,
  type SessionView,
} from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { PaneWarning } from "../../media/pane/contract.ts";
import type { SessionPane } from "../pane/session-pane.ts";
import type { SessionPanes } from "../pane/session-panes.ts";
import type { Settings } from "../settings.ts";
import type { Signal } from "../signal.ts";
import type { ClipboardPlace } from "./clipboard-desk.ts";
import { Follower, type Got, plainText, sendCopy } from "./copier.ts";
import { CopyPace } from "./copy-pace.ts";
import type { Exchanged } from "./exchanged.ts";
import { refusalText } from "./refusal-text.ts";

/** What goes to customers by itself in a row. */
const maySend = { atOnce: 20, everyMs: 1000 } as const;

/** What following by itself needs besides. */
export interface SharingPlace extends ClipboardPlace {
  readonly panes: SessionPanes;
  readonly exchanged: Exchanged;
  readonly activity: Signal<void>;
  readonly settings: Pick<Settings, "clipboardMode">;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Lets copies follow by themselves, where the setting says so: what this computer's clipboard holds
 * as text goes to the customer whose tab comes in front, and what that customer copies comes here
 * while it stays there. Never asks the customer: what is not allowed yet is left alone.
 */
export class ClipboardSharing implements vscode.Disposable {
  readonly #place: SharingPlace;
  readonly #followers = new Map<Lsid, Follower>();
  readonly #sending: CopyPace;
  readonly #subscriptions: { dispose(): void }[];
  #turn: Promise<void> = Promise.resolve();

  constructor(place: SharingPlace) {
    this.#place = place;
    this.#sending = new CopyPace(place.clock, maySend);
    this.#subscriptions = [
      place.activity.on(() => this.#settle()),
      place.board.sessionChanged.on(() => this.#settle()),
      vscode.window.onDidChangeWindowState(() => this.#settle()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("handrail.clipboard")) this.#settle();
      }),
    ];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    for (const follower of this.#followers.values()) follower.dispose();
    this.#followers.clear();
  }

  /** Brings everything in line with what is in front and what is allowed. */
  #settle(): void {
    const pane = this.#inFront;
    for (const [lsid, follower] of this.#followers) {
      const may = this.#isAutomatic && this.#may(lsid, "clipboard-from-customer");
      if (!may) this.#forget(lsid);
      else if (lsid !== pane?.lsid) follower.follow(false);
    }
    if (pane) this.#turn = this.#turn.then(() => this.#share(pane));
  }

  get #isAutomatic(): boolean {
    return this.#place.settings.clipboardMode === "automatic";
  }

  get #inFront(): SessionPane | undefined {
    const isHere = this.#isAutomatic && vscode.window.state.focused;
    return isHere ? this.#place.panes.active : undefined;
  }

  /** What was copied here goes first; then nothing older of the customer's comes in its place. */
  async #share(pane: SessionPane): Promise<void> {
    const { lsid } = pane;
    const wasSent = this.#may(lsid, "clipboard-to-customer") && (await this.#send(pane));
    if (this.#inFront !== pane || !this.#may(lsid, "clipboard-from-customer")) return;
    try {
      this.#follow(pane, !wasSent);
    } catch (error) {
      this.#failed(lsid, error);
    }
  }

  #may(
    lsid: Lsid,
    permission: keyof SessionView["permissions"] &
      ("clipboard-to-customer" | "clipboard-from-customer"),
  ): boolean {
    const { board, link } = this.#place;
    const session = board.session(lsid);
    if (session?.state !== "active" || link.state.phase !== "online") return false;
    const isThere = board.takesPart(session) && session.customerConnected;
    return isThere && session.permissions[permission] === "granted";
  }

  #follow(pane: SessionPane, missed: boolean): void {
    const { lsid } = pane;
    const follower = this.#followers.get(lsid) ?? this.#newFollower(pane);
    follower.follow(true, { missed });
  }

  #newFollower(pane: SessionPane): Follower {
    const { lsid } = pane;
    const { link } = this.#place;
    const follower: Follower = new Follower(link.open("clipboard-from-customer", lsid), {
      clock: this.#place.clock,
      got: (got) => void this.#got(pane, got).catch((error: unknown) => this.#failed(lsid, error)),
      closed: () => {
        if (this.#followers.get(lsid) === follower) this.#followers.delete(lsid);
      },
    });
    this.#followers.set(lsid, follower);
    return follower;
  }

  #forget(lsid: Lsid): void {
    this.#followers.get(lsid)?.dispose();
    this.#followers.delete(lsid);
  }

  async #got(pane: SessionPane, got: Got): Promise<void> {
    if ("refused" in got) return this.#warn(pane, got.refused, refusalText(got.refused));
    if (got.copy.format === "png") {
      return pane.command("clipboard.image", { png: got.copy.bytes });
    }
    const text = plainText(got.copy.bytes);
    this.#place.exchanged.note(pane.lsid, text);
    await vscode.env.clipboard.writeText(text);
  }

  /** Sends what was copied here, if the customer does not have it; whether there was something. */
  async #send(pane: SessionPane): Promise<boolean> {
    const { lsid } = pane;
    try {
      const { exchanged } = this.#place;
      const text = await vscode.env.clipboard.readText();
      const isNew = text !== "" && !exchanged.isLast(lsid, text);
      if (!isNew || !this.#may(lsid, "clipboard-to-customer")) return false;
      // Some program copies again and again: its next copy goes when there is room again.
      if (!this.#sending.take()) return false;
      exchanged.note(lsid, text);
      const bytes = encodeText(text);
      const copy: ClipboardCopy = { format: "text", bytes };
      if (bytes.length > maxFollowingBytes) {
        this.#warn(pane, "large", tooLargeText());
        return false;
      }
      const { link } = this.#place;
      const never = new AbortController().signal;
      const refused = await sendCopy(link.open("clipboard-to-customer", lsid), copy, never);
      if (refused) this.#warn(pane, refused, refusalText(refused));
      return refused === undefined;
    } catch (error) {
      this.#failed(lsid, error);
      return false;
    }
  }

  #warn(pane: SessionPane, code: PaneWarning["code"], text: string): void {
    pane.command("warning", { code, text, at: this.#place.clock.now() });
  }

  #failed(lsid: Lsid, error: unknown): void {
    this.#place.log.error("clipboard.failed", error, { lsid });
  }
}

function tooLargeText(): string {
  return vscode.l10n.t(
    "What you have copied is too large to follow by itself. Send the clipboard to the customer if it is meant for them.",
  );
}
