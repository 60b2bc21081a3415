import * as vscode from "vscode";
import type { CommandTable } from "./commands.ts";
import type { OutputLog } from "./log.ts";
import { messageText } from "./message-text.ts";
import type { Board } from "./queue/board.ts";
import { statusIcons, statusText } from "./queue/representative-tree.ts";
import type { Settings } from "./settings.ts";
import type { Account } from "./site/account.ts";
import type { Connection } from "./site/connection.ts";
import type { SignIn } from "./site/sign-in.ts";
import type { Sites } from "./site/sites.ts";

/** How long the console's start took, ms. */
export interface StartTimes {
  /** That VS Code waited for. */
  readonly activateMs: number;
  /** Until queues and sessions were there, counted from the activation. */
  readonly overviewMs: number | undefined;
}

/** What the commands about site and account work with. */
export interface SitePlace {
  readonly account: Account;
  readonly sites: Sites;
  readonly signIn: SignIn;
  readonly link: Connection;
  readonly board: Board;
  readonly settings: Settings;
  readonly log: OutputLog;
  readonly startTimes: () => StartTimes;
}

type SiteCommands = Pick<
  CommandTable,
  | "handrail.signIn"
  | "handrail.signOut"
  | "handrail.forgetSite"
  | "handrail.reconnect"
  | "handrail.showMenu"
  | "handrail.setStatus"
  | "handrail.openAdministration"
  | "handrail.showLog"
  | "handrail.showStartTimes"
>;

/** The commands about site and account. */
export function siteCommands(place: SitePlace): SiteCommands {
  const { account, link, log } = place;
  return {
    "handrail.signIn": () => place.signIn.run(place.settings.signInMethod),
    "handrail.signOut": () => signOut(place),
    "handrail.forgetSite": () => forgetSite(place),
    "handrail.reconnect": () => link.hurry(),
    "handrail.showMenu": () => showMenu(place),
    "handrail.setStatus": () => setStatus(place),
    "handrail.openAdministration": () => openAdministration(account),
    "handrail.showLog": () => log.show(),
    "handrail.showStartTimes": () => showStartTimes(place.startTimes()),
  };
}

function showStartTimes({ activateMs, overviewMs }: StartTimes): StartTimes {
  const overview = overviewMs === undefined ? "–" : String(overviewMs);
  const text = vscode.l10n.t(
    "Activated in {0} ms, queues shown after {1} ms.",
    activateMs,
    overview,
  );
  void vscode.window.showInformationMessage(messageText(text));
  return { activateMs, overviewMs };
}

/** Signs out, leaving running sessions before. False when the person thinks better of it. */
async function signOut({ account, board, link, log }: SitePlace): Promise<boolean> {
  const sessions = link.state.phase === "online" ? board.mine : [];
  if (sessions.length > 0 && !(await reallySignsOut(sessions.length))) return false;
  for (const { lsid } of sessions) {
    try {
      // Else the customer would see this person as helping until the appliance misses them.
      await link.call("session.leave", { lsid });
    } catch (error) {
      log.error("session.leave-failed", error, { lsid });
    }
  }
  await account.signOut();
  return true;
}

async function reallySignsOut(sessions: number): Promise<boolean> {
  const action = vscode.l10n.t("Sign Out");
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("Sign out while sessions are running? You leave all of them: {0}.", sessions),
    {
      modal: true,
      detail: vscode.l10n.t(
        "Where you are the only representative, the customer waits in the queue until somebody accepts.",
      ),
    },
    action,
  );
  return chosen === action;
}

async function forgetSite(place: SitePlace): Promise<void> {
  const { account, sites } = place;
  const site = account.current?.site ?? (await sites.choose());
  if (site && (await signOut(place))) await sites.forget(site);
}

async function openAdministration(account: Account): Promise<void> {
  const site = account.current?.site;
  if (site) await vscode.env.openExternal(vscode.Uri.parse(`${site.origin}/login`, true));
}

async function setStatus({ link }: SitePlace): Promise<void> {
  const statuses = ["available", "busy", "away"] as const;
  const picked = await vscode.window.showQuickPick(
    statuses.map((status) => ({
      label: `$(${statusIcons[status]}) ${statusText(status)}`,
      status,
    })),
    { title: vscode.l10n.t("How shall colleagues see you?") },
  );
  if (picked) await link.call("presence.set", { status: picked.status });
}

async function showMenu({ account, link }: SitePlace): Promise<void> {
  const isOnline = link.state.phase === "online";
  const entries = [
    {
      label: `$(key) ${vscode.l10n.t("Create Session Key")}`,
      command: "handrail.key.create",
      shown: isOnline,
    },
    {
      label: `$(account) ${vscode.l10n.t("Accept Session")}`,
      command: "handrail.session.accept",
      shown: isOnline,
    },
    {
      label: `$(circle-filled) ${vscode.l10n.t("Set Status")}`,
      command: "handrail.setStatus",
      shown: isOnline,
    },
    {
      label: `$(refresh) ${vscode.l10n.t("Connect Again")}`,
      command: "handrail.reconnect",
      shown: !isOnline,
    },
    {
      label: `$(output) ${vscode.l10n.t("Show Log")}`,
      command: "handrail.showLog",
      shown: true,
    },
    {
      label: `$(sign-out) ${vscode.l10n.t("Sign Out")}`,
      command: "handrail.signOut",
      shown: true,
    },
  ];
  const host = account.current ? new URL(account.current.site.origin).host : "Handrail";
  const { state } = link;
  const isRefused = state.phase === "refused";
  const picked = await vscode.window.showQuickPick(
    entries.filter(({ shown }) => shown),
    { title: isRefused ? vscode.l10n.t("{0}: not connected", host) : host },
  );
  if (picked) await vscode.commands.executeCommand(picked.command);
}
