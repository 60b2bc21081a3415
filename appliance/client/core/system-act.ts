import {
  type Channel,
  type SystemAct,
  systemActAnswer,
  type SystemActRequest,
  systemActRequest,
  type SystemOutcome,
} from "@handrail/protocol";
import type { ToolHost, ToolReport, ToolUse } from "./tools.ts";

/** What came of something; `said`: by the system, in its own words, may be empty. */
export interface Acted {
  readonly outcome: SystemOutcome;
  readonly said: string;
}

/** What ends programs and works the services of this computer. */
export interface SystemActor {
  /** Does it, with the customer's rights; the signal ends the waiting, not what was begun. */
  act(wanted: SystemAct, signal: AbortSignal): Promise<Acted>;
}

/** Most requests of one channel that wait for their turn. */
const maxWaiting = 8;
const maxSaid = 1024;

/**
 * Ending programs and working services as a tool: one thing after the other, whoever asks, and each
 * reported before it is done and again with what came of it.
 */
export class SystemActTool implements ToolHost {
  readonly #actor: SystemActor;
  readonly #uses = new Set<AbortController>();
  #turn: Promise<void> = Promise.resolve();

  constructor(actor: SystemActor) {
    this.#actor = actor;
  }

  use({ channel, report }: ToolUse): void {
    const gone = new AbortController();
    const { signal } = gone;
    this.#uses.add(gone);
    let waiting = 0;
    channel.listener = {
      message: (bytes) => {
        const request = requestOf(channel, bytes);
        if (!request) return gone.abort();
        if (waiting >= maxWaiting) {
          gone.abort();
          return channel.reset("conflict", "too many requests at once");
        }
        waiting++;
        this.#turn = this.#turn.then(async () => {
          if (!signal.aborted) await this.#answer({ request, channel, report, signal });
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

  async #answer(asked: {
    request: SystemActRequest;
    channel: Channel;
    report: ToolReport;
    signal: AbortSignal;
  }): Promise<void> {
    const { channel, report, signal } = asked;
    const { id, wanted } = asked.request;
    const facts = factsOf(wanted);
    report("system-act.begun", facts);
    const { outcome, said } = await this.#actor
      .act(wanted, signal)
      .catch((error: unknown): Acted => ({ outcome: "failed", said: String(error) }));
    report("system-act.done", { ...facts, outcome });
    channel.send(systemActAnswer.encode({ id, outcome, said: said.slice(0, maxSaid) }));
  }
}

/** What is written down: what was done to what. */
function factsOf(wanted: SystemAct): Record<string, string | number | boolean> {
  if (wanted.act !== "end-process") return { act: wanted.act, service: wanted.service };
  const { act, name, processId, startedAt, isForced } = wanted;
  return { act: isForced ? "kill-process" : act, name, processId, startedAt };
}

function requestOf(channel: Channel, bytes: Uint8Array): SystemActRequest | undefined {
  try {
    return systemActRequest.decode(bytes);
  } catch (error) {
    channel.reset("protocol-violation", error instanceof Error ? error.message : "");
    return undefined;
  }
}
