import {
  type Channel,
  type ClipboardCopy,
  type ClipboardGetMessage,
  clipboardGetMessage,
  type ClipboardGotMessage,
  clipboardGotMessage,
  type ClipboardRefusal,
  HandrailError,
  maxFollowingBytes,
  sendPieces,
  toHandrailError,
} from "@handrail/protocol";
import { type Clock, Timer } from "../clock.ts";
import type { ToolHost, ToolReport, ToolUse } from "../tools.ts";
import type { ClipboardHost } from "./host.ts";
import { Pace } from "./pace.ts";

/** Consoles at a time: each may have a whole copy on its way. */
const maxUses = 4;
/** What a console may ask for in a row. */
const mayGet = { count: 10, everyMs: 1000 } as const;
/** What a customer copies in a row: more is a program, and is not followed for a while. */
const mayChange = { count: 30, everyMs: 500 } as const;
const pausedMs = 30_000;
/** Programs set the clipboard several times for one copy: the last counts. */
const settledMs = 300;

/** Why something that was copied is not told of when nobody has asked for it. */
const untold: ReadonlySet<ClipboardRefusal> = new Set<ClipboardRefusal>([
  "empty",
  "format",
  "secret",
]);

/** One console that uses it. */
interface Use {
  readonly channel: Channel;
  readonly report: ToolReport;
  readonly gone: AbortController;
  readonly pace: Pace;
  /** What is copied goes there by itself. */
  isFollowing: boolean;
  /** What it was sent, one after the other. */
  turn: Promise<void>;
}

/** Gives representatives what the customer has copied: when they ask, or as it is copied. */
export class ClipboardFromCustomer implements ToolHost {
  readonly #host: ClipboardHost;
  readonly #clock: Clock;
  readonly #uses = new Set<Use>();
  readonly #changes: Pace;
  readonly #settled: Timer;
  #pausedUntil = 0;
  #generation = 1;

  constructor(host: ClipboardHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
    this.#changes = new Pace(clock, mayChange);
    this.#settled = new Timer(clock);
    host.onChange((times) => this.#changed(times));
  }

  use({ channel, report }: ToolUse): void {
    if (this.#uses.size >= maxUses) throw new Error("the clipboard is used too often at a time");
    const pace = new Pace(this.#clock, mayGet);
    const gone = new AbortController();
    const turn = Promise.resolve();
    const use: Use = { channel, report, gone, pace, isFollowing: false, turn };
    this.#uses.add(use);
    channel.listener = {
      message: (bytes) => {
        try {
          this.#heard(use, clipboardGetMessage.decode(bytes));
        } catch (error) {
          const { code, message } = toHandrailError(error);
          this.#over(use);
          channel.reset(code, message);
        }
      },
      closed: () => this.#over(use),
    };
  }

  [Symbol.dispose](): void {
    for (const use of [...this.#uses]) this.#over(use);
    this.#settled.clear();
    this.#host[Symbol.dispose]();
  }

  #heard(use: Use, message: ClipboardGetMessage): void {
    switch (message.type) {
      case "get":
        if (message.ask === 0) throw new HandrailError("protocol-violation", "a question without");
        if (!use.pace.take()) return this.#refuse(use, message.ask, "too-often");
        return this.#inTurn(use, message.ask);
      case "follow":
        use.isFollowing = true;
        // What was copied before anybody followed is nobody's business.
        if (message.known > 0 && message.known < this.#generation) this.#inTurn(use, 0);
        return;
      case "rest":
        use.isFollowing = false;
    }
  }

  #changed(times: number): void {
    this.#generation = (this.#generation + 1) >>> 0;
    const now = this.#clock.now();
    if (now < this.#pausedUntil) return;
    if (this.#changes.take(times)) return this.#settled.set(settledMs, () => this.#push());
    this.#pausedUntil = now + pausedMs;
    this.#settled.set(pausedMs, () => this.#push());
    for (const use of this.#following) this.#refuse(use, 0, "too-often");
  }

  get #following(): Use[] {
    return [...this.#uses].filter(({ isFollowing }) => isFollowing);
  }

  #push(): void {
    for (const use of this.#following) this.#inTurn(use, 0);
  }

  #inTurn(use: Use, ask: number): void {
    use.turn = use.turn.then(() => this.#give(use, ask));
  }

  async #give(use: Use, ask: number): Promise<void> {
    const isMeant = () => !use.gone.signal.aborted && (ask > 0 || use.isFollowing);
    if (!isMeant()) return;
    const generation = this.#generation;
    const reading = await this.#host.read().catch(() => ({ none: "failed" }) as const);
    if (!isMeant()) return;
    if ("none" in reading) return this.#refuse(use, ask, reading.none);
    if (ask === 0 && reading.copy.bytes.length > maxFollowingBytes) {
      return this.#refuse(use, ask, "large");
    }
    await this.#send(use, { ask, generation }, reading);
  }

  async #send(
    { channel, report, gone }: Use,
    about: { ask: number; generation: number },
    { copy, sha256 }: { copy: ClipboardCopy; sha256: string },
  ): Promise<void> {
    const { format, bytes } = copy;
    const facts = { format, sizeBytes: bytes.length, sha256 };
    // Written down first: nothing leaves this computer that is not in the log.
    report("clipboard-from-customer.given", { ...facts, isAutomatic: about.ask === 0 });
    say(channel, { type: "begin", ...about, format, sizeBytes: bytes.length });
    await sendPieces(channel, bytes, gone.signal);
  }

  #refuse(use: Use, ask: number, reason: ClipboardRefusal): void {
    if (ask === 0 && untold.has(reason)) return;
    if (reason !== "empty") use.report("clipboard-from-customer.refused", { because: reason });
    say(use.channel, { type: "refused", ask, reason });
  }

  #over(use: Use): void {
    this.#uses.delete(use);
    use.gone.abort();
  }
}

function say(channel: Channel, message: ClipboardGotMessage): void {
  channel.send(clipboardGotMessage.encode(message));
}
