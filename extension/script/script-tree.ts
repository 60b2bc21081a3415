import type { ScriptSummary } from "@handrail/protocol";
import * as vscode from "vscode";
import { joined } from "../queue/item.ts";
import type { ScriptBook } from "./script-book.ts";
import { scriptUri } from "./script-files.ts";

/** A row of the view: a category, or a script in it. */
export type ScriptNode =
  | { readonly kind: "category"; readonly name: string }
  | { readonly kind: "script"; readonly category: string; readonly script: ScriptSummary };

/** The view "Scripts": by category; what has none stands below. */
export class ScriptTree implements vscode.TreeDataProvider<ScriptNode>, vscode.Disposable {
  readonly #book: ScriptBook;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: { dispose(): void }[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(book: ScriptBook) {
    this.#book = book;
    this.#subscriptions = [
      vscode.window.createTreeView("handrail.scripts", { treeDataProvider: this }),
      book.changed.on(() => this.#changed.fire()),
    ];
  }

  getTreeItem(node: ScriptNode): vscode.TreeItem {
    return node.kind === "category" ? categoryItem(node.name) : scriptItem(node);
  }

  getChildren(node?: ScriptNode): ScriptNode[] {
    const { scripts } = this.#book;
    if (node?.kind === "script") return [];
    if (node) return of(node.name, scripts);
    const names = [...new Set(scripts.flatMap(({ categories }) => categories))];
    const byName = new Intl.Collator(vscode.env.language, { numeric: true });
    const categories = names
      .sort(byName.compare)
      .map((name) => ({ kind: "category", name }) as const);
    return [...categories, ...of("", scripts)];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#changed.dispose();
  }
}

/** The script that a command was called for, if it was for one. */
export function scriptOf(target: unknown): ScriptSummary | undefined {
  const isNode = typeof target === "object" && target !== null && "script" in target;
  // Only this view has such rows.
  return isNode ? (target as Extract<ScriptNode, { kind: "script" }>).script : undefined;
}

function of(category: string, scripts: readonly ScriptSummary[]): ScriptNode[] {
  const here = scripts.filter(({ categories }) =>
    category === "" ? categories.length === 0 : categories.includes(category),
  );
  return here.map((script) => ({ kind: "script", category, script }));
}

function categoryItem(name: string): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `category:${name}`;
  item.iconPath = new vscode.ThemeIcon("folder");
  item.contextValue = "category";
  return item;
}

function scriptItem({
  category,
  script,
}: Extract<ScriptNode, { kind: "script" }>): vscode.TreeItem {
  const { id, name, description, platforms, teams, mayRun } = script;
  const item = new vscode.TreeItem(name);
  item.id = `script:${category}:${id}`;
  item.description = joined(description, platforms.join(", "), teams.join(", "));
  item.accessibilityInformation = { label: joined(name, item.description) };
  item.iconPath = new vscode.ThemeIcon("file-code");
  item.contextValue = mayRun ? "script:run" : "script";
  const title = vscode.l10n.t("Open");
  item.command = { command: "vscode.open", title, arguments: [scriptUri(script)] };
  return item;
}
