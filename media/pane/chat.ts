import {
  type ChatMessage,
  piecesOf,
  type RepresentativeId,
  type SessionEvent,
} from "@handrail/protocol";
import { ChatFiles, type PaneFile } from "./chat-files.ts";
import type { PaneLanguage } from "./contract.ts";
import { element, setText } from "./element.ts";
import { icon } from "./icon.ts";
import { menuButton, type MenuItem } from "./menu.ts";
import type { Texts } from "./texts.ts";
import { timeText } from "./time.ts";

/** Being typed is told at most this often, and believed for twice as long. */
const typingEveryMs = 3000;
const maxMessageLength = 8192;

/** What the chat does not do itself. */
export interface ChatOptions {
  readonly texts: Texts;
  readonly language: PaneLanguage;
  readonly me: RepresentativeId;
  /** Rejects with an error whose message is fit to be shown. */
  readonly send: (text: string) => Promise<ChatMessage>;
  readonly typing: () => void;
  readonly openLink: (url: string) => void;
  /** Asks for a canned message; null when there is to be none. `isAny`: whether there are any. */
  readonly canned: () => Promise<{ text: string | null; isAny: boolean }>;
  readonly pushUrl: () => void;
  /** Null: a file that is yet to be chosen. */
  readonly sendFile: (file: PaneFile | null) => void;
  readonly saveFile: (seq: number) => void;
  readonly nudge: () => void;
  readonly save: () => void;
}

/** The conversation of a session. */
export class Chat {
  readonly element: HTMLElement;
  readonly #options: ChatOptions;
  readonly #list: HTMLOListElement;
  readonly #empty: HTMLElement;
  readonly #typing: HTMLElement;
  readonly #fault: HTMLElement;
  readonly #hint = element("p", { className: "typing", role: "status", hidden: true });
  readonly #box: HTMLTextAreaElement;
  readonly #button: HTMLButtonElement;
  readonly #messages = new Map<number, ChatMessage>();
  /** Leads to what was said below, where one has scrolled up. */
  readonly #below: HTMLButtonElement;
  /** The list stays at its end, whatever height it gets. */
  #follows = true;
  /** Where that was last, as `scrollTop` has it. */
  #end = 0;
  readonly #files: ChatFiles;
  #mayOffer = { pages: false, files: false };
  #toldTypingAt = -Infinity;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ChatOptions) {
    this.#options = options;
    const { texts } = options;
    this.#files = new ChatFiles({
      ...{ texts, language: options.language },
      send: options.sendFile,
      save: options.saveFile,
      fault: (text) => this.#showFault(text),
    });
    this.#list = element("ol", { className: "messages", role: "log", "aria-label": texts.chat });
    this.#list.addEventListener("scroll", () =>
      this.#follow(this.#isAtEnd() || (this.#follows && !this.#isAbove())),
    );
    new ResizeObserver(() => this.#follow(this.#follows)).observe(this.#list);
    this.#below = element("button", { type: "button", className: "below", hidden: true });
    this.#below.append(icon("down"), texts.newBelow);
    this.#below.addEventListener("click", () => this.#follow(true));
    this.#empty = element("p", { className: "empty" }, texts.noChat);
    this.#typing = element("p", { className: "typing", role: "status" });
    this.#fault = element("p", { className: "fault", role: "alert", hidden: true });
    this.#box = element("textarea", {
      className: "box",
      rows: 2,
      maxLength: maxMessageLength,
      placeholder: texts.write,
      "aria-label": texts.write,
    });
    this.#button = element(
      "button",
      { type: "submit", className: "tool", title: texts.send, "aria-label": texts.send },
      icon("send"),
    );
    const more = menuButton({
      icon: "more",
      label: texts.chatMore,
      items: () => this.#moreItems(),
    });
    const form = element("form", { className: "write" }, more, this.#box, this.#button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.#box.addEventListener("input", () => {
      this.#hint.hidden = true;
      this.#tellTyping();
      if (this.#box.value === "/") void this.#chooseCanned();
    });
    this.element = element(
      "section",
      { className: "chat", "aria-label": texts.chat },
      this.#empty,
      this.#list,
      this.#below,
      this.#typing,
      this.#fault,
      this.#hint,
      form,
    );
    this.#files.takeDrops(this.element);
  }

  /** Replaces everything. */
  setMessages(messages: readonly ChatMessage[]): void {
    this.#messages.clear();
    this.#files.forget();
    this.#list.replaceChildren();
    for (const message of messages) this.add(message);
  }

  /** Adds one; a message that is here already is not shown twice. */
  add(message: ChatMessage): void {
    if (this.#messages.has(message.seq)) return;
    this.#messages.set(message.seq, message);
    this.#empty.hidden = true;
    if (message.from.kind === "customer") setText(this.#typing, "");
    const item = this.#item(message);
    // The event of one's scrolling may still be to come.
    if (this.#isAbove()) this.#follows = false;
    const later = [...this.#list.children].find((other) => Number(other.id.slice(5)) > message.seq);
    this.#list.insertBefore(item, later ?? null);
    if (this.#follows) this.#follow(true);
    else this.#below.hidden = false;
  }

  /** Takes notice of what was done with the files of the conversation. */
  learn(event: SessionEvent): void {
    this.#files.learn(event);
  }

  /** Somebody else is writing. */
  showTyping(name: string): void {
    setText(this.#typing, this.#options.texts.typing(name));
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => setText(this.#typing, ""), typingEveryMs * 2);
  }

  /** Puts a text where one writes, in place of the `/` that asked for it. */
  insert(text: string): void {
    const box = this.#box;
    if (box.value === "/") box.value = "";
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.focus();
  }

  /** `mayOffer`: what may be offered to the customer. */
  setEnabled(isEnabled: boolean, mayOffer: { pages: boolean; files: boolean }): void {
    this.#mayOffer = mayOffer;
    this.#files.isEnabled = isEnabled && mayOffer.files;
    this.#files.maySave = isEnabled;
    this.#box.disabled = !isEnabled;
    this.#button.disabled = !isEnabled;
  }

  focus(): void {
    this.#box.focus();
  }

  #moreItems(): MenuItem[] {
    const { texts, pushUrl, sendFile, nudge, save } = this.#options;
    const isDisabled = this.#box.disabled;
    return [
      { label: texts.canned, run: () => void this.#chooseCanned(), isDisabled },
      { label: texts.pushUrl, run: pushUrl, isDisabled: isDisabled || !this.#mayOffer.pages },
      {
        label: texts.file.send,
        run: () => sendFile(null),
        isDisabled: isDisabled || !this.#mayOffer.files,
      },
      { label: texts.nudge, run: nudge, isDisabled },
      { label: texts.saveChat, run: save, isDisabled: this.#messages.size === 0 },
    ];
  }

  async #chooseCanned(): Promise<void> {
    try {
      const { text, isAny } = await this.#options.canned();
      if (text !== null) return this.insert(text);
      // The sign that asked for a message is none itself.
      if (this.#box.value === "/") this.#box.value = "";
      this.#hint.hidden = isAny;
      setText(this.#hint, isAny ? "" : this.#options.texts.noCanned);
      this.#box.focus();
    } catch (error) {
      this.#showFault(error instanceof Error ? error.message : String(error));
    }
  }

  #showFault(text: string): void {
    this.#fault.hidden = false;
    setText(this.#fault, text);
  }

  #item({ seq, from, text, at, url, file }: ChatMessage): HTMLLIElement {
    const { texts, language, me } = this.#options;
    const isMine = from.id === me;
    const name = isMine ? texts.you : from.kind === "system" ? texts.system : from.name;
    const time = element("time", {}, timeText(at, language));
    time.dateTime = new Date(at).toISOString();
    const offered = url === undefined ? undefined : element("span", {}, `${texts.offered} `);
    const body = element(
      "p",
      { className: "text" },
      offered,
      ...(file
        ? this.#files.line(seq, file, from.kind === "customer")
        : piecesOf(text).map((p) => this.#piece(p))),
    );
    const head = element("p", { className: "head" }, element("strong", {}, name), " ", time);
    // A log has messages, and no list with its items.
    return element(
      "li",
      { id: `chat-${seq}`, className: isMine ? "mine" : from.kind, role: "none" },
      head,
      body,
    );
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

  #follow(follows: boolean): void {
    this.#follows = follows;
    if (!follows) return;
    this.#below.hidden = true;
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#end = this.#list.scrollTop;
  }

  /** Whether one has scrolled up: a list that has only become lower, or its text longer, stays where it was. */
  #isAbove(): boolean {
    return this.#list.scrollTop < this.#end && !this.#isAtEnd();
  }

  #isAtEnd(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.#list;
    return scrollTop + clientHeight >= scrollHeight - 24;
  }

  async #send(): Promise<void> {
    const text = this.#box.value.trim();
    if (text === "" || this.#button.disabled) return;
    this.#box.value = "";
    this.#fault.hidden = true;
    this.#toldTypingAt = -Infinity;
    this.#follow(true);
    try {
      this.add(await this.#options.send(text));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#showFault(this.#options.texts.notSent + reason);
      // What was written is not lost, and neither is what was written since.
      this.#box.value = [text, this.#box.value].filter((part) => part !== "").join("\n");
    }
  }

  #tellTyping(): void {
    const now = performance.now();
    if (this.#box.value === "" || now - this.#toldTypingAt < typingEveryMs) return;
    this.#toldTypingAt = now;
    this.#options.typing();
  }
}
