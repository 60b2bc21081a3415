import type { Pointer } from "../native.ts";
import { type Gtk, handlers } from "./gtk.ts";

/** A click or key that was on its way to something else must not close the window, ms. */
export const settleMs = 500;
/** Nor answer: a question is there for so long, and nobody has been writing, ms. */
const quietMs = 1000;

/** The question on show; `answer` runs once. */
export interface Question {
  /** Undefined for one of the window's own, which has no time-out. */
  id: number | undefined;
  seconds: number;
  answer(isAllowed: boolean): void;
}

/** The words of a question. */
export interface Wording {
  title: string;
  body: string;
  allow: string;
  refuse: string;
}

/** What a prompt needs of the window that it is part of. */
export interface PromptPlace {
  readonly gtk: Gtk;
  readonly widget: (name: string) => Pointer;
  /** Shows a line of text, hidden while empty. */
  readonly line: (name: string, text: string) => void;
  /** `{seconds}` is replaced. */
  readonly secondsLeft: string;
  /** What screen readers call a widget. */
  readonly name: (widget: string, name: string) => void;
  /** Whether a message is begun and not sent. */
  readonly hasDraft: () => boolean;
  /** When the customer last pressed a key to write, on `performance.now()`'s clock. */
  readonly wroteAt: () => number;
  /** The question has gone. */
  readonly closed: () => void;
}

/** The part of the help window that asks one question at a time and counts down. */
export class Prompt {
  readonly #place: PromptPlace;
  readonly #tickHandler = handlers.source(() => this.#tick());
  #question: Question | undefined;
  #shownAt = 0;
  #timer: number | undefined;
  #sizeBefore = { width: 0, height: 0 };

  constructor(place: PromptPlace) {
    this.#place = place;
  }

  get isOpen(): boolean {
    return this.#question !== undefined;
  }

  open({ title, body, allow, refuse }: Wording, question: Question): void {
    const { gtk, widget, line } = this.#place;
    if (!this.#question) this.#rememberSize();
    this.#question = question;
    this.#shownAt = performance.now();
    line("prompt-title", title);
    line("prompt-body", body);
    gtk.setButton(widget("prompt-allow"), allow);
    gtk.setButton(widget("prompt-refuse"), refuse);
    this.#showSeconds();
    this.#place.name("prompt", `${title}\n${body}`);
    gtk.setVisible(widget("prompt"), 1);
    gtk.show(widget("window"));
    // Who is writing keeps the keyboard: the next space must not press a button.
    if (!this.#place.hasDraft() && this.#isQuietSince(this.#place.wroteAt())) {
      gtk.grabDefault(widget("prompt-refuse"));
      gtk.grabFocus(widget("prompt-refuse"));
    }
    // Without a time the window manager raises the window, or flashes it while the customer types
    // elsewhere: what they type there must not answer.
    gtk.present(widget("window"));
    if (question.id === undefined) return;
    gtk.setUrgent(widget("window"), 1);
    this.#timer ??= gtk.everySeconds(1, this.#tickHandler, null);
  }

  /** Takes the question away, unless another one is there by now. */
  withdraw(id: number): void {
    if (this.#question?.id === id) this.#close();
  }

  /** A button or its key was pressed. */
  press(isAllowed: boolean): void {
    const busyAt = Math.max(this.#shownAt, this.#place.wroteAt());
    if (this.#isQuietSince(busyAt)) this.answer(isAllowed);
  }

  /** Answers at once, if there is a question. */
  answer(isAllowed: boolean): void {
    const question = this.#question;
    if (!question) return;
    this.#close();
    question.answer(isAllowed);
  }

  #isQuietSince(at: number): boolean {
    return performance.now() - at >= quietMs;
  }

  /** The question pushes the window open; afterwards it is as large as before. */
  #rememberSize(): void {
    const { gtk, widget } = this.#place;
    const [width, height] = [[0], [0]];
    gtk.size(widget("window"), width, height);
    this.#sizeBefore = { width: width[0] ?? 0, height: height[0] ?? 0 };
  }

  #close(): void {
    const { gtk, widget } = this.#place;
    this.#question = undefined;
    gtk.setVisible(widget("prompt"), 0);
    gtk.resize(widget("window"), this.#sizeBefore.width, this.#sizeBefore.height);
    gtk.setUrgent(widget("window"), 0);
    if (this.#timer !== undefined) gtk.removeSource(this.#timer);
    this.#timer = undefined;
    this.#place.closed();
  }

  /** Runs each second while a question counts down; the client itself keeps the time. */
  #tick(): number {
    this.#showSeconds();
    return 1;
  }

  #showSeconds(): void {
    const question = this.#question;
    const passed = Math.floor((performance.now() - this.#shownAt) / 1000);
    const left = question?.id === undefined ? "" : String(Math.max(0, question.seconds - passed));
    const { line, secondsLeft } = this.#place;
    line("prompt-seconds", left && secondsLeft.replace("{seconds}", left));
  }
}
