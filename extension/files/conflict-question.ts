import { HandrailError, timeText } from "@handrail/protocol";
import * as vscode from "vscode";
import { joined } from "../queue/item.ts";
import type { TransferPlan } from "./transfer-plan.ts";
import type { Choice, Conflict } from "./transfer-run.ts";

/** What is chosen, and whether for the rest of the transfer. */
interface Answer {
  readonly choice: Choice;
  readonly isForAll: boolean;
}

/** Asks what to do where something is in the way: one question at a time, over all transfers. */
export class ConflictQuestion {
  readonly #bytes: (sizeBytes: number) => string;
  /** What was said for all of a transfer. */
  readonly #forAll = new Map<string, Choice>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(bytes: (sizeBytes: number) => string) {
    this.#bytes = bytes;
  }

  /** @throws HandrailError `cancelled` when the person does not say */
  decide(plan: TransferPlan, conflict: Conflict): Promise<Choice> {
    const asked = this.#last.then(() => this.#decide(plan, conflict));
    // The next question comes whatever became of this one.
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  /** The transfer is over. */
  forget(plan: TransferPlan): void {
    this.#forAll.delete(plan.id);
  }

  async #decide(plan: TransferPlan, conflict: Conflict): Promise<Choice> {
    const said = this.#forAll.get(plan.id);
    if (said) return said;
    const answer = await this.#ask(plan, conflict);
    if (!answer) throw new HandrailError("cancelled", "nothing was chosen");
    if (answer.isForAll) this.#forAll.set(plan.id, answer.choice);
    return answer.choice;
  }

  async #ask(plan: TransferPlan, { moved, existing }: Conflict): Promise<Answer | undefined> {
    const about = (each: { sizeBytes: number; modifiedAt: number }) =>
      joined(this.#bytes(each.sizeBytes), timeText(each.modifiedAt, vscode.env.language));
    const answers: (vscode.QuickPickItem & Answer)[] = [
      ...this.#answers(false, existing.isFolder),
      ...this.#answers(true, existing.isFolder),
    ];
    return vscode.window.showQuickPick(answers, {
      title: vscode.l10n.t(
        "{0} is already in {1}",
        moved.names.at(-1) ?? "",
        [plan.target, ...moved.names.slice(0, -1)].join("/"),
      ),
      placeHolder: vscode.l10n.t("There: {0}. New: {1}", about(existing), about(moved)),
      ignoreFocusOut: true,
    });
  }

  #answers(isForAll: boolean, isFolder: boolean): (vscode.QuickPickItem & Answer)[] {
    const replace = isForAll ? vscode.l10n.t("Replace All") : vscode.l10n.t("Replace");
    const skip = isForAll ? vscode.l10n.t("Skip All") : vscode.l10n.t("Skip");
    const both = isForAll ? vscode.l10n.t("Keep All of Both") : vscode.l10n.t("Keep Both");
    return [
      // A file never takes the place of a folder.
      ...(isFolder ? [] : [{ label: replace, choice: "replace" as const, isForAll }]),
      { label: skip, choice: "skip", isForAll },
      { label: both, choice: "keep-both", isForAll },
    ];
  }
}
