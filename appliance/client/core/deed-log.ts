import { type Clock, Timer } from "./clock.ts";
import { type DeedFacts, type DeedKind, deedKindOf } from "./deed-texts.ts";
import type { HelpWindow } from "./host.ts";
import type { Texts } from "./texts.ts";

/** More of the same in so short a time is one line, ms. */
const togetherMs = 2000;

interface Burst {
  readonly from: string;
  readonly kind: DeedKind;
  readonly timer: Timer;
  /** Of which a line was told. */
  readonly events: Set<string>;
  /** How many were not told, and the last of them. */
  more: number;
  last: string;
}

/**
 * What was done on this computer, as lines of the conversation: whoever sits there can read later
 * what has become of it. Of much at once, the first of each event is told, and of the rest how many
 * of which kind.
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
    const kind = deedKindOf(event);
    const key = `${kind} ${by}`;
    const burst = this.#bursts.get(key) ?? this.#begin(key, kind, by);
    if (burst.events.has(event)) {
      burst.more++;
      burst.last = text;
      return;
    }
    burst.events.add(event);
    this.tell(burst.from, text);
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

  #begin(key: string, kind: DeedKind, by: string): Burst {
    const from = this.#texts.actions.doneBy(by || this.#texts.someone);
    const timer = new Timer(this.#clock);
    const burst: Burst = { from, kind, timer, events: new Set(), more: 0, last: "" };
    timer.set(togetherMs, () => this.#over(key, burst));
    this.#bursts.set(key, burst);
    return burst;
  }

  #over(key: string, { from, kind, timer, more, last }: Burst): void {
    timer.clear();
    this.#bursts.delete(key);
    // One more is told as it is: that takes no more room than to count it.
    if (more === 1) this.tell(from, last);
    if (more > 1) this.tell(from, this.#texts.moreOfIt[kind](more));
  }
}
