import { type ChatFile, type ChatMessage, sizeText } from "@handrail/protocol";
import type { ChatFileBook } from "./chat-file/book.ts";
import type { ChatFileHost } from "./chat-file/host.ts";
import { type Clock, Timer } from "./clock.ts";
import type { HelpWindow } from "./host.ts";
import type { Language, Texts } from "./texts.ts";

const longestText = 8192;
const typingEveryMs = 3000;
/** Nobody is writing any more when this long nothing was heard of it. */
const typingLastsMs = 5000;

/** How the conversation reaches the appliance; both may fail while the line is away. */
export interface ChatLine {
  send(text: string): Promise<ChatMessage>;
  offerFile(file: ChatFile): Promise<ChatMessage>;
  typing(): void;
}

/** What a conversation rests on. */
export interface ChatPlace {
  readonly window: HelpWindow;
  readonly line: ChatLine;
  readonly clock: Clock;
  readonly texts: Texts;
  /** Of the texts. */
  readonly language: Language;
  /** Files that were announced. */
  readonly book: ChatFileBook;
  /** Undefined: this computer gives and takes no files. */
  readonly files: ChatFileHost | undefined;
}

/** The conversation between customer and representatives, shown in the help window. */
export class Chat {
  readonly #place: ChatPlace;
  readonly #window: HelpWindow;
  readonly #line: ChatLine;
  readonly #clock: Clock;
  readonly #typing: Timer;
  readonly #shown = new Set<number>();
  /** Not taken by the appliance yet, in order. */
  readonly #unsent: string[] = [];
  #isSending = false;
  #toldTypingAt = -Infinity;

  constructor(place: ChatPlace) {
    const { window, line, clock, book, texts } = place;
    this.#place = place;
    this.#window = window;
    this.#line = line;
    this.#clock = clock;
    this.#typing = new Timer(clock);
    window.onChat((text) => {
      for (let at = 0; at < text.length; at += longestText) {
        this.#unsent.push(text.slice(at, at + longestText));
      }
      this.flush();
    });
    window.onTyping(() => this.#tellTyping());
    window.onSaveFile((seq) => book.want(seq));
    window.onPickFile((path) => void this.#give(path));
    book.listener = (seq, state) =>
      window.setFile(seq, {
        text: texts.chatFiles.state(state),
        canSave: state.how === "offered",
      });
  }

  /** A message arrived; one that is shown already is left out. */
  received(message: ChatMessage): void {
    if (this.#shown.has(message.seq)) return;
    this.#shown.add(message.seq);
    const isMine = message.from.kind === "customer";
    if (!isMine) this.#window.setTyping(undefined);
    const { seq, at, url, file } = message;
    const isOffer = url !== undefined && !isMine;
    const text = file ? this.#fileLine(file) : message.text;
    const isForHere = file !== undefined && !isMine && this.#place.files !== undefined;
    if (isForHere) this.#place.book.announced(seq, file);
    this.#window.addChat({
      ...{ from: message.from.name, text, mine: isMine, at, isOffer },
      ...(file ? { fileId: seq, canSave: isForHere } : {}),
    });
  }

  nudged(name: string): void {
    this.#window.nudge(name);
  }

  /** The site says that its appliance stops for a moment. */
  restarting(siteName: string, afterMs: number): void {
    const text = this.#place.texts.restarting(Math.ceil(afterMs / 1000));
    this.#window.addChat({ from: siteName, text, mine: false, at: this.#clock.unixNow() });
  }

  /** Another helps from now on. */
  handedOver(siteName: string, { by, to }: { by: string; to: string }): void {
    const { texts } = this.#place;
    const text = texts.handedOver(by || texts.someone, to || texts.someone);
    const at = this.#clock.unixNow();
    this.#window.addChat({ from: siteName, text, mine: false, at, isDeed: true });
  }

  someoneTypes(name: string): void {
    this.#window.setTyping(name);
    this.#typing.set(typingLastsMs, () => this.#window.setTyping(undefined));
  }

  /** Sends what waits; called again when a line that had gone is back. */
  flush(): void {
    const [next] = this.#unsent;
    if (next === undefined || this.#isSending) return;
    this.#isSending = true;
    this.#line.send(next).then(
      (message) => {
        this.#isSending = false;
        this.#unsent.shift();
        this.received(message);
        this.flush();
      },
      // Stays at the head, for the next line.
      () => {
        this.#isSending = false;
      },
    );
  }

  #fileLine(file: ChatFile): string {
    const { texts, language } = this.#place;
    return texts.chatFiles.line(file, sizeText(file.sizeBytes, language));
  }

  /** The customer has chosen a file. */
  async #give(path: string): Promise<void> {
    const { book, files } = this.#place;
    if (!files) return;
    const looked = await files.look(path);
    if ("refused" in looked) return this.#refuse(looked.refused, looked.name);
    const { file } = looked;
    try {
      const message = await this.#line.offerFile(file);
      book.gives(message.seq, file, path);
      this.received(message);
    } catch {
      // No line, or nobody here may take files.
      this.#refuse("unsent", file.name);
    }
  }

  #refuse(because: "too-large" | "unreadable" | "unsent", name: string): void {
    const text = this.#place.texts.chatFiles.refused[because](name);
    const at = this.#clock.unixNow();
    this.#window.addChat({ from: "", text, mine: true, at, isDeed: true });
  }

  #tellTyping(): void {
    const now = this.#clock.now();
    if (now - this.#toldTypingAt < typingEveryMs) return;
    this.#toldTypingAt = now;
    this.#line.typing();
  }
}
