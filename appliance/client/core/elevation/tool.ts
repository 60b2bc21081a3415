import {
  type Channel,
  type ElevateConsoleMessage,
  elevateConsoleMessage,
  elevateCustomerMessage,
  type ElevationRefusal,
  toHandrailError,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { ToolHost, ToolPlace, ToolUse } from "../tools.ts";
import type { ElevatedProgram, ElevationWay, Elevator } from "./host.ts";
import type { ElevationTexts } from "./texts.ts";

/** For so long the customer may think about the question, ms. */
const askTimeoutMs = 60_000;
/** After a no, nobody is asked again so soon, ms. */
const askAgainAfterMs = 10_000;
/** So many wrong passwords of representatives are tried in one session. */
const maxWrong = 5;

/** What the tool is made of. */
export interface ElevateToolParts {
  readonly place: Pick<ToolPlace, "elevations" | "confirm" | "prompting" | "hasRunPrograms">;
  readonly elevator: Elevator;
  readonly texts: ElevationTexts;
  /** For a representative without a name. */
  readonly someone: string;
  readonly clock: Clock;
  /** 32 random hex digits. */
  readonly nonce: () => string;
}

type Facts = Record<string, string | number | boolean>;

/**
 * An administrator's rights as a tool. One channel is one grant: the customer is asked each time, the
 * rights are for one thing, and they end with the channel, whoever ends it. Nothing of a password is
 * kept or told.
 */
export class ElevateTool implements ToolHost {
  readonly #parts: ElevateToolParts;
  /** What goes on, by whom it ends. */
  readonly #uses = new Set<AbortController>();
  /** While the customer types a password. */
  #typing: AbortController | undefined;
  #isBusy = false;
  #wrong = 0;
  #refusedAt = -Infinity;

  constructor(parts: ElevateToolParts) {
    this.#parts = parts;
  }

  use(use: ToolUse): void {
    const { channel } = use;
    const gone = new AbortController();
    this.#uses.add(gone);
    let hasAsked = false;
    channel.listener = {
      message: (bytes) => {
        const message = hasAsked ? undefined : decode(bytes);
        hasAsked = true;
        if (message) return void this.#elevate(use, message, gone).finally(() => bytes.fill(0));
        bytes.fill(0);
        gone.abort();
        channel.reset("protocol-violation", "rights are asked for once on a channel");
      },
      closed: () => gone.abort(),
    };
    gone.signal.addEventListener("abort", () => this.#uses.delete(gone));
  }

  programsRun(): void {
    this.#typing?.abort();
  }

  [Symbol.dispose](): void {
    for (const gone of [...this.#uses]) gone.abort();
  }

  async #elevate(
    use: ToolUse,
    message: ElevateConsoleMessage,
    gone: AbortController,
  ): Promise<void> {
    const { channel, report } = use;
    const { purpose, type: way } = message;
    const facts: Facts = { purpose, way };
    report("elevation.asked", facts);
    const program = await this.#get(use, message, gone.signal);
    if (typeof program === "string") {
      report("elevation.refused", { ...facts, why: program });
      return say(channel, program);
    }
    const { nonce, place } = this.#parts;
    const grant = nonce();
    // Only an account that has proved to be one is written down: people mistake one box for another.
    const account = message.type === "credentials" ? { account: message.account } : {};
    report("elevation.granted", { ...facts, ...account });
    place.elevations.put(grant, purpose, program);
    channel.send(elevateCustomerMessage.encode({ type: "granted", grant }));
    // With a client that is to come in place of this one, whoever starts it decides.
    const isOurs = () => purpose !== "client" || place.elevations.take(grant, purpose);
    const end = () => isOurs() && program[Symbol.dispose]();
    gone.signal.addEventListener("abort", end);
    if (gone.signal.aborted) end();
    void program.ended.then(() => {
      place.elevations.forget(grant);
      report("elevation.ended", { purpose });
      channel.close();
    });
  }

  async #get(
    use: ToolUse,
    message: ElevateConsoleMessage,
    signal: AbortSignal,
  ): Promise<ElevatedProgram | ElevationRefusal> {
    if (this.#isBusy) return "busy";
    const { clock } = this.#parts;
    const isTooSoon = clock.now() - this.#refusedAt < askAgainAfterMs;
    if (isTooSoon || this.#wrong >= maxWrong) return "too-many";
    if (this.#isUnguarded(message)) return "unguarded";
    this.#isBusy = true;
    try {
      if (!(await this.#mayGoOn(use, message))) {
        this.#refusedAt = clock.now();
        return "customer-refused";
      }
      if (signal.aborted) return "cancelled";
      // While the customer thought about it, one may have been opened.
      if (this.#isUnguarded(message)) return "unguarded";
      const got = await this.#try(use, message, signal);
      if (this.#isUnguarded(message)) {
        if (typeof got !== "string") got[Symbol.dispose]();
        return "unguarded";
      }
      if (got === "wrong-password" && message.type === "credentials") this.#wrong++;
      return got;
    } catch {
      // What it was is for the log of this computer, if for any: here it must not be told twice.
      return "failed";
    } finally {
      this.#typing = undefined;
      this.#isBusy = false;
    }
  }

  async #try(use: ToolUse, message: ElevateConsoleMessage, signal: AbortSignal) {
    const { elevator, place } = this.#parts;
    const attempt = new AbortController();
    signal.addEventListener("abort", () => attempt.abort());
    if (message.type === "customer") this.#typing = attempt;
    // A window of the system asks now: a representative must not answer it.
    return place.prompting(() => elevator.elevate(this.#wayOf(use, message), attempt.signal));
  }

  /** Whatever runs on a desktop of X11 reads the keyboard, also while it is grabbed. */
  #isUnguarded({ type }: ElevateConsoleMessage): boolean {
    return type === "customer" && this.#parts.place.hasRunPrograms();
  }

  #mayGoOn({ by }: ToolUse, { purpose, type }: ElevateConsoleMessage): Promise<boolean> {
    const { texts, place, someone } = this.#parts;
    const { title, body } = texts.question(by || someone, purpose, type === "customer");
    const { allow, refuse } = texts;
    return place.confirm({ title, body, allow, refuse, timeoutMs: askTimeoutMs });
  }

  #wayOf({ by }: ToolUse, message: ElevateConsoleMessage): ElevationWay {
    const { texts, someone } = this.#parts;
    if (message.type === "customer") {
      return { way: "customer", words: texts.password(by || someone, message.purpose) };
    }
    const { account, password } = message;
    return { way: "credentials", account, password };
  }
}

function say(channel: Channel, why: ElevationRefusal): void {
  channel.send(elevateCustomerMessage.encode({ type: "refused", why }));
  channel.close();
}

/** Undefined: it was no message of a console. */
function decode(bytes: Uint8Array): ElevateConsoleMessage | undefined {
  try {
    return elevateConsoleMessage.decode(bytes);
  } catch (error) {
    if (toHandrailError(error).code === "internal") throw error;
    return undefined;
  }
}
