import type { SessionView } from "@handrail/protocol";
import type * as vscode from "vscode";
import type { ChatFileDesk } from "../chat-files/desk.ts";
import type { ClipboardDesk } from "../clipboard/clipboard-desk.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Board } from "../queue/board.ts";
import type { Conduct } from "../session/conduct.ts";
import type { Journal } from "../session/journal.ts";
import type { Talk } from "../session/talk.ts";
import type { Unread } from "../session/unread.ts";
import type { Signal } from "../signal.ts";
import type { Connection } from "../site/connection.ts";
import type { Loopback } from "./loopback.ts";
import type { ViewMemory } from "./view-memory.ts";

/** What all session panes share. */
export interface PanePlace {
  readonly extensionUri: vscode.Uri;
  readonly link: Connection;
  readonly board: Board;
  readonly journal: Journal;
  readonly conduct: Conduct;
  readonly talk: Talk;
  readonly unread: Unread;
  readonly clipboard: ClipboardDesk;
  readonly chatFiles: ChatFileDesk;
  /** Fired when another tab is in front, or the one in front takes or leaves the keyboard. */
  readonly activity: Signal<void>;
  readonly views: ViewMemory;
  readonly loopback: Loopback;
  /** Whether webviews are on this computer, so that they can reach `loopback`. */
  readonly panesAreHere: () => boolean;
  readonly openRecording: (session: SessionView) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}
