import type { ColleagueAsk, ColleagueQuestion } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import type { OpenMessages } from "../open-messages.ts";
import type { Questions } from "./questions.ts";

/** Gives an answer to a colleague; resolves when it is done, also when it is refused. */
export type AnswerColleague = (question: ColleagueQuestion, yes: boolean) => Promise<void>;

/** Puts what colleagues ask to the representative: also to whoever is busy or away. */
export class ColleagueNotice implements vscode.Disposable {
  readonly #questions: Questions;
  readonly #answer: AnswerColleague;
  readonly #subscriptions: readonly { dispose(): void }[];
  readonly #messages: OpenMessages;

  constructor(questions: Questions, messages: OpenMessages, answer: AnswerColleague) {
    this.#questions = questions;
    this.#messages = messages;
    this.#answer = answer;
    this.#subscriptions = [
      questions.asked.on((question) => void this.#put(question)),
      questions.settled.on((question) => messages.settle(question)),
    ];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  async #put(question: ColleagueQuestion): Promise<void> {
    const answer = await this.#messages.add(question, askAnswer(question, false));
    // Closing the message leaves it to the row in the view, and to the time, which means no.
    if (answer === undefined) return;
    if (this.#questions.isOpen(question)) return this.#answer(question, answer);
    const gone = vscode.l10n.t("{0} no longer asks.", question.name);
    void vscode.window.showInformationMessage(messageText(gone));
  }
}

/** Puts a question to the representative: yes or no, undefined when they leave it open. */
export async function askAnswer(
  question: ColleagueQuestion,
  modal: boolean,
): Promise<boolean | undefined> {
  const [yes, no] = answers(question.ask);
  const text = messageText(questionText(question));
  const chosen = await vscode.window.showInformationMessage(text, { modal }, yes, no);
  return chosen === undefined ? undefined : chosen === yes;
}

/** What a colleague asks, as a sentence. */
export function questionText({ ask, name, customer: about }: ColleagueQuestion): string {
  const customer = about.name || vscode.l10n.t("Customer");
  switch (ask) {
    case "join":
      return vscode.l10n.t("{0} asks you into the session with {1}.", name, customer);
    case "watch":
      return vscode.l10n.t("{0} asks you to watch the session with {1}.", name, customer);
    case "take-part":
      return vscode.l10n.t(
        "{0}, who only watches the session with {1}, asks to take part.",
        name,
        customer,
      );
    case "control":
      return vscode.l10n.t(
        "{0} asks you for mouse and keyboard in the session with {1}.",
        name,
        customer,
      );
  }
}

function answers(ask: ColleagueAsk): [yes: string, no: string] {
  if (ask === "control") return [vscode.l10n.t("Hand Over"), vscode.l10n.t("Refuse")];
  if (ask === "take-part") return [vscode.l10n.t("Let Take Part"), vscode.l10n.t("Refuse")];
  return [
    ask === "join" ? vscode.l10n.t("Join") : vscode.l10n.t("Watch"),
    vscode.l10n.t("Decline"),
  ];
}
