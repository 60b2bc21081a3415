import type { ColleagueQuestion, Lsid, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Unread } from "../session/unread.ts";
import type { Board } from "./board.ts";
import { questionText } from "./colleague-notice.ts";
import { joined, type Row, toItem } from "./item.ts";
import { customerName, sessionFacts } from "./queue-tree.ts";

/** A row of the tree of sessions. */
export interface SessionNode {
  readonly lsid: Lsid;
  readonly session: SessionView;
}

/** A row of what a colleague asks, for as long as an answer is wanted. */
export interface QuestionNode {
  readonly question: ColleagueQuestion;
}

type Node = SessionNode | QuestionNode;

/** The view "Sessions": what colleagues ask, and those that this representative takes part in. */
export class SessionTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #board: Board;
  readonly #unread: Unread;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: { dispose(): void }[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(board: Board, unread: Unread) {
    this.#board = board;
    this.#unread = unread;
    const view = vscode.window.createTreeView("handrail.sessions", { treeDataProvider: this });
    this.#subscriptions = [
      view,
      board.changed.on(() => this.#changed.fire()),
      board.questions.asked.on(() => this.#changed.fire()),
      board.questions.settled.on(() => this.#changed.fire()),
      unread.changed.on(() => {
        const value = unread.total;
        view.badge = value === 0 ? undefined : { value, tooltip: unreadText(value) };
        this.#changed.fire();
      }),
    ];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ("question" in node) return toItem(questionRow(node.question), node);
    return toItem(sessionRow(node.session, this.#board, this.#unread.of(node.lsid)), node);
  }

  getChildren(node?: Node): Node[] {
    if (node) return [];
    const questions = this.#board.questions.open.map((question) => ({ question }));
    return [...questions, ...this.#board.mine.map((session) => ({ lsid: session.lsid, session }))];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#changed.dispose();
  }
}

function unreadText(count: number): string {
  return count === 1
    ? vscode.l10n.t("1 new message")
    : vscode.l10n.t("{0} new messages", String(count));
}

function questionRow(question: ColleagueQuestion): Row {
  const { lsid, ask, from, name } = question;
  const text = questionText(question);
  return {
    id: `question:${lsid}:${ask}:${from}`,
    label: name,
    description: text,
    tooltip: text,
    spoken: text,
    icon: "question",
    context: "question",
    command: {
      id: "handrail.session.answerColleague",
      title: vscode.l10n.t("Answer a Colleague"),
    },
  };
}

function sessionRow(session: SessionView, board: Board, unread: number): Row {
  const holds = board.holdsControl(session);
  const others = session.participants.filter(({ id }) => id !== board.self?.id);
  const watches = board.onlyWatches(session);
  const facts = [
    unread === 0 ? undefined : unreadText(unread),
    session.customerConnected ? undefined : vscode.l10n.t("connection lost"),
    session.customer.isElevated ? vscode.l10n.t("administrator") : undefined,
    holds ? vscode.l10n.t("you control") : undefined,
    watches ? vscode.l10n.t("you only watch") : undefined,
    session.recording === "on" ? vscode.l10n.t("recorded") : undefined,
    session.recording === "failed" ? vscode.l10n.t("recording failed") : undefined,
    ...others.map(({ name }) => vscode.l10n.t("with {0}", name)),
  ];
  return {
    id: `session:${session.lsid}`,
    label: customerName(session),
    description: joined(session.customer.computer, ...facts),
    tooltip: sessionFacts(session, board.self, []),
    spoken: joined(
      vscode.l10n.t("Session with {0}", customerName(session)),
      session.customer.computer,
      ...facts,
    ),
    icon: holds ? "remote" : session.customerConnected ? "device-desktop" : "debug-disconnect",
    context: `session:active${holds ? ":control" : watches ? ":watch" : ""}`,
    command: { id: "handrail.session.open", title: vscode.l10n.t("Open Session") },
  };
}
