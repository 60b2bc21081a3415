import { toHandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import { type CommandId, commandIds } from "./command-ids.ts";
import { errorText, isCancelled } from "./error-text.ts";
import type { Log } from "./log.ts";
import { messageText } from "./message-text.ts";
import { UntrustedError } from "./site/trust.ts";

/** What a command does; it gets the row or id it was called for, and all rows that were selected. */
export type CommandHandler = (target?: unknown, selected?: unknown) => unknown;
/** The complete table of commands: a missing one does not compile. */
export type CommandTable = Readonly<Record<CommandId, CommandHandler>>;

/** Registers every command; whatever one throws becomes a message with a way out. */
export function registerCommands(table: CommandTable, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    ...commandIds.map((id) =>
      vscode.commands.registerCommand(id, async (target?: unknown, selected?: unknown) => {
        try {
          return await table[id](target, selected);
        } catch (error) {
          report(error, id, log);
          return undefined;
        }
      }),
    ),
  );
}

/** Tells the representative about an error, in their language, with what they can do about it. */
export function report(error: unknown, during: string, log: Log): void {
  if (isCancelled(error)) return;
  log.error("command.failed", error, { command: during });
  const way = wayOut(error);
  void vscode.window.showErrorMessage(messageText(errorText(error)), way.title).then((chosen) => {
    if (chosen === way.title) void vscode.commands.executeCommand(way.command);
  });
}

function wayOut(error: unknown): { title: string; command: CommandId } {
  if (error instanceof UntrustedError) {
    return { title: vscode.l10n.t("Forget Site"), command: "handrail.forgetSite" };
  }
  switch (toHandrailError(error).code) {
    case "not-authenticated":
    case "account-disabled":
      return { title: vscode.l10n.t("Sign In"), command: "handrail.signIn" };
    case "unavailable":
    case "link-replaced":
      return { title: vscode.l10n.t("Connect Again"), command: "handrail.reconnect" };
    default:
      return { title: vscode.l10n.t("Show Log"), command: "handrail.showLog" };
  }
}
