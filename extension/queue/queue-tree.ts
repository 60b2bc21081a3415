import type { Arrival, Lsid, Queue, SessionKeyView, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import { arrivalIcons, arrivalNote, arrivalText } from "./arrival-text.ts";
import { type Board, keyText, type Self } from "./board.ts";
import { clockTime } from "./duration.ts";
import { joined, lines, type Row, toItem } from "./item.ts";
import { minutesText } from "./minutes-text.ts";
import { queueName, sessionQueueName } from "./queue-name.ts";

const secondMs = 1000;

/** A row of the tree of queues. */
export type QueueNode =
  | { readonly kind: "keys" }
  | { readonly kind: "key"; readonly lsid: Lsid; readonly key: SessionKeyView }
  | { readonly kind: "arrival"; readonly lsid: Lsid; readonly arrival: Arrival }
  | { readonly kind: "queue"; readonly queue: Queue }
  | { readonly kind: "session"; readonly lsid: Lsid; readonly session: SessionView };

/**
 * The view "Queues": customers who have used a key and are on their way, keys with their countdown,
 * then who waits where and for how long.
 */
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
        return toItem(keysRow(this.#board.keys.length, this.#board.arrivals.length), node);
      case "key":
        return toItem(this.#keyRow(node.key), node);
      case "arrival":
        return toItem(this.#arrivalRow(node.arrival), node);
      case "queue":
        return toItem(queueRow(node.queue, this.#board.waitingIn(node.queue.id).length), node);
      case "session":
        return toItem(waitingRow(node.session, this.#board.self, this.#clock.now()), node);
    }
  }

  getChildren(node?: QueueNode): QueueNode[] {
    if (node === undefined) {
      this.#shown = [];
      const queues = this.#board.queues.map((queue) => ({ kind: "queue", queue }) as const);
      const hasKeys = this.#board.keys.length > 0 || this.#board.arrivals.length > 0;
      return hasKeys ? [{ kind: "keys" }, ...queues] : queues;
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
      const { arrivals, keys } = this.#board;
      return [
        ...arrivals.map((arrival) => ({ kind: "arrival", lsid: arrival.lsid, arrival }) as const),
        ...keys.map((key) => ({ kind: "key", lsid: key.lsid, key }) as const),
      ];
    }
    if (node.kind !== "queue") return [];
    return this.#board
      .waitingIn(node.queue.id)
      .map((session) => ({ kind: "session", lsid: session.lsid, session }));
  }

  #keyRow(key: SessionKeyView): Row {
    const queue = key.queue && this.#board.queue(key.queue);
    // The personal queue goes without saying.
    const isNamed = queue !== undefined && queue.kind !== "personal";
    return keyRow(key, isNamed ? queueName(queue) : undefined, this.#clock.now());
  }

  #arrivalRow(arrival: Arrival): Row {
    const key = this.#board.typedKey(arrival.lsid);
    return arrivalRow(arrival, key, this.#clock.now());
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

function keysRow(unused: number, onTheWay: number): Row {
  const spoken = vscode.l10n.t("Session keys, {0} not used yet", unused);
  const coming = onTheWay > 0 ? vscode.l10n.t("{0} on the way", onTheWay) : undefined;
  return {
    id: "keys",
    label: vscode.l10n.t("Session keys"),
    description: joined(unused > 0 ? String(unused) : undefined, coming),
    spoken: joined(spoken, coming),
    icon: "list-unordered",
    context: "keys",
    children: "open",
  };
}

function arrivalRow({ lsid, step, since }: Arrival, key: string | undefined, now: number): Row {
  const what = vscode.l10n.t("The customer {0}", arrivalText(step));
  const took = clockTime(now - since);
  return {
    id: `arrival:${lsid}`,
    label: key ?? vscode.l10n.t("Customer"),
    description: joined(arrivalNote(step), took),
    tooltip: lines([
      [vscode.l10n.t("Session key"), key],
      [what, took],
      ["LSID", lsid],
    ]),
    spoken: joined(what, key),
    icon: arrivalIcons[step],
    context: "arrival",
  };
}

function keyRow(view: SessionKeyView, queue: string | undefined, now: number): Row {
  const shown = keyText(view);
  const leftMs = view.expiresAt - now;
  return {
    id: `key:${view.lsid}`,
    label: shown,
    description: joined(vscode.l10n.t("{0} left", clockTime(leftMs)), queue),
    tooltip: lines([
      [vscode.l10n.t("Session key"), shown],
      [vscode.l10n.t("Queue"), queue],
      [vscode.l10n.t("Site"), view.url],
      [vscode.l10n.t("Expires"), new Date(view.expiresAt).toLocaleTimeString(vscode.env.language)],
    ]),
    spoken: joined(
      vscode.l10n.t("Session key {0}, expires in {1}", shown, minutesText(leftMs)),
      queue,
    ),
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

function waitingRow(session: SessionView, self: Self | undefined, now: number): Row {
  const { customer } = session;
  const waitedMs = now - session.waitingSince;
  const away = session.customerConnected ? undefined : vscode.l10n.t("connection lost");
  return {
    id: `waiting:${session.lsid}`,
    label: customerName(session),
    description: joined(
      clockTime(waitedMs),
      away,
      session.handedBy && vscode.l10n.t("from {0}", session.handedBy.name),
      customer.computer,
      customer.platform,
      customer.issue,
    ),
    tooltip: sessionFacts(session, self, [[vscode.l10n.t("Time in queue"), clockTime(waitedMs)]]),
    spoken: vscode.l10n.t(
      "{0} has been waiting for {1}. {2}",
      customerName(session),
      minutesText(waitedMs),
      joined(
        away,
        session.handedBy && vscode.l10n.t("from {0}", session.handedBy.name),
        customer.computer,
        customer.platform,
        customer.issue,
      ),
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
  self: Self | undefined,
  more: readonly (readonly [string, string | undefined])[],
): string {
  const { customer } = session;
  return lines([
    [vscode.l10n.t("Name"), customer.name],
    [vscode.l10n.t("Computer"), customer.computer],
    [vscode.l10n.t("Platform"), customer.platform],
    [vscode.l10n.t("Issue"), customer.issue],
    [vscode.l10n.t("Queue"), sessionQueueName(session, self)],
    ...more,
    ["LSID", session.lsid],
  ]);
}
