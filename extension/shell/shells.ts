import { HandrailError, type Lsid, type SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Conduct } from "../session/conduct.ts";
import { permit } from "../session/permit.ts";
import { reachOf } from "../session/reach.ts";
import type { Connection } from "../site/connection.ts";
import { pickSession } from "../target.ts";
import type { ElevationDesk } from "../elevation/elevation-desk.ts";
import { ShellTerminal } from "./shell-terminal.ts";

/** The terminal profiles of the manifest. */
const profileId = "handrail.shell";
const elevatedProfileId = "handrail.elevatedShell";

/** What shells need of the console. */
export interface ShellsPlace {
  readonly link: Connection;
  readonly board: Board;
  readonly conduct: Conduct;
  readonly clock: Clock;
  readonly elevations: ElevationDesk;
}

/** The terminals with shells on customers' computers, several for a session if need be. */
export class Shells implements vscode.TerminalProfileProvider, vscode.Disposable {
  readonly #place: ShellsPlace;
  readonly #open = new Map<ShellTerminal, { lsid: Lsid; number: number }>();
  readonly #registration: vscode.Disposable;

  constructor(place: ShellsPlace) {
    this.#place = place;
    this.#registration = vscode.Disposable.from(
      vscode.window.registerTerminalProfileProvider(profileId, this),
      vscode.window.registerTerminalProfileProvider(elevatedProfileId, {
        provideTerminalProfile: () => this.#profile(true),
      }),
    );
  }

  /**
   * Opens a terminal with a shell of a session, asking the customer where that is needed.
   * @throws HandrailError `customer-refused`, `not-permitted`, `customer-away`, `session-ended`
   */
  async open(lsid: Lsid): Promise<void> {
    vscode.window.createTerminal(await this.#prepare(lsid)).show();
  }

  /** The same with an administrator's rights. @throws as `open`, and `cancelled` */
  async openElevated(lsid: Lsid): Promise<void> {
    vscode.window.createTerminal(await this.#prepare(lsid, true)).show();
  }

  /** For VS Code's own menu of terminals. */
  provideTerminalProfile(): Promise<vscode.TerminalProfile | undefined> {
    return this.#profile(false);
  }

  async #profile(isElevated: boolean): Promise<vscode.TerminalProfile | undefined> {
    const title = vscode.l10n.t("On which customer's computer?");
    const lsid = await pickSession(this.#place.board.mine, title);
    return lsid && new vscode.TerminalProfile(await this.#prepare(lsid, isElevated));
  }

  dispose(): void {
    this.#registration.dispose();
    for (const terminal of [...this.#open.keys()]) terminal.close();
  }

  async #prepare(lsid: Lsid, isElevated = false): Promise<vscode.ExtensionTerminalOptions> {
    const asked = this.#session(lsid);
    const title = vscode.l10n.t("Waiting for {0} to allow a shell", customerName(asked));
    await permit({ session: asked, permission: "shell", conduct: this.#place.conduct, title });
    // Where the help has the rights already, an ordinary shell has them too, and says so.
    const isWanting = isElevated && asked.customer.isElevated !== true;
    const rights = isWanting
      ? await this.#place.elevations.get(lsid, { purpose: "shell" })
      : undefined;
    const session = this.#session(lsid);
    const number = this.#freeNumber(lsid);
    const name = `${session.customer.computer || customerName(session)} ${number}`;
    const terminal: ShellTerminal = new ShellTerminal(
      name,
      {
        openChannel: () => this.#place.link.open("shell", lsid),
        reach: () => reachOf(lsid, this.#place),
        clock: this.#place.clock,
        grant: rights?.grant,
        givenTo: () => this.#place.conduct.given.toWhom(lsid),
      },
      () => {
        this.#open.delete(terminal);
        rights?.dispose();
      },
    );
    this.#open.set(terminal, { lsid, number });
    return {
      name,
      pty: terminal,
      iconPath: new vscode.ThemeIcon(rights ? "shield" : "remote"),
      color: new vscode.ThemeColor(rights ? "terminal.ansiRed" : "terminal.ansiMagenta"),
    };
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
