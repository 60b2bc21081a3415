import { timeText, type SystemWords } from "@handrail/protocol";
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { pageOf } from "./page.ts";
import type { Snapshot } from "./snapshot.ts";

/** The kind of these tabs, for menus. */
const viewType = "handrail.systemPage";

interface Shown {
  readonly panel: vscode.WebviewPanel;
  readonly snapshot: Snapshot;
}

/** The tabs that show snapshots, one for each and for each category that was opened by itself. */
export class SystemPages implements vscode.Disposable {
  readonly #words: SystemWords;
  readonly #shown = new Map<string, Shown>();

  constructor(words: SystemWords) {
    this.#words = words;
  }

  /** The snapshot whose tab is in front. */
  get active(): Snapshot | undefined {
    return [...this.#shown.values()].find(({ panel }) => panel.active)?.snapshot;
  }

  /** Shows a snapshot, or one category of it. */
  show(snapshot: Snapshot, category = ""): void {
    const key = `${snapshot.id} ${category}`;
    const before = this.#shown.get(key);
    if (before) return before.panel.reveal();
    const { computer, customer, takenAt } = snapshot;
    const title = `${computer || customer} ${timeText(takenAt, this.#words.language)}`;
    const panel = vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active, {
      enableFindWidget: true,
      localResourceRoots: [],
    });
    const only = snapshot.readings.filter((reading) => reading.category === category);
    panel.webview.html = pageOf(snapshot, this.#words, {
      nonce: randomBytes(16).toString("hex"),
      ...(only.length > 0 ? { readings: only } : {}),
    });
    panel.onDidDispose(() => this.#shown.delete(key));
    this.#shown.set(key, { panel, snapshot });
  }

  /** Closes the tabs of a snapshot, or all. */
  close(id?: number): void {
    for (const { panel, snapshot } of [...this.#shown.values()]) {
      if (id === undefined || snapshot.id === id) panel.dispose();
    }
  }

  dispose(): void {
    this.close();
  }
}
