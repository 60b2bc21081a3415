import * as vscode from "vscode";
import { codeText } from "../error-text.ts";
import type { Account } from "../site/account.ts";
import type { Connection } from "../site/connection.ts";
import type { LinkState } from "../site/reconnect.ts";
import type { Board } from "./board.ts";
import { statusText } from "./representative-tree.ts";

interface Shown {
  readonly text: string;
  readonly tooltip: string;
  readonly command: string;
  readonly warning?: boolean;
}

/** The item in the status bar: which site, whether connected, how many wait. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #account: Account;
  readonly #link: Connection;
  readonly #board: Board;
  readonly #subscriptions: { dispose(): void }[];

  constructor(account: Account, link: Connection, board: Board) {
    this.#account = account;
    this.#link = link;
    this.#board = board;
    this.#item = vscode.window.createStatusBarItem(
      "handrail.status",
      vscode.StatusBarAlignment.Left,
      10,
    );
    this.#item.name = "Handrail";
    this.#subscriptions = [
      this.#item,
      board.changed.on(() => this.refresh()),
      account.onDidChange(() => this.refresh()),
    ];
    this.refresh();
    this.#item.show();
  }

  refresh(): void {
    const current = this.#account.current;
    const shown = current
      ? this.#connected(new URL(current.site.origin).host, this.#link.state)
      : signedOut();
    this.#item.text = shown.text;
    this.#item.tooltip = shown.tooltip;
    this.#item.command = shown.command;
    this.#item.accessibilityInformation = { label: shown.tooltip };
    this.#item.backgroundColor = shown.warning
      ? new vscode.ThemeColor("statusBarItem.warningBackground")
      : undefined;
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  #connected(host: string, state: LinkState): Shown {
    const command = "handrail.showMenu";
    switch (state.phase) {
      case "online":
        return this.#online(host);
      case "refused":
        return {
          text: `$(warning) ${host}`,
          tooltip: vscode.l10n.t("Handrail, {0}: {1}", host, codeText(state.code)),
          command,
          warning: true,
        };
      case "off":
      case "opening":
      case "waiting":
        return {
          text: `$(sync~spin) ${host}`,
          tooltip: vscode.l10n.t("Handrail, {0}: connecting", host),
          command,
        };
    }
  }

  #online(host: string): Shown {
    const waiting = this.#board.waiting.length;
    const me = this.#board.representatives.find(({ id }) => id === this.#board.self?.id);
    const status = statusText(me?.status ?? "available");
    return {
      text: `$(vm-connect) ${host}${waiting > 0 ? ` $(bell-dot) ${waiting}` : ""}`,
      tooltip: vscode.l10n.t("Handrail, {0}: online, {1}, {2} waiting", host, status, waiting),
      command: "handrail.showMenu",
    };
  }
}

function signedOut(): Shown {
  return {
    text: `$(vm-connect) ${vscode.l10n.t("Handrail: sign in")}`,
    tooltip: vscode.l10n.t("Handrail: not signed in. Choose this to sign in."),
    command: "handrail.signIn",
  };
}
