import * as vscode from "vscode";

/** What a row of a tree shows. */
export interface Row {
  /** Stable while the thing lives: VS Code keeps selection and expansion by it. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Plain text, one fact per line. */
  readonly tooltip?: string;
  /** Read aloud instead of label and description. */
  readonly spoken: string;
  readonly icon: string;
  readonly color?: string;
  readonly context: string;
  readonly command?: { readonly id: string; readonly title: string };
  readonly children?: "open" | "closed";
}

/** The row as VS Code's item; `argument` is handed to its command. */
export function toItem(row: Row, argument: unknown): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, collapsible(row.children));
  item.id = row.id;
  if (row.description !== undefined) item.description = row.description;
  item.tooltip = row.tooltip ?? row.label;
  item.accessibilityInformation = { label: row.spoken };
  const color = row.color === undefined ? undefined : new vscode.ThemeColor(row.color);
  item.iconPath = new vscode.ThemeIcon(row.icon, color);
  item.contextValue = row.context;
  if (row.command) {
    const { id, title } = row.command;
    item.command = { command: id, title, arguments: [argument] };
  }
  return item;
}

function collapsible(children: Row["children"]): vscode.TreeItemCollapsibleState {
  if (children === undefined) return vscode.TreeItemCollapsibleState.None;
  return children === "open"
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}

/** Texts that are there, with a middle dot in between. */
export function joined(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== "").join(" · ");
}

/** Facts that are there, one to a line: `Computer: LOKI`. */
export function lines(facts: readonly (readonly [name: string, value: string | undefined])[]) {
  return facts
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => vscode.l10n.t("{0}: {1}", name, value ?? ""))
    .join("\n");
}
