import { type Channel, DrawIntake, HandrailError, toHandrailError } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { Pace } from "../clipboard/pace.ts";
import type { ToolHost, ToolUse } from "../tools.ts";

/** Representatives who draw at a time. */
const maxUses = 8;
/** Messages in a row, and how soon one more, ms: twice what a pane sends. */
const mayDraw = { count: 240, everyMs: 1000 / 120 } as const;

/**
 * Shows over everything else on this computer's screen what representatives draw. `use` tells them
 * apart; what is drawn goes by itself some seconds later.
 */
export interface DrawHost extends Disposable {
  /**
   * Takes a message of a `draw` channel, which is well-formed, of the representative of that name.
   * False: too many of that use wait already.
   */
  draw(use: number, by: string, message: Uint8Array): boolean;
  /** What was drawn there goes at once; undefined: everything. */
  clear(use?: number): void;
}

/**
 * Drawing as a tool. Nothing is shown while the customer is being asked something, so that nobody
 * points at an answer, nor while the line is interrupted.
 */
export class DrawTool implements ToolHost {
  readonly #host: DrawHost;
  readonly #clock: Clock;
  readonly #uses = new Map<number, Channel>();
  #lastUse = 0;
  #isResting = false;

  /** `open` is called once; its `failed` ends what is open. */
  constructor(open: (failed: (reason: string) => void) => DrawHost, clock: Clock) {
    this.#clock = clock;
    this.#host = open((reason) => this.#failed(reason));
  }

  use({ channel, by }: ToolUse): void {
    if (this.#uses.size >= maxUses) throw new Error("too many draw at a time");
    const use = ++this.#lastUse;
    this.#uses.set(use, channel);
    const intake = new DrawIntake();
    const pace = new Pace(this.#clock, mayDraw);
    channel.listener = {
      message: (bytes) => {
        try {
          if (!pace.take()) throw new HandrailError("too-many-attempts", "drawn too often");
          intake.take(bytes);
        } catch (error) {
          return this.#refuse(use, toHandrailError(error));
        }
        if (this.#isResting || this.#host.draw(use, by, bytes)) return;
        this.#refuse(use, new HandrailError("too-slow", "the screen does not keep up"));
      },
      closed: () => this.#forget(use),
    };
  }

  /** While it rests nothing is shown, and what was shown has gone. */
  rest(isResting: boolean): void {
    this.#isResting = isResting;
    if (isResting) this.#host.clear();
  }

  [Symbol.dispose](): void {
    this.#uses.clear();
    this.#host[Symbol.dispose]();
  }

  #refuse(use: number, { code, message }: HandrailError): void {
    const channel = this.#uses.get(use);
    this.#forget(use);
    channel?.reset(code, message);
  }

  #forget(use: number): void {
    if (this.#uses.delete(use)) this.#host.clear(use);
  }

  #failed(reason: string): void {
    for (const channel of this.#uses.values()) channel.reset("unavailable", reason);
    this.#uses.clear();
  }
}
