import type { Pointer } from "../native.ts";
import { type Gtk, handlers } from "./gtk.ts";
import type { Order, Report } from "./message.ts";

type SurveyOrder = NonNullable<Extract<Order, { order: "end" }>["survey"]>;
type Answers = Extract<Report, { report: "survey" }>["answers"];

const WRAP_WORD_CHAR = 2;
const HORIZONTAL = 0;
const GAP = 6;
const MAX_LENGTH = 2000;
/** About what a question takes, and most for all of them, in pixels. */
const rowHeight = 54;
const maxHeight = 340;
const points = ["1", "2", "3", "4", "5"] as const;

/** What the survey needs of the window that it is part of. */
export interface SurveyPlace {
  readonly gtk: Gtk;
  readonly widget: (name: string) => Pointer;
  /** Shows a line of text, hidden while empty. */
  readonly line: (name: string, text: string) => void;
  readonly show: (name: string, isShown: boolean) => void;
  readonly name: (widget: Pointer, name: string) => void;
  readonly answered: (answers: Answers) => void;
}

/** The questions in the last page of the help window; nobody has to answer. */
export class SurveyView {
  readonly #place: SurveyPlace;
  /** How each question is read: empty while it is not answered. */
  readonly #read: { readonly id: string; readonly value: () => string }[] = [];

  /** To be made before the main loop runs, since it makes a handler. */
  constructor(place: SurveyPlace) {
    this.#place = place;
    const send = handlers.signal(() => this.#send());
    place.gtk.connect(place.widget("survey-send"), "clicked", send, null, null, 0);
  }

  ask({ title, send, questions, scale, yesNo }: SurveyOrder): void {
    const { gtk, widget, line, show } = this.#place;
    line("survey-title", title);
    gtk.setButton(widget("survey-send"), send);
    for (const { id, kind, text } of questions) {
      gtk.add(widget("survey-questions"), this.#newLabel(text));
      const value =
        kind === "text"
          ? this.#addEntry(text)
          : this.#addChoice(text, kind === "scale" ? withEnds(scale) : yesNo);
      this.#read.push({ id, value });
    }
    gtk.setMinHeight(widget("survey-scroll"), Math.min(maxHeight, questions.length * rowHeight));
    show("survey", true);
  }

  /** What has become of the answers. */
  tell(text: string): void {
    this.#place.show("survey", false);
    this.#place.line("survey-result", text);
  }

  #send(): void {
    const answers = this.#read
      .map(({ id, value }) => ({ id, value: value().trim() }))
      .filter(({ value }) => value !== "");
    if (answers.length > 0) this.#place.answered(answers);
  }

  #addEntry(question: string): () => string {
    const { gtk, widget, name } = this.#place;
    const entry = gtk.newEntry();
    gtk.setMaxLength(entry, MAX_LENGTH);
    name(entry, question);
    gtk.show(entry);
    gtk.add(widget("survey-questions"), entry);
    return () => gtk.entryText(entry);
  }

  /** Nothing is chosen at first: that is what a button of the group stands for which is not shown. */
  #addChoice(
    question: string,
    choices: readonly { readonly value: string; readonly label: string }[],
  ): () => string {
    const { gtk, widget, name } = this.#place;
    const row = gtk.newBox(HORIZONTAL, GAP);
    const none = gtk.newRadio(null, "");
    gtk.add(row, none);
    const buttons = choices.map(({ value, label }) => {
      const button = gtk.newRadio(none, label);
      name(button, `${question} ${label}`);
      gtk.show(button);
      gtk.add(row, button);
      return { value, button };
    });
    gtk.show(row);
    gtk.add(widget("survey-questions"), row);
    return () => buttons.find(({ button }) => gtk.isChosen(button) !== 0)?.value ?? "";
  }

  #newLabel(text: string): Pointer {
    const { gtk } = this.#place;
    const label = gtk.newLabel(text);
    gtk.setWrap(label, 1);
    gtk.setWrapMode(label, WRAP_WORD_CHAR);
    gtk.setMaxWidth(label, 40);
    gtk.setStart(label, 0);
    gtk.show(label);
    return label;
  }
}

/** From 1 to 5, with what the ends mean. */
function withEnds({ worst, best }: SurveyOrder["scale"]) {
  const meaning: Readonly<Record<string, string>> = { "1": worst, "5": best };
  return points.map((value) => ({
    value,
    label: meaning[value] === undefined ? value : `${value} ${meaning[value]}`,
  }));
}
