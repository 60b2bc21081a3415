import { HandrailError, type Lsid, type SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import { messageText } from "../message-text.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Conduct } from "../session/conduct.ts";
import { reachOf } from "../session/reach.ts";
import type { Connection } from "../site/connection.ts";
import { pickSession } from "../target.ts";
import { ShellTerminal } from "./shell-terminal.ts";

/** The terminal profile of the manifest. */
const profileId = "handrail.shell";

/** What shells need of the console. */
export interface ShellsPlace {
  readonly link: Connection;
  readonly board: Board;
  readonly conduct: Conduct;
  readonly clock: Clock;
}

/** The terminals with shells on customers' computers, several for a session if need be. */
export class Shells implements vscode.TerminalProfileProvider, vscode.Disposable {
  readonly #place: ShellsPlace;
  readonly #open = new Map<ShellTerminal, { lsid: Lsid; number: number }>();
  readonly #registration: vscode.Disposable;

  constructor(place: ShellsPlace) {
    this.#place = place;
    this.#registration = vscode.window.registerTerminalProfileProvider(profileId, this);
  }

  /**
   * Opens a terminal with a shell of a session, asking the customer where that is needed.
   * @throws HandrailError `customer-refused`, `not-permitted`, `customer-away`, `session-ended`
   */
  async open(lsid: Lsid): Promise<void> {
    vscode.window.createTerminal(await this.#prepare(lsid)).show();
  }

  /** For VS Code's own menu of terminals. */
  async provideTerminalProfile(): Promise<vscode.TerminalProfile | undefined> {
    const title = vscode.l10n.t("On which customer's computer?");
    const lsid = await pickSession(this.#place.board.mine, title);
    return lsid && new vscode.TerminalProfile(await this.#prepare(lsid));
  }

  dispose(): void {
    this.#registration.dispose();
    for (const terminal of [...this.#open.keys()]) terminal.close();
  }

  async #prepare(lsid: Lsid): Promise<vscode.ExtensionTerminalOptions> {
    await this.#permit(this.#session(lsid));
    const session = this.#session(lsid);
    const number = this.#freeNumber(lsid);
    const name = `${session.customer.computer || customerName(session)} ${number}`;
    const terminal: ShellTerminal = new ShellTerminal(
      name,
      {
        openChannel: () => this.#place.link.open("shell", lsid),
        reach: () => reachOf(lsid, this.#place),
        clock: this.#place.clock,
      },
      () => this.#open.delete(terminal),
    );
    this.#open.set(terminal, { lsid, number });
    return {
      name,
      pty: terminal,
      iconPath: new vscode.ThemeIcon("remote"),
      color: new vscode.ThemeColor("terminal.ansiMagenta"),
    };
  }

  async #permit(session: SessionView): Promise<void> {
    const state = session.permissions.shell;
    if (state === "granted") return;
    if (state === "denied") throw new HandrailError("not-permitted", "policy denies a shell");
    if (!session.customerConnected) throw new HandrailError("customer-away", "nobody to ask");
    const title = vscode.l10n.t("Waiting for {0} to allow a shell", customerName(session));
    const granted = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: messageText(title) },
      () => this.#place.conduct.request(session.lsid, "shell"),
    );
    if (!granted) throw new HandrailError("customer-refused", "the customer allows no shell");
  }

  #session(lsid: Lsid): SessionView {
    const session = this.#place.board.session(lsid);
    if (session?.state === "active" && this.#place.board.takesPart(session)) return session;
    throw new HandrailError("session-ended", "no session of this representative");
  }

  /** The lowest that no open terminal of the session has. */
  #freeNumber(lsid: Lsid): number {
    const all = [...this.#open.values()].filter((each) => each.lsid === lsid);
    const used = new Set(all.map(({ number }) => number));
    let free = 1;
    while (used.has(free)) free++;
    return free;
  }
}
