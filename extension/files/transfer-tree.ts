import * as vscode from "vscode";
import { joined, type Row, toItem } from "../queue/item.ts";
import { refusalText } from "./refusal-text.ts";
import { nameOf } from "./remote-path.ts";
import type { Transfer, TransferState } from "./transfer.ts";
import type { Transfers } from "./transfers.ts";
import type { Problem } from "./progress.ts";

/** A row of the tree of transfers. */
export type TransferNode =
  | { readonly kind: "transfer"; readonly transfer: Transfer }
  | { readonly kind: "problem"; readonly transfer: Transfer; readonly problem: Problem };

/** The transfer that a command was called for. */
export function transferOf(target: unknown): Transfer | undefined {
  if (typeof target !== "object" || target === null || !("transfer" in target)) return undefined;
  // Only rows of this tree have such a field.
  return (target as TransferNode).transfer;
}

const icons: Readonly<Record<TransferState, string>> = {
  waiting: "clock",
  running: "sync~spin",
  paused: "debug-pause",
  interrupted: "debug-disconnect",
  failed: "warning",
  done: "check",
  cancelled: "circle-slash",
};

/** The view "Transfers": how far each is, how fast it goes, and what did not arrive. */
export class TransferTree implements vscode.TreeDataProvider<TransferNode>, vscode.Disposable {
  readonly view: vscode.TreeView<TransferNode>;
  readonly #transfers: Transfers;
  readonly #bytes: (sizeBytes: number) => string;
  readonly #changed = new vscode.EventEmitter<TransferNode | undefined>();
  readonly #nodes = new WeakMap<Transfer, TransferNode>();
  readonly #subscription: { dispose(): void };

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(transfers: Transfers, bytes: (sizeBytes: number) => string) {
    this.#transfers = transfers;
    this.#bytes = bytes;
    this.view = vscode.window.createTreeView("handrail.transfers", { treeDataProvider: this });
    this.#subscription = transfers.changed.on((transfer) => {
      this.#changed.fire(transfer && this.#nodes.get(transfer));
    });
  }

  getTreeItem(node: TransferNode): vscode.TreeItem {
    return toItem(
      node.kind === "problem" ? problemRow(node) : this.#transferRow(node.transfer),
      node,
    );
  }

  getChildren(node?: TransferNode): TransferNode[] {
    if (!node) return this.#transfers.all.map((transfer) => this.#nodeOf(transfer)).reverse();
    if (node.kind === "problem") return [];
    const { transfer } = node;
    return transfer.progress.problems.map((problem) => ({ kind: "problem", transfer, problem }));
  }

  getParent(node: TransferNode): TransferNode | undefined {
    return node.kind === "problem" ? this.#nodeOf(node.transfer) : undefined;
  }

  async reveal(transfer: Transfer): Promise<void> {
    await this.view.reveal(this.#nodeOf(transfer), { select: true, focus: false });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.view.dispose();
    this.#changed.dispose();
  }

  #nodeOf(transfer: Transfer): TransferNode {
    const known = this.#nodes.get(transfer) ?? { kind: "transfer", transfer };
    this.#nodes.set(transfer, known);
    return known;
  }

  #transferRow(transfer: Transfer): Row {
    const { plan, progress } = transfer;
    const label = transferName(transfer);
    const description = joined(...this.#facts(transfer));
    const way =
      plan.direction === "upload"
        ? vscode.l10n.t("Upload to {0} on {1}", plan.target, plan.computer)
        : vscode.l10n.t("Download from {0} to {1}", plan.computer, plan.target);
    const isOpen = progress.problems.length > 0;
    return {
      ...{ id: `transfer:${plan.id}`, label, description, icon: icons[transfer.state] },
      tooltip: [way, description, progress.current].filter((line) => line !== "").join("\n"),
      spoken: joined(label, way, description),
      context: `transfer:${transfer.state}`,
      ...(isOpen ? { children: "closed" as const } : {}),
    };
  }

  #facts(transfer: Transfer): (string | undefined)[] {
    const { progress, standing, state, bytesPerSecond, leftMs } = transfer;
    const { doneBytes, totalBytes, isCounted } = standing;
    const total = this.#bytes(Math.max(totalBytes, doneBytes));
    const rate = bytesPerSecond === undefined ? undefined : this.#bytes(bytesPerSecond);
    const share = totalBytes === 0 ? 0 : Math.min(doneBytes / totalBytes, 1);
    const isUnderWay = state !== "done" && totalBytes > 0;
    return [
      stateText(transfer),
      isUnderWay && isCounted ? `${Math.floor(share * 100)} %` : undefined,
      isUnderWay ? vscode.l10n.t("{0} of {1}", this.#bytes(doneBytes), total) : undefined,
      state === "done" ? total : undefined,
      rate === undefined ? undefined : vscode.l10n.t("{0}/s", rate),
      leftMs === undefined ? undefined : leftText(leftMs),
      progress.skipped > 0 ? vscode.l10n.t("{0} skipped", progress.skipped) : undefined,
      progress.leftOut > 0 ? vscode.l10n.t("{0} left out", progress.leftOut) : undefined,
      progress.problemCount > 0 ? vscode.l10n.t("{0} failed", progress.problemCount) : undefined,
    ];
  }
}

/** What a transfer is called: what is moved. */
export function transferName({ plan }: Transfer): string {
  const [first = ""] = plan.sources;
  const name = nameOf(first.replaceAll("\\", "/")) || first;
  const others = plan.sources.length - 1;
  return others === 0 ? name : vscode.l10n.t("{0} and {1} more", name, others);
}

function stateText({ state, error }: Transfer): string | undefined {
  switch (state) {
    case "waiting":
      return vscode.l10n.t("waiting");
    case "running":
      return undefined;
    case "paused":
      return vscode.l10n.t("paused");
    case "interrupted":
      return vscode.l10n.t("interrupted, goes on by itself");
    case "failed":
      return error === undefined ? undefined : refusalText(error);
    case "done":
      return vscode.l10n.t("done");
    case "cancelled":
      return vscode.l10n.t("cancelled");
  }
}

function problemRow({ transfer, problem }: TransferNode & { kind: "problem" }): Row {
  const label = problem.names.join("/");
  const description = refusalText(problem.error);
  return {
    ...{ id: `transfer:${transfer.plan.id}:${label}`, label, description, tooltip: description },
    ...{ spoken: joined(label, description), icon: "error", context: "transfer:problem" },
  };
}

function leftText(leftMs: number): string {
  const seconds = Math.max(1, Math.round(leftMs / 1000));
  if (seconds < 60) return vscode.l10n.t("{0} s left", seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return vscode.l10n.t("{0} min left", minutes);
  return vscode.l10n.t("{0} h left", (minutes / 60).toFixed(1));
}
