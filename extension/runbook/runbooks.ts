import type { Lsid } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { ScriptDesk } from "../script/script-desk.ts";
import { pickSession } from "../target.ts";
import { fromCell, resultOf, toCellData } from "./cell-data.ts";
import { Kernel, notebookType } from "./kernel.ts";
import { noteText } from "./note-text.ts";
import { readRunbook, writeRunbook } from "./runbook-file.ts";

/** Runbooks: notebooks whose cells run on the computer of a customer in a session. */
export class Runbooks
  implements vscode.NotebookSerializer, vscode.NotebookCellStatusBarItemProvider, vscode.Disposable
{
  readonly #desk: ScriptDesk;
  readonly #board: Board;
  readonly #kernels = new Map<Lsid, Kernel>();
  /** Cells that are to run once with an administrator's rights. */
  readonly #elevated = new WeakSet<vscode.TextDocument>();
  readonly #subscriptions: { dispose(): void }[];

  constructor(desk: ScriptDesk, board: Board) {
    this.#desk = desk;
    this.#board = board;
    const { notebooks, workspace } = vscode;
    this.#subscriptions = [
      workspace.registerNotebookSerializer(notebookType, this),
      notebooks.registerNotebookCellStatusBarItemProvider(notebookType, this),
      board.changed.on(() => this.#follow()),
    ];
  }

  deserializeNotebook(content: Uint8Array): vscode.NotebookData {
    return new vscode.NotebookData(readRunbook(content).map(toCellData));
  }

  serializeNotebook({ cells }: vscode.NotebookData): Uint8Array {
    const kept = cells.map(({ kind, value, outputs = [] }) => ({ kind, text: value, outputs }));
    return writeRunbook(kept.map(fromCell));
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const result = resultOf(cell.outputs);
    if (!result) return [];
    const text = `${result.ending} – ${result.computer}`;
    return [
      new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Right),
    ];
  }

  /** Opens an empty runbook. */
  async create(): Promise<void> {
    const title = vscode.l10n.t("# Runbook");
    const data = new vscode.NotebookData([
      toCellData({ kind: "markdown", text: title }),
      toCellData({ kind: "script", text: "uptime\n", stdout: "", stderr: "" }),
    ]);
    const notebook = await vscode.workspace.openNotebookDocument(notebookType, data);
    await vscode.window.showNotebookDocument(notebook);
  }

  /** Keeps the runbook that is in front as a note of a session. */
  async keep(): Promise<void> {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (notebook?.notebookType !== notebookType) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No runbook is in front."));
      return;
    }
    const title = vscode.l10n.t("Keep it as the note of which session?");
    const lsid = await pickSession(this.#desk.sessions, title);
    if (!lsid) return;
    const cells = notebook
      .getCells()
      .map(({ kind, document, outputs }) => fromCell({ kind, text: document.getText(), outputs }));
    const name = notebook.uri.path.split("/").at(-1) ?? "";
    await this.#desk.keepNote(lsid, { title: name.slice(0, 200), text: noteText(cells) });
    const customer = customerName(this.#desk.session(lsid));
    const kept = vscode.l10n.t("The runbook is kept with the session of {0}.", customer);
    void vscode.window.showInformationMessage(messageText(kept));
  }

  /** Runs a cell, of the notebook in front if need be, with an administrator's rights, once. */
  async runElevated(target: unknown): Promise<void> {
    const cell = isCell(target) ? target : cellInFront();
    if (!cell) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No runbook is in front."));
      return;
    }
    this.#elevated.add(cell.document);
    const range = { start: cell.index, end: cell.index + 1 };
    const { uri } = cell.notebook;
    await vscode.commands.executeCommand("notebook.cell.execute", {
      ranges: [range],
      document: uri,
    });
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    for (const kernel of this.#kernels.values()) kernel.dispose();
    this.#kernels.clear();
  }

  /** One kernel for each session that goes on. */
  #follow(): void {
    const sessions = new Map(this.#board.mine.map((session) => [session.lsid, session]));
    for (const [lsid, kernel] of this.#kernels) {
      if (sessions.has(lsid)) continue;
      kernel.dispose();
      this.#kernels.delete(lsid);
    }
    for (const [lsid, session] of sessions) {
      const label = vscode.l10n.t("Handrail: {0}'s computer", customerName(session));
      const computer = session.customer.computer || customerName(session);
      const names = { label, computer };
      const kernel = this.#kernels.get(lsid) ?? new Kernel(this.#desk, lsid, names, this.#elevated);
      kernel.label = label;
      this.#kernels.set(lsid, kernel);
    }
  }
}

function isCell(target: unknown): target is vscode.NotebookCell {
  return typeof target === "object" && target !== null && "notebook" in target;
}

/** The cell that is chosen in the runbook in front. */
function cellInFront(): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  if (editor?.notebook.notebookType !== notebookType) return undefined;
  return editor.notebook.getCells(editor.selection)[0];
}
