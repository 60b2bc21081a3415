import { piecesOf } from "@handrail/protocol";
import type { PlayerTimeline } from "../screen/player.ts";
import type { PaneLanguage } from "./contract.ts";
import { element } from "./element.ts";
import { eventText, whoText } from "./event-texts.ts";
import type { Texts } from "./texts.ts";
import { durationText } from "./time.ts";

/** What a timeline does not do itself. */
export interface TimelineOptions {
  readonly texts: Texts;
  readonly language: PaneLanguage;
  readonly seek: (atMs: number) => void;
  readonly openLink: (url: string) => void;
}

/** What was said and done in a recording; a click on a time goes there. */
export class Timeline {
  readonly element = element("ol", { className: "timeline" });
  readonly #options: TimelineOptions;
  #entries: { at: number; item: HTMLElement }[] = [];
  #current: HTMLElement | undefined;

  constructor(options: TimelineOptions) {
    this.#options = options;
  }

  fill({ events, chat }: PlayerTimeline): void {
    const { texts, language } = this.#options;
    const names: Readonly<Record<string, string>> = texts.permission;
    const done = events.map(({ at, what }) => {
      const text = eventText(what, language, (name) => names[name] ?? name);
      return this.#entry(at, "event", element("span", {}, `${text} · ${whoText(what, language)}`));
    });
    const said = chat.map(({ at, what }) => {
      const body = element("span", {}, element("strong", {}, what.from.name), ": ");
      body.append(...piecesOf(what.text).map((piece) => this.#piece(piece)));
      return this.#entry(at, "said", body);
    });
    this.#entries = [...done, ...said].sort((a, b) => a.at - b.at);
    this.element.replaceChildren(...this.#entries.map(({ item }) => item));
  }

  /** Marks the last entry before a position and keeps it in sight. */
  showPosition(positionMs: number): void {
    const item = this.#entries.findLast(({ at }) => at <= positionMs)?.item;
    if (item === this.#current) return;
    this.#current?.removeAttribute("aria-current");
    this.#current = item;
    item?.setAttribute("aria-current", "true");
    item?.scrollIntoView({ block: "nearest" });
  }

  #entry(at: number, className: string, body: HTMLElement): { at: number; item: HTMLElement } {
    const time = element("button", { type: "button", className: "at" }, durationText(at));
    time.addEventListener("click", () => this.#options.seek(at));
    return { at, item: element("li", { className }, time, body) };
  }

  #piece({ text, url }: { text: string; url?: string }): Node {
    if (url === undefined) return document.createTextNode(text);
    const link = element("a", { href: url, rel: "noopener noreferrer" }, text);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#options.openLink(url);
    });
    return link;
  }
}
