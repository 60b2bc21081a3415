import { createHash } from "node:crypto";
import {
  HandrailError,
  type Lsid,
  type Permission,
  type ScriptSource,
  type SessionView,
} from "@handrail/protocol";
import * as vscode from "vscode";
import { explaining } from "../error-text.ts";
import type { ElevationDesk } from "../elevation/elevation-desk.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Conduct } from "../session/conduct.ts";
import { mustNotBeDenied, permit } from "../session/permit.ts";
import type { Connection } from "../site/connection.ts";
import { followRun, type RunEnd, type RunListener } from "./script-run.ts";

/** What running scripts needs of the console. */
export interface ScriptPlace {
  readonly link: Connection;
  readonly board: Board;
  readonly conduct: Conduct;
  readonly elevations: ElevationDesk;
}

/** What is to be run, and what the customer must have allowed for it besides scripts. */
export interface Wanted {
  readonly source: ScriptSource;
  /** What the customer reads that it is called. */
  readonly name: string;
  readonly needs: readonly Permission[];
  /** SHA-256 in hex, of a canned script's document or of the text: rights are for that alone. */
  readonly sha256: string;
  /** With an administrator's rights, which are asked for each time. */
  readonly isElevated?: boolean;
}

/** Runs scripts on customers' computers, asking them where that is needed. */
export class ScriptDesk {
  readonly #place: ScriptPlace;

  constructor(place: ScriptPlace) {
    this.#place = place;
  }

  /** Sessions in which scripts can be run. */
  get sessions(): readonly SessionView[] {
    return this.#place.board.mine;
  }

  /** A session of this representative that goes on. @throws HandrailError `session-ended` */
  session(lsid: Lsid): SessionView {
    const session = this.#place.board.session(lsid);
    if (session?.state === "active" && this.#place.board.takesPart(session)) return session;
    throw new HandrailError("session-ended", "no session of this representative");
  }

  /**
   * Runs something in a session, to its end; cancels it when the signal is aborted.
   * @throws HandrailError `customer-refused`, `not-permitted`, `customer-away`, `session-ended`, and
   *   why the channel ended before the script did
   */
  async run(
    lsid: Lsid,
    { source, name, needs, sha256, isElevated }: Wanted,
    { listener, signal }: { listener: RunListener; signal: AbortSignal },
  ): Promise<RunEnd> {
    const all = ["scripts", ...needs] as const;
    for (const permission of all) mustNotBeDenied(this.session(lsid), permission);
    const { link } = this.#place;
    const faulty = vscode.l10n.t("The script has a macro that does not exist.");
    // Where the help has the rights already, whatever runs there has them too.
    const isWanting = isElevated === true && this.session(lsid).customer.isElevated !== true;
    const script = { name, needs, sha256 };
    const rights = isWanting
      ? await this.#place.elevations.get(lsid, { purpose: "script", script })
      : undefined;
    try {
      // With rights, the one question for these has asked for all of it.
      for (const permission of all) await this.#permit(this.session(lsid), permission);
      const grant = rights && { grant: rights.grant };
      const { run } = await link
        .call("script.prepare", { lsid, source, ...grant })
        .catch(explaining("bad-request", faulty));
      return await followRun(link.open("script", lsid, run), listener, signal);
    } finally {
      rights?.dispose();
    }
  }

  /** Keeps a note with a session. @throws HandrailError `not-found`, `disk-full` */
  async keepNote(lsid: Lsid, note: { title: string; text: string }): Promise<void> {
    await this.#place.link.call("note.keep", { lsid, note });
  }

  async #permit(session: SessionView, permission: Permission): Promise<void> {
    const name = customerName(session);
    const title =
      permission === "scripts"
        ? vscode.l10n.t("Waiting for {0} to allow scripts", name)
        : vscode.l10n.t("Waiting for {0} to allow what the script needs", name);
    await permit({ session, permission, conduct: this.#place.conduct, title });
  }
}

/** As the appliance hashes what somebody has written. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
