import type { Channel } from "@handrail/protocol";
import type { ToolHost, ToolReport, ToolUse } from "./tools.ts";

/** A request that has its turn. The signal is aborted when nobody waits for the answer any more. */
export interface Turn<Request> {
  readonly request: Request;
  readonly channel: Channel;
  readonly report: ToolReport;
  readonly signal: AbortSignal;
}

/** What a tool makes of requests. */
export interface RequestTurnsOptions<Request> {
  /** Most requests of one channel that wait for their turn. */
  readonly maxWaiting: number;
  /** @throws HandrailError `protocol-violation` */
  readonly decode: (bytes: Uint8Array) => Request;
  /** Sends the answer. Never rejects. */
  readonly answer: (turn: Turn<Request>) => Promise<void>;
}

/**
 * A tool that answers one request after the other, whoever asks, so that it never burdens the
 * computer more than once at a time.
 */
export class RequestTurns<Request> implements ToolHost {
  readonly #options: RequestTurnsOptions<Request>;
  readonly #uses = new Set<AbortController>();
  #turn: Promise<void> = Promise.resolve();

  constructor(options: RequestTurnsOptions<Request>) {
    this.#options = options;
  }

  use({ channel, report }: ToolUse): void {
    const { maxWaiting, answer } = this.#options;
    const gone = new AbortController();
    const { signal } = gone;
    this.#uses.add(gone);
    let waiting = 0;
    channel.listener = {
      message: (bytes) => {
        const request = this.#requestOf(channel, bytes);
        if (!request) return gone.abort();
        if (waiting >= maxWaiting) {
          gone.abort();
          return channel.reset("conflict", "too many requests at once");
        }
        waiting++;
        this.#turn = this.#turn.then(async () => {
          if (!signal.aborted) await answer({ request, channel, report, signal });
          waiting--;
        });
      },
      closed: () => {
        this.#uses.delete(gone);
        gone.abort();
      },
    };
  }

  [Symbol.dispose](): void {
    for (const gone of this.#uses) gone.abort();
    this.#uses.clear();
  }

  #requestOf(channel: Channel, bytes: Uint8Array): Request | undefined {
    try {
      return this.#options.decode(bytes);
    } catch (error) {
      channel.reset("protocol-violation", error instanceof Error ? error.message : "");
      return undefined;
    }
  }
}
