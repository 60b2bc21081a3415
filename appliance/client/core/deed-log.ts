import { type Clock, Timer } from "./clock.ts";
import type { DeedFacts } from "./deed-texts.ts";
import type { HelpWindow } from "./host.ts";
import type { Texts } from "./texts.ts";

/** More of the same in so short a time is one line, ms. */
const togetherMs = 2000;

interface Burst {
  readonly from: string;
  readonly timer: Timer;
  more: number;
}

/**
 * What was done on this computer, as lines of the conversation: whoever sits there can read later
 * what has become of it. Much of one kind at once is told as how many.
 */
export class DeedLog implements Disposable {
  readonly #window: HelpWindow;
  readonly #texts: Texts;
  readonly #clock: Clock;
  readonly #bursts = new Map<string, Burst>();

  constructor(parts: { window: HelpWindow; texts: Texts; clock: Clock }) {
    this.#window = parts.window;
    this.#texts = parts.texts;
    this.#clock = parts.clock;
  }

  /** Something was done with a tool by a representative of that name, who may have none. */
  happened(event: string, by: string, facts: DeedFacts): void {
    const text = this.#texts.deeds[event]?.(facts);
    if (text === undefined) return;
    const key = `${event} ${by}`;
    const burst = this.#bursts.get(key);
    if (burst) return void burst.more++;
    const from = this.#texts.actions.doneBy(by || this.#texts.someone);
    const begun: Burst = { from, timer: new Timer(this.#clock), more: 0 };
    begun.timer.set(togetherMs, () => this.#over(key, begun));
    this.#bursts.set(key, begun);
    this.tell(from, text);
  }

  /** Adds a line. `from`: who has done it, in words. */
  tell(from: string, text: string): void {
    const at = this.#clock.unixNow();
    this.#window.addChat({ from, text, mine: false, at, isDeed: true });
  }

  /** What waits to be told is told. */
  [Symbol.dispose](): void {
    for (const [key, burst] of this.#bursts) this.#over(key, burst);
  }

  #over(key: string, { from, timer, more }: Burst): void {
    timer.clear();
    this.#bursts.delete(key);
    if (more > 0) this.tell(from, this.#texts.moreOfIt(more));
  }
}
