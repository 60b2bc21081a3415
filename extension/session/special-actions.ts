import {
  type ActionChoice,
  type ActionName,
  type ActionResult,
  type BuiltInAction,
  HandrailError,
  type Lsid,
  permissionOf,
  type SessionView,
} from "@handrail/protocol";
import * as vscode from "vscode";
import type { ElevationDesk } from "../elevation/elevation-desk.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Connection } from "../site/connection.ts";
import type { Conduct } from "./conduct.ts";
import { permit } from "./permit.ts";

/** What special actions need of the console. */
export interface ActionsPlace {
  readonly link: Connection;
  readonly board: Board;
  readonly conduct: Conduct;
  readonly elevations: ElevationDesk;
}

/** Sends Ctrl+Alt+Del to the customer's computer. */
export type SendSecureKeys = () => void;

type Choice = vscode.QuickPickItem & {
  /** None of these: the keys that no program of one's own may press. */
  readonly action?: ActionName;
  readonly title?: string;
};

const names: Readonly<Record<BuiltInAction, () => string>> = {
  lock: () => vscode.l10n.t("Lock the Screen"),
  "log-out": () => vscode.l10n.t("Log the Customer Out"),
  terminal: () => vscode.l10n.t("Open a Terminal on the Customer's Screen"),
  "task-list": () => vscode.l10n.t("Open the List of Programs on the Customer's Screen"),
  reboot: () => vscode.l10n.t("Restart the Computer and Reconnect"),
  elevate: () => vscode.l10n.t("Restart Help with Administrator's Rights"),
};
const icons: Readonly<Record<BuiltInAction, string>> = {
  lock: "lock",
  "log-out": "sign-out",
  terminal: "terminal",
  "task-list": "pulse",
  reboot: "refresh",
  elevate: "shield",
};
/** What the customer is asked about, each time. */
const asked: readonly BuiltInAction[] = ["log-out", "reboot", "elevate"];

/** Special actions: chosen from a list, and done by the customer's client. */
export class SpecialActions {
  readonly #place: ActionsPlace;

  constructor(place: ActionsPlace) {
    this.#place = place;
  }

  /**
   * Offers what may be done in a session, and has it done. @throws HandrailError why it may not
   */
  async choose(lsid: Lsid, sendSecureKeys: SendSecureKeys): Promise<void> {
    const session = this.#session(lsid);
    const { actions: own } = await this.#place.link.call("action.list", { lsid });
    const picked = await vscode.window.showQuickPick(choicesOf(session, own), {
      title: vscode.l10n.t("Special actions for {0}", customerName(session)),
      matchOnDescription: true,
      ignoreFocusOut: true,
    });
    if (!picked) return;
    if (!picked.action) return this.#secureKeys(session, sendSecureKeys);
    if (picked.action === "elevate") return this.#place.elevations.restartClient(lsid);
    await this.#run(lsid, picked.action, picked.title ?? picked.label);
  }

  #secureKeys(session: SessionView, send: SendSecureKeys): void {
    if (this.#place.board.holdsControl(session)) return send();
    const text = vscode.l10n.t("Take mouse and keyboard first.");
    void vscode.window.showInformationMessage(text);
  }

  async #run(lsid: Lsid, action: ActionName, title: string): Promise<void> {
    const { link, conduct } = this.#place;
    const session = this.#session(lsid);
    const customer = customerName(session);
    if (action === "reboot" && !(await sureToRestart(session))) return;
    const permission = permissionOf(action);
    await permit({
      ...{ session, conduct, permission },
      ...(permission === "actions" && { purpose: { kind: "action", action } }),
      title: vscode.l10n.t("Waiting for {0} to allow special actions", customer),
    });
    const result = await conduct.notices.waiting(lsid, title, () =>
      link.call("action.run", { lsid, action }),
    );
    const text = textOf(result, action, { title, customer });
    conduct.notices.tell(lsid, text, result.outcome === "done");
  }

  #session(lsid: Lsid): SessionView {
    const session = this.#place.board.session(lsid);
    if (session?.state === "active" && this.#place.board.takesPart(session)) return session;
    throw new HandrailError("session-ended", "no session of this representative");
  }
}

function choicesOf(session: SessionView, own: readonly ActionChoice[]): Choice[] {
  const asks = vscode.l10n.t("the customer is asked");
  const may = (action: ActionName) => session.permissions[permissionOf(action)] !== "denied";
  const keys: Choice = {
    label: `$(keyboard) ${vscode.l10n.t("Ctrl+Alt+Del")}`,
    description: vscode.l10n.t("with mouse and keyboard"),
  };
  const builtIn = (Object.keys(names) as BuiltInAction[]).filter(may).map((action): Choice => {
    const title = names[action]();
    const description = asked.includes(action) ? asks : "";
    return { label: `$(${icons[action]}) ${title}`, description, action, title };
  });
  const isFrench = vscode.env.language.toLowerCase().startsWith("fr");
  const defined = may("lock") ? own : [];
  const custom = defined.map(({ id, name, platform, asks: isAsked }): Choice => {
    const title = isFrench ? name.fr : name.en;
    const description = [platform, isAsked ? asks : ""].filter(Boolean).join(", ");
    // What an administrator calls it brings no icons with it.
    return { label: title.replaceAll("$(", "$ ("), description, action: id, title };
  });
  if (custom.length === 0) return [keys, ...builtIn];
  const label = vscode.l10n.t("Of this site");
  const separator: Choice = { label, kind: vscode.QuickPickItemKind.Separator };
  return [keys, ...builtIn, separator, ...custom];
}

async function sureToRestart(session: SessionView): Promise<boolean> {
  const computer = session.customer.computer || customerName(session);
  const question = vscode.l10n.t("Restart {0}?", computer);
  const detail = vscode.l10n.t(
    "The customer is asked. The session waits for 30 minutes and goes on when they have logged in again.",
  );
  const restart = vscode.l10n.t("Restart");
  const options = { modal: true, detail };
  return (await vscode.window.showWarningMessage(question, options, restart)) === restart;
}

function textOf(
  { outcome, exitCode, opened }: ActionResult,
  action: ActionName,
  { title, customer }: { title: string; customer: string },
): string {
  switch (outcome) {
    case "done":
      if (action === "reboot") {
        return vscode.l10n.t("The computer of {0} restarts. The session waits for it.", customer);
      }
      return opened === undefined
        ? vscode.l10n.t("{0}: done.", title)
        : vscode.l10n.t("{0}: {1} has been opened.", title, opened);
    case "refused":
      return vscode.l10n.t("{0}: {1} said no.", title, customer);
    case "unavailable":
      return vscode.l10n.t("{0}: this is not possible on the customer's computer.", title);
    case "too-slow":
      return vscode.l10n.t("{0}: it has not ended yet, and goes on.", title);
    case "failed":
      return exitCode === undefined
        ? vscode.l10n.t("{0}: it did not work.", title)
        : vscode.l10n.t("{0}: it did not work (exit code {1}).", title, exitCode);
  }
}
