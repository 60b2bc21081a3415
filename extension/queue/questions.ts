import type { ColleagueQuestion, ColleagueQuestionKey } from "@handrail/protocol";
import { Signal } from "../signal.ts";

/** What colleagues are asking this representative: filled by an overview, kept by notices. */
export class Questions {
  /** A colleague asks something. */
  readonly asked = new Signal<ColleagueQuestion>();
  /** A question is answered, withdrawn or too old. */
  readonly settled = new Signal<ColleagueQuestion>();
  readonly #open = new Map<string, ColleagueQuestion>();

  /** Those whose answer is still wanted, in the order in which they were asked. */
  get open(): readonly ColleagueQuestion[] {
    return [...this.#open.values()];
  }

  /** Whether an answer is still wanted. */
  isOpen(question: ColleagueQuestionKey): boolean {
    return this.#open.has(nameOf(question));
  }

  /** The link is new: those that were put before are not put again. */
  begin(questions: readonly ColleagueQuestion[]): void {
    const names = new Set(questions.map(nameOf));
    for (const [name, question] of this.#open) if (!names.has(name)) this.remove(question);
    for (const question of questions) this.put(question);
  }

  put(question: ColleagueQuestion): void {
    const name = nameOf(question);
    const isNew = !this.#open.has(name);
    this.#open.set(name, question);
    if (isNew) this.asked.fire(question);
  }

  remove(key: ColleagueQuestionKey): void {
    const question = this.#open.get(nameOf(key));
    if (!question) return;
    this.#open.delete(nameOf(key));
    this.settled.fire(question);
  }
}

function nameOf({ lsid, ask, from }: ColleagueQuestionKey): string {
  return `${lsid} ${ask} ${from}`;
}
