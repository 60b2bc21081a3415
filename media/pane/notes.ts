import type { PaneLanguage, PaneNote } from "./contract.ts";
import { element, setText } from "./element.ts";
import type { Texts } from "./texts.ts";
import { timeText } from "./time.ts";

const maxLength = 8192;

/** What the notes do not do themselves. */
export interface NotesOptions {
  readonly texts: Texts;
  readonly language: PaneLanguage;
  /** Rejects with an error whose message is fit to be shown. */
  readonly keep: (text: string) => Promise<unknown>;
}

/** What representatives write about a session for one another. */
export class Notes {
  readonly element: HTMLElement;
  readonly #options: NotesOptions;
  readonly #list: HTMLOListElement;
  readonly #empty: HTMLElement;
  readonly #fault = element("p", { className: "fault", role: "alert", hidden: true });
  readonly #box: HTMLTextAreaElement;
  readonly #button: HTMLButtonElement;
  readonly #shown = new Set<number>();

  constructor(options: NotesOptions) {
    this.#options = options;
    const { texts } = options;
    this.#list = element("ol", { className: "messages", role: "log", "aria-label": texts.notes });
    this.#empty = element("p", { className: "empty" }, texts.noNotes);
    this.#box = element("textarea", {
      className: "box",
      rows: 3,
      maxLength,
      placeholder: texts.writeNote,
      "aria-label": texts.writeNote,
    });
    this.#button = element("button", { type: "submit", className: "tool wide" }, texts.keepNote);
    const form = element("form", { className: "write" }, this.#box, this.#button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#keep();
    });
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit();
    });
    const parts = [this.#empty, this.#list, this.#fault, form];
    this.element = element("section", { className: "chat", "aria-label": texts.notes }, ...parts);
  }

  /** Replaces everything. */
  setNotes(notes: readonly PaneNote[]): void {
    this.#shown.clear();
    this.#list.replaceChildren();
    this.#empty.hidden = notes.length > 0;
    for (const note of notes) this.add(note);
  }

  /** Adds one; a note that is here already is not shown twice. */
  add({ id, author, title, text, at }: PaneNote): void {
    if (this.#shown.has(id)) return;
    this.#shown.add(id);
    this.#empty.hidden = true;
    const time = element("time", {}, timeText(at, this.#options.language));
    time.dateTime = new Date(at).toISOString();
    const head = element("p", { className: "head" }, element("strong", {}, author), " ", time);
    const subject = title === "" ? undefined : element("p", {}, element("strong", {}, title));
    const body = element("p", { className: "text" }, text);
    this.#list.append(element("li", { role: "none" }, head, subject, body));
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  setEnabled(isEnabled: boolean): void {
    this.#box.disabled = !isEnabled;
    this.#button.disabled = !isEnabled;
  }

  focus(): void {
    this.#box.focus();
  }

  async #keep(): Promise<void> {
    const text = this.#box.value.trim();
    if (text === "" || this.#button.disabled) return;
    this.#fault.hidden = true;
    this.#button.disabled = true;
    try {
      await this.#options.keep(text);
      this.#box.value = "";
    } catch (error) {
      this.#fault.hidden = false;
      const reason = error instanceof Error ? error.message : String(error);
      setText(this.#fault, this.#options.texts.notKept + reason);
    } finally {
      this.#button.disabled = this.#box.disabled;
    }
  }
}
