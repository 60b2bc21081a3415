import type { ChatMessage } from "@handrail/protocol";
import { type Clock, Timer } from "./clock.ts";
import type { HelpWindow } from "./host.ts";

const longestText = 8192;
const typingEveryMs = 3000;
/** Nobody is writing any more when this long nothing was heard of it. */
const typingLastsMs = 5000;

/** How the conversation reaches the appliance; both may fail while the line is away. */
export interface ChatLine {
  send(text: string): Promise<ChatMessage>;
  typing(): void;
}

/** The conversation between customer and representatives, shown in the help window. */
export class Chat {
  readonly #window: HelpWindow;
  readonly #line: ChatLine;
  readonly #clock: Clock;
  readonly #typing: Timer;
  readonly #shown = new Set<number>();
  /** Not taken by the appliance yet, in order. */
  readonly #unsent: string[] = [];
  #isSending = false;
  #toldTypingAt = -Infinity;

  constructor(window: HelpWindow, line: ChatLine, clock: Clock) {
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
  }

  /** A message arrived; one that is shown already is left out. */
  received(message: ChatMessage): void {
    if (this.#shown.has(message.seq)) return;
    this.#shown.add(message.seq);
    const isMine = message.from.kind === "customer";
    if (!isMine) this.#window.setTyping(undefined);
    const { text, at, url } = message;
    const isOffer = url !== undefined && !isMine;
    this.#window.addChat({ from: message.from.name, text, mine: isMine, at, isOffer });
  }

  nudged(name: string): void {
    this.#window.nudge(name);
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

  #tellTyping(): void {
    const now = this.#clock.now();
    if (now - this.#toldTypingAt < typingEveryMs) return;
    this.#toldTypingAt = now;
    this.#line.typing();
  }
}
