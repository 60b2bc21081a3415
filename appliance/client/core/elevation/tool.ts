import {
  type Channel,
  type CustomerAnswer,
  type ElevateConsoleMessage,
  elevateConsoleMessage,
  elevateCustomerMessage,
  type ElevationRefusal,
  scriptHash,
  toHandrailError,
  visible,
} from "@handrail/protocol";
import { type Askable, isAskable } from "../askable.ts";
import type { Clock } from "../clock.ts";
import { mayTexts } from "../may-texts.ts";
import type { Texts } from "../texts.ts";
import type { ToolHost, ToolPlace, ToolUse } from "../tools.ts";
import {
  type ElevatedProgram,
  type ElevationWay,
  type Elevator,
  noScript,
  type ScriptName,
} from "./host.ts";

/** For so long the customer may think about the question, ms. */
const askTimeoutMs = 60_000;
/** After a no, nobody is asked again so soon, ms. */
const askAgainAfterMs = 10_000;
/** So many wrong passwords of representatives are tried in one session. */
const maxWrong = 5;
/** So often the customer may type a password for one question. */
const maxTries = 3;
/** Letters of a script's name that the customer reads. */
const maxScriptName = 100;

/** What the tool is made of. */
export interface ElevateToolParts {
  readonly place: Pick<
    ToolPlace,
    "may" | "elevations" | "confirm" | "said" | "prompting" | "hasRunPrograms"
  >;
  readonly elevator: Elevator;
  readonly texts: Texts;
  readonly clock: Clock;
  /** 32 random hex digits. */
  readonly nonce: () => string;
}

type Facts = Record<string, string | number | boolean>;
/** Who types the password of what. */
type Wish = Exclude<ElevateConsoleMessage, { type: "script" }>;

/** A script that rights are for. */
interface About {
  /** Empty where they are for something else. */
  readonly script: ScriptName;
  /** What it needs, of what the customer can be asked for. */
  readonly needs: readonly Askable[];
}

const nothing: About = { script: noScript, needs: [] };

/** One request for rights, from the question to the end of what they were for. */
interface Request {
  readonly use: ToolUse;
  readonly wish: Wish;
  readonly about: About;
  readonly gone: AbortController;
}

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
    let about: About | undefined;
    channel.listener = {
      message: (bytes) => {
        const message = hasAsked ? undefined : decode(bytes);
        if (message?.type === "script" && !about) return void (about = aboutOf(message));
        hasAsked = true;
        const isNamed = (about?.script.sha256 ?? "") !== "";
        if (message && message.type !== "script" && (message.purpose === "script") === isNamed) {
          const request = { use, wish: message, about: about ?? nothing, gone };
          return void this.#elevate(request).finally(() => bytes.fill(0));
        }
        bytes.fill(0);
        gone.abort();
        channel.reset(
          "protocol-violation",
          "rights are asked for once, and for a script by its hash",
        );
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

  async #elevate(request: Request): Promise<void> {
    const { use, wish, about, gone } = request;
    const { channel, report } = use;
    const { purpose, type: way } = wish;
    const { name: script, sha256 } = about.script;
    const facts: Facts = { purpose, way, ...(script ? { script, sha256 } : {}) };
    report("elevation.asked", facts);
    const program = await this.#get(request);
    if (typeof program === "string") {
      gone.abort();
      report("elevation.refused", { ...facts, why: program });
      return say(channel, program);
    }
    const { nonce, place } = this.#parts;
    const grant = nonce();
    // Only an account that has proved to be one is written down: people mistake one box for another.
    const account = wish.type === "credentials" ? { account: wish.account } : {};
    this.#note(request, true);
    report("elevation.granted", { ...facts, ...account });
    place.elevations.put(grant, { purpose, script: about.script, program });
    channel.send(elevateCustomerMessage.encode({ type: "granted", grant }));
    // With a client that is to come in place of this one, whoever starts it decides.
    const isOurs = () => purpose !== "client" || place.elevations.take(grant, purpose);
    const end = () => isOurs() && program[Symbol.dispose]();
    gone.signal.addEventListener("abort", end);
    if (gone.signal.aborted) end();
    void program.ended.then(() => {
      place.elevations.forget(grant);
      gone.signal.removeEventListener("abort", end);
      gone.abort();
      report("elevation.ended", { purpose });
      channel.close();
    });
  }

  async #get(request: Request): Promise<ElevatedProgram | ElevationRefusal> {
    const { wish, gone } = request;
    if (this.#isBusy) return "busy";
    const { clock } = this.#parts;
    const isTooSoon = clock.now() - this.#refusedAt < askAgainAfterMs;
    if (isTooSoon || this.#wrong >= maxWrong) return "too-many";
    if (this.#isUnguarded(wish)) return "unguarded";
    this.#isBusy = true;
    try {
      const answer = await this.#ask(request);
      if (answer === "no") this.#refusedAt = clock.now();
      if (answer !== "yes") return answer === "no" ? "customer-refused" : "too-slow";
      if (gone.signal.aborted) return "cancelled";
      // While the customer thought about it, one may have been opened.
      if (this.#isUnguarded(wish)) return "unguarded";
      const got = await this.#try(request);
      if (this.#isUnguarded(wish)) {
        if (typeof got !== "string") got[Symbol.dispose]();
        return "unguarded";
      }
      if (got === "wrong-password" && wish.type === "credentials") this.#wrong++;
      return got;
    } catch {
      // What it was is for the log of this computer, if for any: here it must not be told twice.
      return "failed";
    } finally {
      this.#typing = undefined;
      this.#isBusy = false;
    }
  }

  async #try(request: Request): Promise<ElevatedProgram | ElevationRefusal> {
    const { wish, gone } = request;
    const attempt = new AbortController();
    gone.signal.addEventListener("abort", () => attempt.abort());
    const isTyping = wish.type === "customer";
    if (isTyping) this.#typing = attempt;
    // A window of the system asks now: a representative must not answer it.
    return this.#parts.place.prompting(() => this.#tries(request, attempt.signal), isTyping);
  }

  /** Whoever types at the own computer may mistype; what was typed elsewhere is tried once. */
  async #tries(request: Request, signal: AbortSignal): Promise<ElevatedProgram | ElevationRefusal> {
    const { use, wish } = request;
    for (let tries = 1; ; tries++) {
      const way = this.#wayOf(request, tries > 1);
      const got = await this.#parts.elevator.elevate(way, signal);
      if (got !== "wrong-password" || wish.type !== "customer") return got;
      use.report("elevation.wrong-password", { purpose: wish.purpose, tries });
      if (tries === maxTries || signal.aborted) return got;
    }
  }

  /** Whatever runs on a desktop of X11 reads the keyboard, also while it is grabbed. */
  #isUnguarded({ type }: Wish): boolean {
    return type === "customer" && this.#parts.place.hasRunPrograms();
  }

  /** One question for all that is to happen; what it allows holds for the session. */
  async #ask(request: Request): Promise<CustomerAnswer> {
    const { texts, place } = this.#parts;
    const { use, wish, about } = request;
    const needs = about.needs.filter((permission) => !place.may(permission));
    const sentences = mayTexts(texts, undefined);
    const { title, body } = texts.elevation.question({
      ...{ name: use.by || texts.someone, purpose: wish.purpose, script: about.script.name },
      isTypedHere: wish.type === "customer",
      also: needs.flatMap((permission) => sentences.get(permission) ?? []),
    });
    const { allow, refuse } = texts.elevation;
    const answer = await place.confirm({ title, body, allow, refuse, timeoutMs: askTimeoutMs });
    const isAllowed = answer === "yes";
    if (isAllowed) this.#note(request, false);
    const concerned = isAllowed ? (["elevate", ...needs] as const) : (["elevate"] as const);
    const representative = use.by;
    await Promise.all(
      concerned.map((permission) => place.said({ permission, answer, representative })),
    );
    return answer;
  }

  /** For the customer to see, from their yes to the end of the rights. */
  #note({ use, wish, about, gone }: Request, isGiven: boolean): void {
    const { by } = use;
    const { purpose } = wish;
    this.#parts.place.elevations.note(gone.signal, {
      ...{ by, purpose, isGiven, script: about.script.name },
    });
  }

  #wayOf({ use, wish, about }: Request, isAgain: boolean): ElevationWay {
    const { texts } = this.#parts;
    if (wish.type === "customer") {
      const words = texts.elevation.password({
        ...{ name: use.by || texts.someone, purpose: wish.purpose, script: about.script.name },
        isAgain,
      });
      return { way: "customer", words, isAgain };
    }
    const { account, password } = wish;
    return { way: "credentials", account, password };
  }
}

/** Without a hash it is none that rights are given for: a name is whatever a console likes. */
function aboutOf({ name, needs }: Extract<ElevateConsoleMessage, { type: "script" }>): About {
  const known = ["scripts", ...needs.split(" ")].filter(isAskable);
  const script = { name: visible(name).slice(0, maxScriptName), sha256: scriptHash(needs) ?? "" };
  return { script, needs: [...new Set(known)] };
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
