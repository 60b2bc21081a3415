import {
  HandrailError,
  type Lsid,
  rowText,
  serviceNameShape,
  type ServiceVerb,
  type SessionView,
  type SystemAct,
  type SystemCategory,
  type SystemFields,
  type SystemOutcome,
  type SystemWords,
} from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import { customerName } from "../queue/queue-tree.ts";
import { permit } from "../session/permit.ts";
import { withProgress } from "../site/sign-in.ts";
import { act } from "./act.ts";
import { readAll } from "./reader.ts";
import type { SystemPlace } from "./system-desk.ts";

/** A process as the list of processes had it. */
type SeenProcess = Pick<
  Extract<SystemAct, { act: "end-process" }>,
  "processId" | "startedAt" | "name"
>;

/** What a representative does to programs and services of a customer's computer. */
export class SystemActs {
  readonly #place: SystemPlace;
  readonly #words: SystemWords;

  constructor(place: SystemPlace, words: SystemWords) {
    this.#place = place;
    this.#words = words;
  }

  /**
   * Ends a program, of the row that was chosen or of a list that is read now; asks before, and once
   * more before it is killed. @throws HandrailError why it may not, or cannot be reached
   */
  async endProcess(lsid: Lsid, row: SystemFields | undefined): Promise<void> {
    const title = vscode.l10n.t("End which program?");
    const found = row ?? (await this.#choose(lsid, "processes", title));
    const seen = found && processOf(found);
    if (!seen) return;
    const name = `${seen.name} (${seen.processId})`;
    const question = vscode.l10n.t("End {0} on {1}?", name, this.#computer(lsid));
    const detail = vscode.l10n.t(
      "The program is asked to end. What is not saved in it may be lost.",
    );
    if (!(await sure(question, detail, vscode.l10n.t("End Program")))) return;
    const wanted = { act: "end-process", ...seen } as const;
    const first = await this.#do(lsid, { ...wanted, isForced: false }, name);
    if (first !== "alive") return;
    const still = vscode.l10n.t("{0} does not end. Kill it?", name);
    const loss = vscode.l10n.t("It cannot save anything then.");
    if (!(await sure(still, loss, vscode.l10n.t("Kill Program")))) return;
    await this.#do(lsid, { ...wanted, isForced: true }, name);
  }

  /** Starts, stops or restarts a service, as `endProcess`. */
  async service(lsid: Lsid, verb: ServiceVerb, row: SystemFields | undefined): Promise<void> {
    const titles = {
      start: vscode.l10n.t("Start which service?"),
      stop: vscode.l10n.t("Stop which service?"),
      restart: vscode.l10n.t("Restart which service?"),
    };
    const found = row ?? (await this.#choose(lsid, "services", titles[verb]));
    const service = serviceNameShape.safeParse(found?.["name"]).data;
    if (!service) return;
    const computer = this.#computer(lsid);
    const questions = {
      start: vscode.l10n.t("Start the service {0} on {1}?", service, computer),
      stop: vscode.l10n.t("Stop the service {0} on {1}?", service, computer),
      restart: vscode.l10n.t("Restart the service {0} on {1}?", service, computer),
    };
    const actions = {
      start: vscode.l10n.t("Start Service"),
      stop: vscode.l10n.t("Stop Service"),
      restart: vscode.l10n.t("Restart Service"),
    };
    const detail = vscode.l10n.t("The customer may be asked for a password by their own system.");
    if (!(await sure(questions[verb], detail, actions[verb]))) return;
    await this.#do(lsid, { act: verb, service }, service);
  }

  async #do(lsid: Lsid, wanted: SystemAct, name: string): Promise<SystemOutcome> {
    const { link, conduct } = this.#place;
    const session = this.#session(lsid);
    const customer = customerName(session);
    await permit({
      ...{ session, conduct, permission: "system-act" },
      purpose: { kind: "system-act", wanted },
      title: vscode.l10n.t("Waiting for {0} to allow ending programs and services", customer),
    });
    // What has begun cannot be called back: there is nothing to cancel.
    const { signal } = new AbortController();
    const { outcome, said } = await conduct.notices.waiting(lsid, name, () =>
      act(link.open("system-act", lsid), wanted, { signal }),
    );
    if (outcome !== "alive") {
      const text = outcome === "done" ? doneText(wanted, name) : outcomeText(outcome, name);
      const told = [text, said].filter(Boolean).join(" ");
      conduct.notices.tell(lsid, told, outcome === "done");
    }
    return outcome;
  }

  /** Has a list read now and one of its rows chosen; undefined when nobody chose one. */
  async #choose(
    lsid: Lsid,
    category: Extract<SystemCategory, "processes" | "services">,
    title: string,
  ): Promise<SystemFields | undefined> {
    const { link, conduct } = this.#place;
    const session = this.#session(lsid);
    const customer = customerName(session);
    await permit({
      ...{ session, conduct, permission: "system" },
      title: vscode.l10n.t("Waiting for {0} to allow reading the computer", customer),
    });
    const name = this.#words.category(category);
    const [reading] = await withProgress(name, (_report, signal) =>
      readAll(link.open("system", lsid), {
        ...{ begins: () => undefined, signal, categories: [category] },
      }),
    );
    if (reading?.answer.answer !== "report") {
      const because = reading?.answer.answer === "failed" ? reading.answer.reason : "unavailable";
      conduct.notices.tell(lsid, this.#words.failed(category, because), false);
      return undefined;
    }
    const rows = reading.answer.report.lists[0]?.rows ?? [];
    // What holds no memory is a thread of the kernel, or has ended already.
    const programs = rows.filter(({ memoryBytes }) => memoryBytes !== 0);
    const items = programs.map((row) => ({
      label: String(row["name"] ?? "?"),
      description: rowText(row, this.#words),
      row,
    }));
    const options = { title, matchOnDescription: true, ignoreFocusOut: true };
    return (await vscode.window.showQuickPick(items, options))?.row;
  }

  #computer(lsid: Lsid): string {
    const session = this.#session(lsid);
    return session.customer.computer || customerName(session);
  }

  #session(lsid: Lsid): SessionView {
    const session = this.#place.board.session(lsid);
    if (session?.state === "active") return session;
    throw new HandrailError("session-ended", "no such session");
  }
}

function processOf(row: SystemFields): SeenProcess | undefined {
  const { processId, startedAt, name } = row;
  if (typeof processId === "number" && typeof startedAt === "number") {
    return { processId, startedAt, name: String(name ?? "?").slice(0, 255) };
  }
  void vscode.window.showWarningMessage(vscode.l10n.t("This program is no longer there."));
  return undefined;
}

async function sure(question: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail };
  const chosen = await vscode.window.showWarningMessage(messageText(question), options, action);
  return chosen === action;
}

/** What has been done, in words. */
function doneText(wanted: SystemAct, name: string): string {
  switch (wanted.act) {
    case "end-process":
      return wanted.isForced
        ? vscode.l10n.t("The program {0} was killed.", name)
        : vscode.l10n.t("The program {0} has ended.", name);
    case "start":
      return vscode.l10n.t("The service {0} was started.", name);
    case "stop":
      return vscode.l10n.t("The service {0} was stopped.", name);
    case "restart":
      return vscode.l10n.t("The service {0} was restarted.", name);
  }
}

function outcomeText(outcome: Exclude<SystemOutcome, "done">, name: string): string {
  switch (outcome) {
    case "alive":
      return vscode.l10n.t("{0} does not end.", name);
    case "gone":
      return vscode.l10n.t("{0} is no longer there.", name);
    case "own":
      return vscode.l10n.t("{0} is the support program itself: end the session instead.", name);
    case "forbidden":
      return vscode.l10n.t("{0}: the customer's rights do not suffice for this.", name);
    case "no-service":
      return vscode.l10n.t("{0}: this computer has no such service.", name);
    case "no-systemd":
      return vscode.l10n.t("The services of this computer are not run by systemd.");
    case "too-slow":
      return vscode.l10n.t("{0}: it took too long.", name);
    case "failed":
      return vscode.l10n.t("{0}: it did not work.", name);
  }
}
