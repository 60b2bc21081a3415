import { formatSessionKey, parseSessionKey } from "@handrail/protocol";
import type { Lsid, Queue, SessionKeyView, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import type { Board } from "./board.ts";
import { clockTime, spokenMinutes } from "./duration.ts";
import { joined, lines, type Row, toItem } from "./item.ts";

const secondMs = 1000;

/** A row of the tree of queues. */
export type QueueNode =
  | { readonly kind: "keys" }
  | { readonly kind: "key"; readonly lsid: Lsid; readonly key: SessionKeyView }
  | { readonly kind: "queue"; readonly queue: Queue }
  | { readonly kind: "session"; readonly lsid: Lsid; readonly session: SessionView };

/** The view "Queues": keys with their countdown, then who waits where and for how long. */
export class QueueTree implements vscode.TreeDataProvider<QueueNode>, vscode.Disposable {
  readonly #board: Board;
  readonly #clock: Clock;
  readonly #changed = new vscode.EventEmitter<QueueNode | undefined>();
  readonly #view: vscode.TreeView<QueueNode>;
  readonly #subscriptions: { dispose(): void }[];
  #shown: QueueNode[] = [];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(board: Board, clock: Clock) {
    this.#board = board;
    this.#clock = clock;
    this.#view = vscode.window.createTreeView("handrail.queues", { treeDataProvider: this });
    this.#subscriptions = [
      this.#view,
      board.changed.on(() => this.#refresh()),
      clock.every(secondMs, () => this.#tick()),
    ];
  }

  getTreeItem(node: QueueNode): vscode.TreeItem {
    switch (node.kind) {
      case "keys":
        return toItem(keysRow(this.#board.keys.length), node);
      case "key":
        return toItem(keyRow(node.key, this.#clock.now()), node);
      case "queue":
        return toItem(queueRow(node.queue, this.#board.waitingIn(node.queue.id).length), node);
      case "session":
        return toItem(waitingRow(node.session, this.#clock.now()), node);
    }
  }

  getChildren(node?: QueueNode): QueueNode[] {
    if (node === undefined) {
      this.#shown = [];
      const queues = this.#board.queues.map((queue) => ({ kind: "queue", queue }) as const);
      return this.#board.keys.length > 0 ? [{ kind: "keys" }, ...queues] : queues;
    }
    const children = this.#childrenOf(node);
    this.#shown.push(...children);
    return children;
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#changed.dispose();
  }

  #childrenOf(node: QueueNode): QueueNode[] {
    if (node.kind === "keys") {
      return this.#board.keys.map((key) => ({ kind: "key", lsid: key.lsid, key }));
    }
    if (node.kind !== "queue") return [];
    return this.#board
      .waitingIn(node.queue.id)
      .map((session) => ({ kind: "session", lsid: session.lsid, session }));
  }

  #refresh(): void {
    const waiting = this.#board.waiting.length;
    this.#view.badge =
      waiting > 0 ? { value: waiting, tooltip: vscode.l10n.t("{0} waiting", waiting) } : undefined;
    this.#changed.fire(undefined);
  }

  // Only the rows with a running time are drawn again.
  #tick(): void {
    if (!this.#view.visible) return;
    for (const node of this.#shown) this.#changed.fire(node);
  }
}

function keysRow(count: number): Row {
  return {
    id: "keys",
    label: vscode.l10n.t("Session keys"),
    description: String(count),
    spoken: vscode.l10n.t("Session keys, {0} not used yet", count),
    icon: "list-unordered",
    context: "keys",
    children: "open",
  };
}

function keyRow(view: SessionKeyView, now: number): Row {
  const key = parseSessionKey(view.key);
  const shown = key ? formatSessionKey(key) : view.key;
  const leftMs = view.expiresAt - now;
  return {
    id: `key:${view.lsid}`,
    label: shown,
    description: vscode.l10n.t("{0} left", clockTime(leftMs)),
    tooltip: lines([
      [vscode.l10n.t("Session key"), shown],
      [vscode.l10n.t("Site"), view.url],
      [vscode.l10n.t("Expires"), new Date(view.expiresAt).toLocaleTimeString(vscode.env.language)],
    ]),
    spoken: vscode.l10n.t("Session key {0}, expires in {1} minutes", shown, spokenMinutes(leftMs)),
    icon: "key",
    context: "key",
    command: { id: "handrail.key.copy", title: vscode.l10n.t("Copy Session Key") },
  };
}

function queueRow(queue: Queue, waiting: number): Row {
  const icons = { personal: "person", team: "organization", general: "globe" } as const;
  const name = queueName(queue);
  return {
    id: `queue:${queue.id}`,
    label: name,
    description: waiting > 0 ? vscode.l10n.t("{0} waiting", waiting) : "",
    spoken: vscode.l10n.t("Queue {0}, {1} waiting", name, waiting),
    icon: icons[queue.kind],
    context: `queue:${queue.kind}`,
    children: "open",
  };
}

/** A queue's name in the console's language where it is one that every site has. */
export function queueName(queue: Queue): string {
  if (queue.kind === "general") return vscode.l10n.t("General queue");
  return queue.kind === "personal" ? vscode.l10n.t("Personal queue") : queue.name;
}

function waitingRow(session: SessionView, now: number): Row {
  const { customer } = session;
  const waitedMs = now - session.waitingSince;
  const away = session.customerConnected ? undefined : vscode.l10n.t("connection lost");
  return {
    id: `waiting:${session.lsid}`,
    label: customerName(session),
    description: joined(
      clockTime(waitedMs),
      away,
      customer.computer,
      customer.platform,
      customer.issue,
    ),
    tooltip: sessionFacts(session, [[vscode.l10n.t("Time in queue"), clockTime(waitedMs)]]),
    spoken: vscode.l10n.t(
      "{0} has been waiting for {1} minutes. {2}",
      customerName(session),
      spokenMinutes(waitedMs),
      joined(away, customer.computer, customer.platform, customer.issue),
    ),
    icon: session.customerConnected ? "account" : "debug-disconnect",
    context: "session:waiting",
    command: { id: "handrail.session.open", title: vscode.l10n.t("Open Session") },
  };
}

/** The customer's name, or a word for somebody who has not given one. */
export function customerName(session: SessionView): string {
  return session.customer.name || vscode.l10n.t("Customer");
}

/** What is known of a session, one fact to a line. */
export function sessionFacts(
  session: SessionView,
  more: readonly (readonly [string, string | undefined])[],
): string {
  const { customer } = session;
  return lines([
    [vscode.l10n.t("Name"), customer.name],
    [vscode.l10n.t("Computer"), customer.computer],
    [vscode.l10n.t("Platform"), customer.platform],
    [vscode.l10n.t("Issue"), customer.issue],
    [vscode.l10n.t("Queue"), session.queue.name],
    ...more,
    ["LSID", session.lsid],
  ]);
}
