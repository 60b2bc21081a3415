import type { Answer, Lsid, SessionView, SurveyQuestion } from "@handrail/protocol";
import * as vscode from "vscode";
import { explaining } from "../error-text.ts";
import { messageText } from "../message-text.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Connection } from "../site/connection.ts";

const best = 5;

/** What representatives are asked after a session: offered once, and nobody has to answer. */
export class Survey {
  readonly #link: Connection;
  readonly #offered = new Set<Lsid>();

  constructor(link: Connection) {
    this.#link = link;
  }

  /** A session that this representative was in is over. */
  async offer(session: SessionView): Promise<void> {
    const { lsid } = session;
    if (this.#offered.has(lsid)) return;
    this.#offered.add(lsid);
    const { questions } = await this.#link.call("survey.list", {});
    if (questions.length === 0) return;
    const answer = vscode.l10n.t("Answer");
    const skip = vscode.l10n.t("Skip");
    const text =
      questions.length === 1
        ? vscode.l10n.t("One question about the session with {0}", customerName(session))
        : vscode.l10n.t(
            "{0} questions about the session with {1}",
            String(questions.length),
            customerName(session),
          );
    const chosen = await vscode.window.showInformationMessage(messageText(text), answer, skip);
    if (chosen !== answer) return;
    const answers = await askAll(questions);
    if (answers.length === 0) return;
    const before = vscode.l10n.t("These questions were answered already.");
    await this.#link.call("survey.answer", { lsid, answers }).catch(explaining("conflict", before));
    vscode.window.setStatusBarMessage(vscode.l10n.t("Thank you, your answers are kept"), 4000);
  }
}

/** One after the other; Escape ends it, and what was answered until then counts. */
async function askAll(questions: readonly SurveyQuestion[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [i, question] of questions.entries()) {
    const place = vscode.l10n.t("Question {0} of {1}", String(i + 1), String(questions.length));
    const value = await ask(question, place);
    if (value === undefined) break;
    if (value !== "") answers.push({ id: question.id, value });
  }
  return answers;
}

/** Empty: no answer to this one; undefined: none to any more. */
async function ask({ text, kind }: SurveyQuestion, title: string): Promise<string | undefined> {
  const placeHolder = vscode.env.language.toLowerCase().startsWith("fr") ? text.fr : text.en;
  if (kind === "text") {
    return vscode.window.showInputBox({
      ...{ title, prompt: placeHolder, ignoreFocusOut: true },
      validateInput: (typed) =>
        typed.length > 2000 ? vscode.l10n.t("This is too long for an answer.") : undefined,
    });
  }
  const none = { label: vscode.l10n.t("No answer"), value: "" };
  const choices = kind === "scale" ? scale() : yesOrNo();
  const options = { title, placeHolder, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick([...choices, none], options))?.value;
}

function scale() {
  return Array.from({ length: best }, (_, i) => {
    const value = String(best - i);
    const ends = [vscode.l10n.t("very good"), vscode.l10n.t("very bad")];
    return { label: value, description: i === 0 ? ends[0] : i === best - 1 ? ends[1] : "", value };
  });
}

function yesOrNo() {
  return [
    { label: vscode.l10n.t("Yes"), value: "yes" },
    { label: vscode.l10n.t("No"), value: "no" },
  ];
}
