import {
  linesOf,
  type Lsid,
  rowText,
  type SystemFields,
  type SystemList,
  type SystemWords,
  timeText,
  valueText,
} from "@handrail/protocol";
import * as vscode from "vscode";
import { joined, type Row, toItem } from "../queue/item.ts";
import type { Reading, Snapshot, Snapshots } from "./snapshot.ts";

/** A row of the tree of system information. `snapshot`: to which it belongs. */
export type SystemNode = { readonly snapshot: Snapshot; readonly lsid: Lsid } & (
  | { readonly kind: "snapshot" }
  | { readonly kind: "category"; readonly reading: Reading }
  | { readonly kind: "fact"; readonly of: string; readonly field: string; readonly text: string }
  | { readonly kind: "list"; readonly of: string; readonly list: SystemList }
  | {
      readonly kind: "row";
      readonly id: string;
      /** Name of the list that it is in. */
      readonly list: string;
      readonly row: SystemFields;
    }
);

const icons: Readonly<Record<string, string>> = {
  computer: "device-desktop",
  processor: "chip",
  memory: "server",
  disks: "database",
  network: "globe",
  users: "organization",
  processes: "pulse",
  services: "gear",
  software: "package",
  errors: "warning",
};

/** Rows with which something can be done. */
const contexts: Readonly<Record<string, string>> = {
  processes: "system:process",
  services: "system:service",
};

/** The view "System Information": what was read, newest first, with its categories and values. */
export class SystemTree implements vscode.TreeDataProvider<SystemNode>, vscode.Disposable {
  readonly #snapshots: Snapshots;
  readonly #words: SystemWords;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.TreeView<SystemNode>;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(snapshots: Snapshots, words: SystemWords) {
    this.#snapshots = snapshots;
    this.#words = words;
    this.#view = vscode.window.createTreeView("handrail.system", { treeDataProvider: this });
  }

  refresh(): void {
    this.#changed.fire();
  }

  getTreeItem(node: SystemNode): vscode.TreeItem {
    return toItem(this.#row(node), node);
  }

  getChildren(node?: SystemNode): SystemNode[] {
    if (!node) {
      return this.#snapshots.all.map((snapshot) => ({
        ...{ kind: "snapshot", snapshot, lsid: snapshot.lsid },
      }));
    }
    const { snapshot, lsid } = node;
    const base = { snapshot, lsid };
    switch (node.kind) {
      case "snapshot":
        return snapshot.readings.map((reading) => ({ ...base, kind: "category", reading }));
      case "category":
        return this.#partsOf(node.reading).map((part) => ({ ...base, ...part }));
      case "list":
        return node.list.rows.map((row, index) => ({
          ...{ ...base, kind: "row", row, list: node.list.name },
          id: `${node.of}:${node.list.name}:${index}`,
        }));
      case "fact":
      case "row":
        return [];
    }
  }

  /** The node as plain text, to be copied. */
  textOf(node: SystemNode): string {
    switch (node.kind) {
      case "snapshot":
        return linesOf(node.snapshot.readings, this.#words);
      case "category":
        return linesOf([node.reading], this.#words);
      case "fact":
        return node.text;
      case "list":
        return node.list.rows.map((row) => rowText(row, this.#words)).join("\n");
      case "row":
        return rowText(node.row, this.#words);
    }
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }

  #partsOf({ category, answer }: Reading) {
    if (answer.answer === "failed") return [];
    const { facts, lists } = answer.report;
    return [
      ...Object.entries(facts).map(([field, value]) => ({
        ...{ kind: "fact" as const, of: category, field },
        text: valueText(field, value, this.#words),
      })),
      ...lists.map((list) => ({ kind: "list" as const, of: category, list })),
    ];
  }

  #row(node: SystemNode): Row {
    const { snapshot } = node;
    switch (node.kind) {
      case "snapshot":
        return this.#snapshotRow(snapshot);
      case "category":
        return this.#categoryRow(snapshot, node.reading);
      case "fact": {
        const label = this.#words.field(node.field);
        const spoken = joined(label, node.text);
        return leaf(`${snapshot.id}:${node.of}:${node.field}`, label, node.text, spoken);
      }
      case "list": {
        const { name, rows, omitted } = node.list;
        const count = String(rows.length + omitted);
        const label = this.#words.list(name);
        return {
          ...leaf(`${snapshot.id}:${node.of}:list:${name}`, label, count, joined(label, count)),
          icon: "list-unordered",
          ...(rows.length > 0 ? { children: "closed" as const } : {}),
        };
      }
      case "row": {
        const [first = "", ...others] = rowText(node.row, this.#words).split(" · ");
        const rest = joined(...others);
        const context = contexts[node.list] ?? "system:value";
        return { ...leaf(`${snapshot.id}:${node.id}`, first, rest, joined(first, rest)), context };
      }
    }
  }

  #snapshotRow({ id, computer, customer, takenAt, isStart }: Snapshot): Row {
    const time = timeText(takenAt, this.#words.language);
    const when = isStart ? joined(vscode.l10n.t("start of the session"), time) : time;
    return {
      id: `system:${id}`,
      label: computer || customer,
      description: when,
      tooltip: [this.#words.title(computer || customer), customer, when].join("\n"),
      spoken: joined(this.#words.title(computer || customer), when),
      icon: isStart ? "history" : "device-desktop",
      context: "system:snapshot",
      children: "closed",
    };
  }

  #categoryRow({ id }: Snapshot, { category, answer }: Reading): Row {
    const label = this.#words.category(category);
    const isThere = answer.answer === "report";
    const description = isThere ? "" : this.#words.failed(category, answer.reason);
    return {
      id: `system:${id}:${category}`,
      label,
      description,
      spoken: joined(label, description),
      icon: icons[category] ?? "info",
      context: "system:category",
      ...(isThere ? { children: "closed" as const } : {}),
    };
  }
}

function leaf(id: string, label: string, description: string, spoken: string): Row {
  return {
    ...{ id: `system:${id}`, label, description, spoken },
    ...{ tooltip: joined(label, description), icon: "circle-small", context: "system:value" },
  };
}
