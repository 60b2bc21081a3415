import {
  type ColleagueQuestion,
  isLsid,
  isQueueId,
  type Lsid,
  type QueueId,
  type SessionView,
} from "@handrail/protocol";
import * as vscode from "vscode";
import { type Board, keyText } from "./queue/board.ts";
import { clockTime } from "./queue/duration.ts";
import { joined } from "./queue/item.ts";
import { queueName } from "./queue/queue-name.ts";
import { customerName } from "./queue/queue-tree.ts";

/** The LSID that a command was called with: on its own, or of a tree's row. */
export function lsidOf(target: unknown): Lsid | undefined {
  if (typeof target === "string") return isLsid(target) ? target : undefined;
  if (typeof target !== "object" || target === null || !("lsid" in target)) return undefined;
  return lsidOf(target.lsid);
}

/** The queue whose row a command was called for. */
export function queueOf(target: unknown): QueueId | undefined {
  if (typeof target !== "object" || target === null || !("queue" in target)) return undefined;
  const { queue } = target;
  if (typeof queue !== "object" || queue === null || !("id" in queue)) return undefined;
  return typeof queue.id === "string" && isQueueId(queue.id) ? queue.id : undefined;
}

/** What a colleague asks in the row that a command was called for, else the oldest; says so if none. */
export function questionOf(board: Board, target: unknown): ColleagueQuestion | undefined {
  const { open } = board.questions;
  const isRow = typeof target === "object" && target !== null && "question" in target;
  const found = isRow ? open.find((each) => each === target.question) : open[0];
  if (!found) void vscode.window.showInformationMessage(vscode.l10n.t("No colleague asks."));
  return found;
}

/** Asks in which queue a customer shall wait, the personal one first. */
export async function pickQueue(board: Board): Promise<QueueId | undefined> {
  const picked = await vscode.window.showQuickPick(
    board.queues.map((queue) => ({ label: queueName(queue), id: queue.id })),
    { title: vscode.l10n.t("In which queue shall the customer wait?"), ignoreFocusOut: true },
  );
  return picked?.id;
}

/**
 * Asks which of several sessions is meant; the only one is taken without asking. `aboutOf`: what
 * tells them apart besides the customer's name.
 */
export async function pickSession(
  sessions: readonly SessionView[],
  title: string,
  aboutOf = ({ customer }: SessionView) => joined(customer.computer, customer.platform),
): Promise<Lsid | undefined> {
  const [only] = sessions;
  if (!only) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is no such session."));
    return undefined;
  }
  if (sessions.length === 1) return only.lsid;
  const picked = await vscode.window.showQuickPick(
    sessions.map((session) => ({
      label: customerName(session),
      description: aboutOf(session),
      detail: session.customer.issue,
      lsid: session.lsid,
    })),
    { title, matchOnDescription: true, matchOnDetail: true },
  );
  return picked?.lsid;
}

/** Asks which session key is meant; the only one is taken without asking. */
export async function pickKey(board: Board, now: number): Promise<Lsid | undefined> {
  const [only] = board.keys;
  if (!only) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is no unused session key."));
    return undefined;
  }
  if (board.keys.length === 1) return only.lsid;
  const picked = await vscode.window.showQuickPick(
    board.keys.map((key) => ({
      label: keyText(key),
      description: vscode.l10n.t("{0} left", clockTime(key.expiresAt - now)),
      lsid: key.lsid,
    })),
    { title: vscode.l10n.t("Session keys") },
  );
  return picked?.lsid;
}
