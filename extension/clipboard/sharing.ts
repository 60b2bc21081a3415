import { createHash } from "node:crypto";
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
import { refusalText } from "./refusal-text.ts";

/** What following by itself needs besides. */
export interface SharingPlace extends ClipboardPlace {
  readonly panes: SessionPanes;
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
  /** Hash of what was last exchanged with each customer: it does not go back again. */
  readonly #exchanged = new Map<Lsid, string>();
  readonly #subscriptions: { dispose(): void }[];
  #sending: Promise<void> = Promise.resolve();

  constructor(place: SharingPlace) {
    this.#place = place;
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
    const { panes, settings } = this.#place;
    const isAutomatic = settings.clipboardMode === "automatic";
    const pane = isAutomatic && vscode.window.state.focused ? panes.active : undefined;
    for (const [lsid, follower] of this.#followers) {
      if (isAutomatic && this.#may(lsid, "clipboard-from-customer")) {
        follower.follow(lsid === pane?.lsid);
      } else this.#forget(lsid);
    }
    if (!pane) return;
    if (this.#may(pane.lsid, "clipboard-from-customer")) this.#follow(pane);
    if (this.#may(pane.lsid, "clipboard-to-customer")) {
      this.#sending = this.#sending.then(() => this.#send(pane));
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

  #follow(pane: SessionPane): void {
    const { lsid } = pane;
    if (this.#followers.has(lsid)) return;
    const { link } = this.#place;
    const follower = new Follower(link.open("clipboard-from-customer", lsid), {
      got: (got) => void this.#got(pane, got).catch((error: unknown) => this.#failed(lsid, error)),
      closed: () => {
        if (this.#followers.get(lsid) === follower) this.#followers.delete(lsid);
      },
    });
    this.#followers.set(lsid, follower);
    follower.follow(true);
  }

  #forget(lsid: Lsid): void {
    this.#followers.get(lsid)?.dispose();
    this.#followers.delete(lsid);
  }

  async #got(pane: SessionPane, got: Got): Promise<void> {
    if ("refused" in got) return this.#warn(pane, got.refused, refusalText(got.refused));
    this.#exchanged.set(pane.lsid, hashOf(got.copy));
    if (got.copy.format === "png") {
      return pane.command("clipboard.image", { png: got.copy.bytes });
    }
    const text = plainText(got.copy.bytes);
    // As it will be read here again.
    this.#exchanged.set(pane.lsid, hashOf({ format: "text", bytes: encodeText(text) }));
    await vscode.env.clipboard.writeText(text);
  }

  async #send(pane: SessionPane): Promise<void> {
    const { lsid } = pane;
    try {
      const bytes = encodeText(await vscode.env.clipboard.readText());
      const copy: ClipboardCopy = { format: "text", bytes };
      const hash = hashOf(copy);
      const isNew = bytes.length > 0 && this.#exchanged.get(lsid) !== hash;
      if (!isNew || !this.#may(lsid, "clipboard-to-customer")) return;
      this.#exchanged.set(lsid, hash);
      if (bytes.length > maxFollowingBytes) return this.#warn(pane, "large", tooLargeText());
      const { link } = this.#place;
      const never = new AbortController().signal;
      const refused = await sendCopy(link.open("clipboard-to-customer", lsid), copy, never);
      if (refused) this.#warn(pane, refused, refusalText(refused));
    } catch (error) {
      this.#failed(lsid, error);
    }
  }

  #warn(pane: SessionPane, code: PaneWarning["code"], text: string): void {
    pane.command("warning", { code, text, at: this.#place.clock.now() });
  }

  #failed(lsid: Lsid, error: unknown): void {
    this.#place.log.error("clipboard.failed", error, { lsid });
  }
}

function hashOf({ format, bytes }: ClipboardCopy): string {
  return `${format} ${createHash("sha256").update(bytes).digest("hex")}`;
}

function tooLargeText(): string {
  return vscode.l10n.t(
    "What you have copied is too large to follow by itself. Send the clipboard to the customer if it is meant for them.",
  );
}
