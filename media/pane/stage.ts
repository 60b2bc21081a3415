import { element, setText } from "./element.ts";
import { actionButton, progressRing } from "./elements.ts";
import { icon } from "./icon.ts";
import type { Situation, SituationAction } from "./situation.ts";
import type { Texts } from "./texts.ts";

/** Banners older than this go when a newer one needs the room. */
const maxBanners = 3;
/** Long enough to read that something was done, ms. */
const noteLastsMs = 10_000;

/**
 * Where the screen is: with a card over it when there is something to say instead of a picture,
 * banners for what must be known now, and a line below that says where the keyboard goes.
 */
export class Stage {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #act: (action: SituationAction) => void;
  readonly #card = element("div", { className: "card", role: "status", hidden: true });
  readonly #banners = element("div", { className: "banners", role: "alert" });
  readonly #asking = element("div", { className: "banner", role: "status", hidden: true });
  readonly #notes = element("div", { className: "notes", role: "status" });
  readonly #hint = element("p", { className: "hint", id: "screen-hint" });
  readonly #spoken = element("p", { className: "spoken", "aria-live": "polite" });
  #shown = "";

  constructor(screen: Node, texts: Texts, act: (action: SituationAction) => void) {
    this.#texts = texts;
    this.#act = act;
    const said = element("div", { className: "said" }, this.#asking, this.#notes, this.#banners);
    const place = element("div", { className: "place" }, screen, this.#card, said);
    this.element = element("div", { className: "stage" }, place, this.#hint, this.#spoken);
  }

  /** Shows why the screen is not simply there, or nothing. */
  show(situation: Situation | undefined): void {
    const description = JSON.stringify(situation ?? null);
    // Not drawn again for the same: a button with the focus would lose it.
    if (description === this.#shown) return;
    this.#shown = description;
    this.element.dataset.situation = situation?.kind ?? "live";
    this.element.dataset.keepsPicture = String(situation?.keepsPicture ?? true);
    this.#card.hidden = situation === undefined;
    this.#card.replaceChildren();
    if (!situation) return;
    if (situation.isBusy) this.#card.append(progressRing());
    this.#card.append(element("h2", {}, situation.title), element("p", {}, situation.text));
    const buttons = situation.actions.map((action, i) => this.#button(action, i === 0));
    if (buttons.length > 0) {
      this.#card.append(element("div", { className: "actions" }, ...buttons));
    }
  }

  /**
   * The line under the screen. Undefined takes it away; empty keeps its place, so that the picture
   * does not jump when there is something to say.
   */
  setHint(text: string | undefined, isGrabbed: boolean): void {
    this.#hint.hidden = text === undefined;
    this.element.dataset.grabbed = String(isGrabbed);
    setText(this.#hint, text ?? "");
  }

  /** Says something to a screen reader only. */
  say(text: string): void {
    setText(this.#spoken, text);
  }

  /** What an answer of the customer is awaited for; undefined: nothing. */
  setAsking(text: string | undefined): void {
    if (this.#asking.textContent === (text ?? "")) return;
    this.#asking.hidden = text === undefined;
    const shown = text === undefined ? [] : [progressRing(), element("span", {}, text)];
    this.#asking.replaceChildren(...shown);
  }

  /** Something that was done: goes by itself. */
  note(text: string): void {
    const banner = element("div", { className: "banner" }, element("span", {}, text));
    this.#notes.append(banner);
    setTimeout(() => banner.remove(), noteLastsMs);
    while (this.#notes.childElementCount > maxBanners) this.#notes.firstElementChild?.remove();
  }

  /** Something to know now, until it is dismissed; with what can be done about it, if anything. */
  warn(text: string, ...actions: readonly { label: string; run: () => void }[]): void {
    const close = element(
      "button",
      {
        type: "button",
        className: "tool",
        title: this.#texts.dismiss,
        "aria-label": this.#texts.dismiss,
      },
      icon("close"),
    );
    const banner = element("div", { className: "banner" }, element("span", {}, text));
    for (const action of actions) {
      const run = () => {
        banner.remove();
        action.run();
      };
      banner.append(actionButton(action.label, run));
    }
    banner.append(close);
    close.addEventListener("click", () => banner.remove());
    // Its buttons do what is right now; who was at those of the one before goes on with them.
    const same = [...this.#banners.children].find(
      ({ firstElementChild }) => firstElementChild?.textContent === text,
    );
    const hadFocus = same?.contains(document.activeElement);
    same?.remove();
    this.#banners.append(banner);
    if (hadFocus) banner.querySelector<HTMLElement>("vscode-button, button")?.focus();
    while (this.#banners.childElementCount > maxBanners) this.#banners.firstElementChild?.remove();
  }

  /** Takes all banners away. */
  clearWarnings(): void {
    this.#banners.replaceChildren();
  }

  #button(action: SituationAction, isPrimary: boolean): HTMLElement {
    const texts = this.#texts;
    const labels: Record<SituationAction, string> = {
      accept: texts.accept,
      "ask-view": this.#shown.includes('"not-asked"') ? texts.askView : texts.askAgain,
      retry: texts.retry,
      "close-tab": texts.close,
      "open-recording": texts.openRecording,
      chat: texts.chat,
    };
    return actionButton(labels[action], () => this.#act(action), isPrimary);
  }
}
