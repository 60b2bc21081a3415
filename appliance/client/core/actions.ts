import {
  type ActionOrder,
  type ActionPlatform,
  type ActionResult,
  type BuiltInAction,
} from "@handrail/protocol";
import type { Clock } from "./clock.ts";
import type { ConsentDesk } from "./consent.ts";
import type { ElevatedProgram, Elevations } from "./elevation/host.ts";
import type { HelpWindow } from "./host.ts";
import { actionText, purposeOf } from "./purpose-text.ts";
import type { StatusBoard } from "./status-board.ts";
import type { Language, Texts } from "./texts.ts";

/** What comes of an action before the customer has a say: all but their no. */
export type HostResult = ActionResult & {
  readonly outcome: Exclude<ActionResult["outcome"], "refused">;
};

/** What does special actions on this computer, with the customer's rights. */
export interface ActionHost {
  readonly platform: ActionPlatform;
  /** Does what every computer can. */
  run(action: Exclude<BuiltInAction, "reboot" | "elevate">): Promise<HostResult>;
  /** Runs a line in the shell of the computer. */
  command(line: string): Promise<HostResult>;
  /**
   * Restarts the computer, after which this program is started again with the secret. `done`: it
   * goes down now; with any other result nothing is left behind.
   */
  restart(secret: string): Promise<HostResult>;
  /** The session is over: nothing is started after a restart any more. */
  forget(): void;
}

/** To be asked before an action, ms. */
const askTimeoutMs = 60_000;

/** Does special actions: asks the person where that is due, and shows them what is done. */
export class ActionDesk {
  readonly #parts: ActionParts;
  /** The client that is to come in place of this one. */
  #successor: ElevatedProgram | undefined;

  constructor(parts: ActionParts) {
    this.#parts = parts;
  }

  /** Does one that the gate allows. `stillMay`: asked again when the person has answered. */
  async do({ representative, what }: ActionOrder, stillMay: () => boolean): Promise<ActionResult> {
    const { texts, host, board, consents } = this.#parts;
    const name = representative || texts.someone;
    if (what.kind === "custom" && what.platform !== host.platform)
      return { outcome: "unavailable" };
    const title = actionText(purposeOf(what), texts);
    const question = this.#questionOf(name, what);
    if (question) {
      const { allow, refuse } = texts.actions;
      const asked = { ...question, allow, refuse, timeoutMs: askTimeoutMs };
      if ((await consents.confirm(asked)) !== "yes") return { outcome: "refused" };
    }
    if (!stillMay()) return { outcome: "refused" };
    board.setDoing(texts.actions.doing(name, title));
    const result = await this.#done(what).finally(() => board.setDoing(undefined));
    this.#tell(name, title, result);
    return result;
  }

  async #done(what: ActionOrder["what"]): Promise<ActionResult> {
    const { host, pass, restarting } = this.#parts;
    if (what.kind === "custom") return host.command(what.command);
    if (what.action === "elevate") return this.#beginAnew();
    if (what.action !== "reboot") return host.run(what.action);
    const result = await host.restart(await pass());
    if (result.outcome === "done") restarting();
    return result;
  }

  /** Whether it comes back is told by the link, which then belongs to the new client. */
  async #beginAnew(): Promise<ActionResult> {
    const { elevations, pass } = this.#parts;
    const program = elevations.takeClient();
    if (!program) return { outcome: "unavailable" };
    this.#successor = program;
    try {
      await program.startClient(await pass());
      return { outcome: "failed" };
    } finally {
      this.#successor = undefined;
      program[Symbol.dispose]();
    }
  }

  /** Whether this client goes since another one has come in its place, which then stays. */
  handOver(): boolean {
    this.#successor?.release();
    return this.#successor !== undefined;
  }

  /** The client may not begin anew after all. Harmless once another one has come. */
  stayHere(): void {
    this.#successor?.[Symbol.dispose]();
  }

  /** What the person is asked; undefined: they are told and not asked. */
  #questionOf(
    name: string,
    what: ActionOrder["what"],
  ): { title: string; body: string } | undefined {
    const { actions } = this.#parts.texts;
    if (what.kind === "custom") {
      if (!what.question) return undefined;
      const { language } = this.#parts;
      const title = actions.asksFor(name, actions.nameOf(what.name));
      return { title, body: what.question[language] };
    }
    if (what.action === "reboot") return actions.reboot(name);
    return what.action === "log-out" ? actions.logOut(name) : undefined;
  }

  /** Stays in the conversation, so that the customer can read later what was done. */
  #tell(name: string, title: string, { outcome, opened }: ActionResult): void {
    const { window, clock, texts } = this.#parts;
    const what = opened === undefined ? "" : ` (${opened})`;
    const text = `${title} – ${texts.actions.outcomes[outcome]}${what}`;
    window.addChat({ from: texts.actions.doneBy(name), text, mine: false, at: clock.unixNow() });
  }
}

/** What the desk needs of the session that it belongs to. */
export interface ActionParts {
  readonly host: ActionHost;
  readonly window: HelpWindow;
  readonly texts: Texts;
  readonly language: Language;
  readonly clock: Clock;
  readonly board: StatusBoard;
  readonly consents: ConsentDesk;
  /** Rights with which the client may begin anew. */
  readonly elevations: Elevations;
  /** Gets the secret for coming back. */
  readonly pass: () => Promise<string>;
  /** The computer goes down. */
  readonly restarting: () => void;
}
