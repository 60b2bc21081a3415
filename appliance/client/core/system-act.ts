import {
  type SystemAct,
  systemActAnswer,
  type SystemActRequest,
  systemActRequest,
  type SystemOutcome,
  visible,
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
  /** What this computer calls a program that runs, the most familiar first; none: there is none. */
  namesOf(processId: number): readonly string[];
}

/** Most requests of one channel that wait for their turn. */
const maxWaiting = 8;
const maxSaid = 1024;
/** Of a program's name, UTF-16 units. */
const maxName = 255;

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
    const facts = factsOf(asKnownHere(wanted, (processId) => this.#actor.namesOf(processId)));
    report("system-act.begun", facts);
    const { outcome, said } = await this.#actor
      .act(wanted, signal)
      .catch((error: unknown): Acted => ({ outcome: "failed", said: String(error) }));
    report("system-act.done", { ...facts, outcome });
    channel.send(systemActAnswer.encode({ id, outcome, said: said.slice(0, maxSaid) }));
  }
}

/**
 * The same with the name that this computer gives to a program, which whoever wants it ended could
 * call anything: one of its own names stays, any other becomes the most familiar of them.
 */
export function asKnownHere(wanted: SystemAct, namesOf: SystemActor["namesOf"]): SystemAct {
  if (wanted.act !== "end-process") return wanted;
  const names = namesOf(wanted.processId).map((name) => visible(name).slice(0, maxName));
  const [familiar = ""] = names;
  return { ...wanted, name: names.includes(wanted.name) ? wanted.name : familiar };
}

/** What is written down: what was done to what. */
function factsOf(wanted: SystemAct): Record<string, string | number | boolean> {
  if (wanted.act !== "end-process") return { act: wanted.act, service: wanted.service };
  const { act, name, processId, startedAt, isForced } = wanted;
  return { act: isForced ? "kill-process" : act, name, processId, startedAt };
}
