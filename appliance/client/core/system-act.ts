import {
  type SystemAct,
  systemActAnswer,
  type SystemActRequest,
  systemActRequest,
  type SystemOutcome,
} from "@handrail/protocol";
import { RequestTurns, type Turn } from "./request-turns.ts";
import type { ToolHost, ToolUse } from "./tools.ts";

/** What came of something; `said`: by the system, in its own words, may be empty. */
export interface Acted {
  readonly outcome: SystemOutcome;
  readonly said: string;
}

/** What ends programs and works the services of this computer. */
export interface SystemActor {
  /** Does it, with the customer's rights; the signal ends the waiting, not what was begun. */
  act(wanted: SystemAct, signal: AbortSignal): Promise<Acted>;
  /** What this computer calls a program that runs. */
  nameOf(processId: number): string | undefined;
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
  readonly #turns: RequestTurns<SystemActRequest>;

  constructor(actor: SystemActor) {
    this.#actor = actor;
    this.#turns = new RequestTurns({
      maxWaiting,
      decode: (bytes) => systemActRequest.decode(bytes),
      answer: (turn) => this.#answer(turn),
    });
  }

  use(use: ToolUse): void {
    this.#turns.use(use);
  }

  [Symbol.dispose](): void {
    this.#turns[Symbol.dispose]();
  }

  async #answer({ request, channel, report, signal }: Turn<SystemActRequest>): Promise<void> {
    const { id, wanted } = request;
    const facts = factsOf(wanted, (processId) => this.#actor.nameOf(processId));
    report("system-act.begun", facts);
    const { outcome, said } = await this.#actor
      .act(wanted, signal)
      .catch((error: unknown): Acted => ({ outcome: "failed", said: String(error) }));
    report("system-act.done", { ...facts, outcome });
    channel.send(systemActAnswer.encode({ id, outcome, said: said.slice(0, maxSaid) }));
  }
}

/**
 * What is written down: what was done to what. A program has the name that this computer gives it:
 * whoever ends one could call it anything. One said that begins like it is the longer one.
 */
function factsOf(
  wanted: SystemAct,
  nameOf: SystemActor["nameOf"],
): Record<string, string | number | boolean> {
  if (wanted.act !== "end-process") return { act: wanted.act, service: wanted.service };
  const { act, processId, startedAt, isForced } = wanted;
  const own = nameOf(processId) ?? "";
  const name = wanted.name.startsWith(own) ? wanted.name : own;
  return { act: isForced ? "kill-process" : act, name, processId, startedAt };
}
