import type { SidePart } from "./contract.ts";
import { element, setText } from "./element.ts";
import { badge } from "./elements.ts";
import type { Texts } from "./texts.ts";

const parts = ["chat", "notes", "information", "events"] as const satisfies readonly SidePart[];

/** The panel beside the screen: one of its parts, chosen by tabs (ARIA tabs pattern). */
export class Side {
  readonly element: HTMLElement;
  readonly #chosen: (part: SidePart) => void;
  readonly #tabs: Record<SidePart, HTMLButtonElement>;
  readonly #panels: Record<SidePart, HTMLElement>;
  readonly #badge = badge();
  #part: SidePart | "none" = "none";
  #unread = 0;

  constructor(
    contents: Record<SidePart, HTMLElement>,
    texts: Texts,
    chosen: (part: SidePart) => void,
  ) {
    this.#chosen = chosen;
    const tab = (part: SidePart) => this.#makeTab(part, texts[part]);
    const panel = (part: SidePart) => makePanel(part, contents[part]);
    this.#tabs = {
      chat: tab("chat"),
      notes: tab("notes"),
      information: tab("information"),
      events: tab("events"),
    };
    this.#panels = {
      chat: panel("chat"),
      notes: panel("notes"),
      information: panel("information"),
      events: panel("events"),
    };
    this.#tabs.chat.append(this.#badge);
    const list = element("div", { role: "tablist", "aria-label": texts.side, className: "tabs" });
    list.append(...parts.map((part) => this.#tabs[part]));
    list.addEventListener("keydown", (event) => this.#walk(event));
    this.element = element("aside", { className: "side", "aria-label": texts.side }, list);
    this.element.append(...parts.map((part) => this.#panels[part]));
  }

  show(part: SidePart | "none"): void {
    this.#part = part;
    this.element.hidden = part === "none";
    for (const name of parts) {
      const isShown = name === part;
      this.#tabs[name].setAttribute("aria-selected", String(isShown));
      this.#tabs[name].tabIndex = isShown ? 0 : -1;
      this.#panels[name].hidden = !isShown;
    }
    if (part === "chat") this.#unread = 0;
    this.#showUnread();
  }

  /** A message came; counted when nobody is looking at the chat. Returns how many are unread. */
  countMessage(): number {
    if (this.#part !== "chat") this.#unread++;
    this.#showUnread();
    return this.#unread;
  }

  #showUnread(): void {
    this.#badge.hidden = this.#unread === 0;
    setText(this.#badge, String(this.#unread));
  }

  #makeTab(part: SidePart, label: string): HTMLButtonElement {
    const tab = element(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${part}`,
        className: "tab",
        "aria-controls": `panel-${part}`,
      },
      label,
    );
    tab.addEventListener("click", () => this.#chosen(part));
    return tab;
  }

  #walk(event: KeyboardEvent): void {
    const at = parts.findIndex((part) => part === this.#part);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = step === undefined ? undefined : parts[(at + step + parts.length) % parts.length];
    if (!next) return;
    event.preventDefault();
    this.#chosen(next);
    this.#tabs[next].focus();
  }
}

function makePanel(part: SidePart, content: HTMLElement): HTMLElement {
  return element(
    "div",
    { role: "tabpanel", id: `panel-${part}`, className: "panel", "aria-labelledby": `tab-${part}` },
    content,
  );
}
