import {
  beganAt,
  type consoleSide,
  type Lsid,
  type Result,
  type SessionView,
} from "@handrail/protocol";
import * as vscode from "vscode";
import type { Self } from "./board.ts";
import { clockTime } from "./duration.ts";
import { joined, type Row, toItem } from "./item.ts";
import { customerName, sessionFacts } from "./queue-tree.ts";

/** An ended session, as the appliance lists it. */
export type PastSession = Result<typeof consoleSide, "session.past">["sessions"][number];

/** A row of the tree of past sessions. */
export interface PastNode {
  readonly lsid: Lsid;
  readonly past: PastSession;
}

const shownAtMost = 100;

/** The view "Past sessions": asked for when it is opened, and again when a session has ended. */
export class PastTree implements vscode.TreeDataProvider<PastNode>, vscode.Disposable {
  readonly #load: (limit: number) => Promise<readonly PastSession[]>;
  readonly #self: () => Self | undefined;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.TreeView<PastNode>;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    load: (limit: number) => Promise<readonly PastSession[]>,
    self: () => Self | undefined,
  ) {
    this.#load = load;
    this.#self = self;
    this.#view = vscode.window.createTreeView("handrail.past", { treeDataProvider: this });
  }

  refresh(): void {
    this.#changed.fire();
  }

  /** Those with a recording, newest first. */
  async recorded(): Promise<readonly PastSession[]> {
    return (await this.#load(shownAtMost)).filter(({ hasRecording }) => hasRecording);
  }

  /** Those of whose start a snapshot is kept, newest first. */
  async withSnapshot(): Promise<readonly PastSession[]> {
    return (await this.#load(shownAtMost)).filter(hasSnapshot);
  }

  getTreeItem(node: PastNode): vscode.TreeItem {
    return toItem(pastRow(node.past, this.#self()), node);
  }

  async getChildren(node?: PastNode): Promise<PastNode[]> {
    if (node) return [];
    return (await this.#load(shownAtMost)).map((past) => ({ lsid: past.lsid, past }));
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }
}

/** The session of a row of the tree, if it is one. */
export function pastSessionOf(target: unknown): PastSession | undefined {
  const isRow = typeof target === "object" && target !== null && "past" in target;
  // Only rows of this tree have such a member.
  return isRow ? (target as PastNode).past : undefined;
}

/** When a session began, in the console's language. */
export function startText(session: SessionView): string {
  return new Date(beganAt(session)).toLocaleString(vscode.env.language, {
    dateStyle: "medium",
    timeStyle: "short",
  });
}

function pastRow(past: PastSession, self: Self | undefined): Row {
  const durationMs = (past.endedAt ?? beganAt(past)) - beganAt(past);
  // The narrower the view, the more of its end is cut: which one it was comes first.
  const description = joined(past.customer.computer, startText(past), clockTime(durationMs));
  const recorded = recordedText(past);
  return {
    id: `past:${past.lsid}`,
    label: customerName(past),
    description,
    tooltip: sessionFacts(past, self, [
      [vscode.l10n.t("Began"), startText(past)],
      [vscode.l10n.t("Duration"), clockTime(durationMs)],
      [vscode.l10n.t("Recording"), recorded],
    ]),
    spoken: joined(
      vscode.l10n.t("Past session with {0}", customerName(past)),
      description,
      recorded,
    ),
    icon: past.hasRecording ? "play-circle" : "history",
    context: contextOf(past),
    ...(past.hasRecording
      ? { command: { id: "handrail.recording.open", title: vscode.l10n.t("Open Recording") } }
      : {}),
  };
}

/** Whether there is a recording; where there was one, when and why it was deleted. */
function recordedText({ hasRecording, recordingRemoved: removed }: PastSession): string {
  if (hasRecording) return vscode.l10n.t("recorded");
  if (!removed) return vscode.l10n.t("not recorded");
  const day = new Date(removed.at).toLocaleDateString(vscode.env.language, { dateStyle: "medium" });
  if (removed.keepDays === undefined) {
    return vscode.l10n.t("deleted on {0} because the disk needed the room", day);
  }
  // The number stands behind the noun, so that one sentence is right for every number.
  return vscode.l10n.t(
    "deleted on {0} because the site keeps recordings for so many days: {1}",
    day,
    removed.keepDays,
  );
}

function hasSnapshot({ snapshot, snapshotRemoved }: PastSession): boolean {
  return snapshot === "taken" && !snapshotRemoved;
}

/** What is kept of it, for menus. */
function contextOf(past: PastSession): string {
  return ["past", past.hasRecording && "recorded", hasSnapshot(past) && "snapshot"]
    .filter((part) => part !== false)
    .join(":");
}
