import type {
  ColleagueQuestion,
  Lsid,
  Permission,
  Purpose,
  QueueId,
  RepresentativeId,
} from "@handrail/protocol";
import { personalQueue, toHandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import { systemClock } from "../clock.ts";
import { explaining } from "../error-text.ts";
import type { Log } from "../log.ts";
import { messageText } from "../message-text.ts";
import type { Board } from "../queue/board.ts";
import { queueName } from "../queue/queue-name.ts";
import { customerName } from "../queue/queue-tree.ts";
import { statusText } from "../queue/representative-tree.ts";
import { Signal } from "../signal.ts";
import type { Connection } from "../site/connection.ts";
import type { Verdict } from "./answered.ts";
import { askNote } from "./ask-note.ts";
import { GivenAway } from "./given-away.ts";
import type { Notices } from "./notices.ts";

/** What a representative does with a session, with the questions that belong to it. */
export class Conduct {
  /** Which permissions the customer is deciding about has changed. */
  readonly askingChanged = new Signal<Lsid>();
  readonly #link: Connection;
  readonly #board: Board;
  readonly #log: Log;
  readonly #asking = new Map<Lsid, Set<Permission>>();
  readonly notices: Notices;
  readonly given: GivenAway;

  constructor(link: Connection, board: Board, log: Log, notices: Notices) {
    this.notices = notices;
    this.#link = link;
    this.#board = board;
    this.#log = log;
    this.given = new GivenAway(board, systemClock);
  }

  /** Permissions that this representative has asked the customer for and waits about. */
  asking(lsid: Lsid): readonly Permission[] {
    return [...(this.#asking.get(lsid) ?? [])];
  }

  /** Accepts a waiting session and asks to see the screen. */
  async accept(lsid: Lsid): Promise<void> {
    const taken = vscode.l10n.t("Another representative has already accepted this session.");
    const session = await this.#link
      .call("session.accept", { lsid })
      .catch(explaining("conflict", taken));
    this.#board.putSession(session);
    // Not awaited: the customer may take a minute to decide, and the tab shows how it stands.
    void this.request(lsid, "view").catch((error: unknown) => {
      this.#log.error("view.request-failed", error, { lsid });
    });
  }

  /** Asks the customer; resolves when they have decided. `purpose`: what for just now. */
  async request(lsid: Lsid, permission: Permission, purpose?: Purpose): Promise<boolean> {
    const { granted } = await this.ask(lsid, permission, purpose);
    return granted;
  }

  /** The same; also says why not, where the customer has said neither yes nor no. */
  async ask(lsid: Lsid, permission: Permission, purpose?: Purpose): Promise<Verdict> {
    const asking = this.#asking.get(lsid) ?? new Set();
    this.#asking.set(lsid, asking.add(permission));
    this.askingChanged.fire(lsid);
    try {
      const wanted = { lsid, permission, ...(purpose && { purpose }) };
      return await this.#link.call("permission.request", wanted);
    } finally {
      asking.delete(permission);
      this.askingChanged.fire(lsid);
    }
  }

  /** Takes mouse and keyboard, asking the customer where the appliance says that it is needed. */
  async takeControl(lsid: Lsid, force: boolean): Promise<void> {
    try {
      await this.#link.call("control.take", { lsid, force });
    } catch (error) {
      if (toHandrailError(error).code !== "customer-refused") throw error;
      if (!(await this.request(lsid, "control"))) throw error;
      await this.#link.call("control.take", { lsid, force });
    }
  }

  /** Asks the colleague who has mouse and keyboard for them, and the customer where need be. */
  async askControl(lsid: Lsid): Promise<void> {
    const holder = this.#board.holderIn(this.#board.session(lsid));
    if (!holder) return this.takeControl(lsid, false);
    const title = vscode.l10n.t("Asking {0} for mouse and keyboard", holder.name);
    const { given } = await waiting(title, this.#callForControl(lsid));
    if (given) return;
    const session = this.#board.session(lsid);
    if (session?.state !== "active") return;
    // Given back in the meantime, and not to anybody.
    if (session.controller === undefined) return this.takeControl(lsid, false);
    const kept = vscode.l10n.t("{0} has not handed over mouse and keyboard.", holder.name);
    void vscode.window.showInformationMessage(messageText(kept));
  }

  /** Answers a colleague; a session that this representative joins is opened. */
  async answerColleague({ lsid, ask, from }: ColleagueQuestion, yes: boolean): Promise<void> {
    const gone = vscode.l10n.t("Your colleague no longer asks.");
    await this.#link
      .call("colleague.answer", { lsid, ask, from, yes })
      .catch(explaining("not-found", gone));
    if (yes && (ask === "join" || ask === "watch")) {
      await vscode.commands.executeCommand("handrail.session.open", lsid);
    }
  }

  async releaseControl(lsid: Lsid): Promise<void> {
    await this.#link.call("control.release", { lsid });
  }

  async setRecording(lsid: Lsid, on: boolean): Promise<void> {
    await this.#link.call(on ? "record.start" : "record.stop", { lsid });
  }

  /** Asks to whom and with which note, and gives the session away. False when the person thinks better of it. */
  async transfer(lsid: Lsid): Promise<boolean> {
    const here = this.#board.session(lsid)?.queue.id;
    const queues = [...this.#board.queues, ...this.#board.otherTeams]
      .filter(({ id }) => id !== here)
      .map((queue) => ({
        ...{ label: queueName(queue), description: "", to: queue.id, isQueue: true },
      }));
    const people = this.#colleagues().map((each) => ({
      ...{ ...each, to: personalQueue(each.id), isQueue: false },
    }));
    const picked = await pick<{ to: QueueId; isQueue: boolean }>(
      vscode.l10n.t("Transfer the session to"),
      [
        { title: vscode.l10n.t("Queues"), items: queues },
        { title: vscode.l10n.t("Representatives"), items: people },
      ],
    );
    if (!picked) return false;
    const { to, isQueue, label } = picked;
    const text = await askNote(vscode.l10n.t("Note for {0}, which may stay empty", label));
    if (text === undefined) return false;
    const withNote = text !== "";
    if (withNote) await this.#link.call("note.keep", { lsid, note: { title: "", text } });
    const gift = { lsid, customer: this.#nameOf(lsid), to: label, isQueue };
    await this.given.give(gift, () => this.#link.call("session.transfer", { lsid, to, withNote }));
    return true;
  }

  /** Asks a colleague in. False when the person thinks better of it. */
  async share(lsid: Lsid): Promise<boolean> {
    const members = this.#board.session(lsid)?.participants ?? [];
    const present = new Set(members.filter(({ observer }) => !observer).map(({ id }) => id));
    const colleagues = this.#colleagues().filter(({ id }) => !present.has(id));
    const picked = await pick<{ id: RepresentativeId }>(vscode.l10n.t("Ask a colleague in"), [
      { title: vscode.l10n.t("Representatives"), items: colleagues },
    ]);
    if (!picked) return false;
    // Who watches already can only be let do more.
    if (members.some(({ id }) => id === picked.id)) return this.#promote(lsid, picked);
    const role = await vscode.window.showQuickPick(
      [
        { label: vscode.l10n.t("Takes part"), observer: false },
        { label: vscode.l10n.t("Only watches"), observer: true },
      ],
      { title: vscode.l10n.t("What may they do?"), ignoreFocusOut: true },
    );
    if (!role) return false;
    const inside = vscode.l10n.t("{0} takes part already, or is being asked.", picked.label);
    const params = { lsid, with: picked.id, observer: role.observer };
    const sharing = this.#link.call("session.share", params).catch(explaining("conflict", inside));
    await waiting(vscode.l10n.t("Asking {0} into the session", picked.label), sharing);
    const session = this.#board.session(lsid);
    const isThere = session?.participants.some(({ id }) => id === picked.id) ?? true;
    if (isThere) return true;
    const declined = vscode.l10n.t("{0} has not joined the session.", picked.label);
    void vscode.window.showInformationMessage(messageText(declined));
    return false;
  }

  /** Who only watches asks to take part. */
  async askPart(lsid: Lsid): Promise<void> {
    const lonely = vscode.l10n.t("No colleague in the session can let you take part now.");
    const asked = this.#link
      .call("session.ask-part", { lsid })
      .catch(explaining("nobody-there", lonely));
    const { given } = await waiting(vscode.l10n.t("Asking to take part"), asked);
    if (given) return;
    this.notices.tell(lsid, vscode.l10n.t("You still only watch: it was not agreed to."), false);
  }

  async #promote(
    lsid: Lsid,
    { id, label }: { id: RepresentativeId; label: string },
  ): Promise<boolean> {
    await this.#link.call("session.share", { lsid, with: id, observer: false });
    this.notices.tell(lsid, vscode.l10n.t("{0} takes part now.", label), true);
    return true;
  }

  /** Leaves. Asks first where the customer would be left alone. */
  async leave(lsid: Lsid): Promise<boolean> {
    const isLast = this.#board.session(lsid)?.participants.length === 1;
    const detail = vscode.l10n.t(
      "You are the only representative. The customer waits in the queue until somebody accepts.",
    );
    const action = vscode.l10n.t("Leave Session");
    const question = vscode.l10n.t("Leave the session with {0}?", this.#nameOf(lsid));
    if (isLast && !(await confirm(question, detail, action))) return false;
    await this.#link.call("session.leave", { lsid });
    return true;
  }

  /** Ends the session, after asking. */
  async end(lsid: Lsid): Promise<boolean> {
    const what = vscode.l10n.t(
      "The customer is disconnected and Handrail removes itself from the customer's computer.",
    );
    const missing = await this.#missing(lsid);
    const detail =
      missing === "" ? what : `${vscode.l10n.t("Not filled in yet: {0}.", missing)} ${what}`;
    const action = vscode.l10n.t("End Session");
    const question = vscode.l10n.t("End the session with {0}?", this.#nameOf(lsid));
    if (!(await confirm(question, detail, action))) return false;
    await this.#link.call("session.end", { lsid });
    return true;
  }

  async #callForControl(lsid: Lsid): Promise<{ given: boolean }> {
    try {
      return await this.#link.call("control.ask", { lsid });
    } catch (error) {
      if (toHandrailError(error).code !== "customer-refused") throw error;
      if (!(await this.request(lsid, "control"))) throw error;
      return this.#link.call("control.ask", { lsid });
    }
  }

  /** Names of the required fields that are empty. */
  async #missing(lsid: Lsid): Promise<string> {
    // While the line is away the answer would only come when it is back.
    if (this.#link.state.phase !== "online") return "";
    const filled = this.#board.session(lsid)?.fields ?? [];
    const { fields } = await this.#link.call("field.list", {}).catch((error: unknown) => {
      // A reminder that cannot be had keeps nobody from ending the session.
      this.#log.error("fields.load-failed", error, { lsid });
      return { fields: [] };
    });
    return fields
      .filter(({ id, isRequired }) => isRequired && !filled.some((each) => each.id === id))
      .map(({ name }) => name)
      .join(", ");
  }

  #nameOf(lsid: Lsid): string {
    const session = this.#board.session(lsid);
    return session ? customerName(session) : vscode.l10n.t("Customer");
  }

  #colleagues() {
    return this.#board.representatives
      .filter(({ online, id }) => online && id !== this.#board.self?.id)
      .map(({ id, name, status }) => ({ id, label: name, description: statusText(status) }));
  }
}

/** Shows that an answer is awaited, in a notification that goes with it. */
function waiting<T>(title: string, answer: Promise<T>): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title: messageText(title) };
  return Promise.resolve(vscode.window.withProgress(options, () => answer));
}

async function confirm(question: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail };
  return (await vscode.window.showWarningMessage(question, options, action)) === action;
}

interface Group<T> {
  readonly title: string;
  readonly items: readonly (T & vscode.QuickPickItem)[];
}

/** A quick pick in groups; says so when there is nothing to choose from. */
async function pick<T>(
  title: string,
  groups: readonly Group<T>[],
): Promise<(T & vscode.QuickPickItem) | undefined> {
  const filled = groups.filter(({ items }) => items.length > 0);
  if (filled.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No other representative is online."));
    return undefined;
  }
  const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const choices: (vscode.QuickPickItem & { choice?: T & vscode.QuickPickItem })[] = filled.flatMap(
    ({ title: group, items }) => [
      separator(group),
      ...items.map((choice) => ({
        label: choice.label,
        description: choice.description ?? "",
        choice,
      })),
    ],
  );
  const picked = await vscode.window.showQuickPick(choices, { title, ignoreFocusOut: true });
  return picked?.choice;
}
