import type { Presence } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Board } from "./board.ts";
import { joined, type Row, toItem } from "./item.ts";

/** The view "Representatives": who is there, and how busy. */
export class RepresentativeTree implements vscode.TreeDataProvider<Presence>, vscode.Disposable {
  readonly #board: Board;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: { dispose(): void }[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(board: Board) {
    this.#board = board;
    this.#subscriptions = [
      vscode.window.createTreeView("handrail.representatives", { treeDataProvider: this }),
      board.changed.on(() => this.#changed.fire()),
    ];
  }

  getTreeItem(presence: Presence): vscode.TreeItem {
    return toItem(representativeRow(presence, presence.id === this.#board.self?.id), presence);
  }

  getChildren(presence?: Presence): Presence[] {
    return presence ? [] : this.#board.representatives.filter(({ online }) => online);
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#changed.dispose();
  }
}

/** A representative's status in words. */
export function statusText(status: Presence["status"]): string {
  switch (status) {
    case "available":
      return vscode.l10n.t("available");
    case "busy":
      return vscode.l10n.t("busy");
    case "away":
      return vscode.l10n.t("away");
  }
}

/** The icon of a status: a shape of its own for each, not a colour alone. */
export const statusIcons = {
  available: "pass-filled",
  busy: "circle-slash",
  away: "watch",
} as const satisfies Record<Presence["status"], string>;

function sessionsText(count: number): string | undefined {
  if (count === 0) return undefined;
  return count === 1 ? vscode.l10n.t("1 session") : vscode.l10n.t("{0} sessions", count);
}

function representativeRow(presence: Presence, isSelf: boolean): Row {
  const description = joined(
    statusText(presence.status),
    sessionsText(presence.sessions),
    isSelf ? vscode.l10n.t("you") : undefined,
  );
  return {
    id: `representative:${presence.id}`,
    label: presence.name,
    description,
    spoken: joined(presence.name, description),
    icon: statusIcons[presence.status],
    ...(presence.status === "available" ? { color: "testing.iconPassed" } : {}),
    context: isSelf ? "representative:self" : "representative",
  };
}
