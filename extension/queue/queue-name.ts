import { personalQueue, type Queue, queueKind, type SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Self } from "./board.ts";

/** A queue of the representative's own list, in the console's language where every site has one. */
export function queueName(queue: Queue): string {
  if (queue.kind === "general") return vscode.l10n.t("General queue");
  return queue.kind === "personal" ? vscode.l10n.t("Personal queue") : queue.name;
}

/** The queue of a session: the representative's own personal queue has no name beside that. */
export function sessionQueueName({ queue }: SessionView, self: Self | undefined): string {
  const kind = queueKind(queue.id);
  const isMine = self !== undefined && queue.id === personalQueue(self.id);
  if (kind === "personal" && !isMine) return vscode.l10n.t("Personal queue of {0}", queue.name);
  return queueName({ ...queue, kind });
}

/** That somebody waits, and where. */
export function waitingText(name: string, session: SessionView): string {
  switch (queueKind(session.queue.id)) {
    case "general":
      return vscode.l10n.t("{0} is waiting in the general queue", name);
    case "team":
      return vscode.l10n.t("{0} is waiting in the queue {1}", name, session.queue.name);
    case "personal":
      return vscode.l10n.t("{0} is waiting for you", name);
  }
}

/** That somebody was transferred, by whom, and where they wait now. */
export function handedOverText(name: string, session: SessionView, by: string): string {
  switch (queueKind(session.queue.id)) {
    case "general":
      return vscode.l10n.t("{0} hands {1} over to the general queue", by, name);
    case "team":
      return vscode.l10n.t("{0} hands {1} over to the queue {2}", by, name, session.queue.name);
    case "personal":
      return vscode.l10n.t("{0} hands {1} over to you", by, name);
  }
}
