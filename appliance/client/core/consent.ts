import type { CustomerAnswer, CustomerPurpose, Permission } from "@handrail/protocol";
import type { Askable } from "./askable.ts";
import type { Clock } from "./clock.ts";
import type { HelpWindow } from "./host.ts";
import type { PolicyGate } from "./policy-gate.ts";
import { purposeText, type PurposeWords } from "./purpose-text.ts";
import type { Texts } from "./texts.ts";

interface Wanted {
  readonly permission: Askable;
  readonly representative: string;
  readonly timeoutMs: number;
  /** What it is wanted for just now. */
  readonly purpose?: CustomerPurpose | undefined;
  /** Told when it waits behind another question, and when the customer sees it. */
  readonly turned?: (isShown: boolean) => void;
}

/** What the customer said to a question that the appliance has not asked for. */
export interface OwnAnswer {
  readonly permission: Permission;
  readonly answer: CustomerAnswer;
  /** The name that stood in the question. */
  readonly representative: string;
}

/** Why the customer is not to be asked other things: see `ConsentDesk.during`. */
export interface Prompting {
  /** Somebody else's window asks, or ours, and a representative's input must not answer it. */
  readonly isOpen: boolean;
  /** A password is being typed somewhere. */
  readonly isTyping: boolean;
}

/** Clocks may differ by so much about when a time has passed, ms. */
const tickMs = 20;

/** A question in words. */
export interface Asked {
  readonly title: string;
  readonly body: string;
  readonly allow: string;
  readonly refuse: string;
  readonly timeoutMs: number;
}

/** Who has waited so long behind other questions is not asked any more, ms. */
const maxQueuedMs = 300_000;

/**
 * Puts questions to the customer, one at a time, each with its whole time from when it is seen. Only
 * the allowing button is a yes: no answer in time, a closed window and the end of the session are none.
 */
export class ConsentDesk {
  readonly #window: HelpWindow;
  readonly #texts: Texts;
  readonly #namesOf: PurposeWords["namesOf"];
  readonly #gate: PolicyGate;
  readonly #clock: Clock;
  /** Told when a question appears, and when the last one has gone. */
  readonly #prompting: (now: Prompting) => void;
  /** Tells the appliance; whether it has written that down. Never rejects. */
  readonly #told: (own: OwnAnswer) => Promise<boolean>;
  readonly #abort = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isTyping = false;
  #count = 0;

  constructor(parts: {
    window: HelpWindow;
    texts: Texts;
    namesOf: PurposeWords["namesOf"];
    gate: PolicyGate;
    clock: Clock;
    prompting: (now: Prompting) => void;
    told: (own: OwnAnswer) => Promise<boolean>;
  }) {
    this.#window = parts.window;
    this.#texts = parts.texts;
    this.#namesOf = parts.namesOf;
    this.#gate = parts.gate;
    this.#clock = parts.clock;
    this.#prompting = parts.prompting;
    this.#told = parts.told;
  }

  /** Resolves to the answer, which the gate has heard by then. */
  ask(wanted: Wanted): Promise<CustomerAnswer> {
    if (this.#waiting > 0) wanted.turned?.(false);
    return this.#inTurn(() => {
      wanted.turned?.(true);
      return this.#askNow(wanted);
    });
  }

  /** The same where the appliance did not ask: it is told what was said. */
  async askOwn(wanted: Omit<Wanted, "turned">): Promise<CustomerAnswer> {
    const answer = await this.ask(wanted);
    const { permission, representative } = wanted;
    // Let pass, it is to be asked for again.
    if (answer === "no answer") this.#gate.forget(permission);
    await this.#told({ permission, answer, representative });
    return answer;
  }

  /** Asks about one thing that is about to be done, whatever is allowed in general. */
  confirm(asked: Asked): Promise<CustomerAnswer> {
    return this.#inTurn(() => this.#show("action", asked));
  }

  /** What the customer has said to a question about more than the permission. */
  async said(own: OwnAnswer): Promise<void> {
    const { permission, answer } = own;
    // Not before: how the session stood before would take it back again.
    const isKept = await this.#told(own);
    // Rights themselves are asked for each time, whatever was said before.
    if (isKept && answer === "yes" && permission !== "elevate") {
      this.#gate.answered(permission, true);
    }
  }

  /**
   * While the work goes on, somebody else asks the person, in a window that is not ours: no question
   * of ours comes in between. `isTyping`: for a password.
   */
  during<T>(work: () => Promise<T>, isTyping: boolean): Promise<T> {
    return this.#turn(() => {
      this.#isTyping = isTyping;
      this.#tell();
      return work().finally(() => (this.#isTyping = false));
    });
  }

  #inTurn(put: () => Promise<CustomerAnswer>): Promise<CustomerAnswer> {
    const until = this.#clock.now() + maxQueuedMs;
    return this.#turn(() =>
      this.#clock.now() < until ? put() : Promise.resolve("no answer" as const),
    );
  }

  #turn<T>(put: () => Promise<T>): Promise<T> {
    this.#waiting++;
    this.#tell();
    const answer = this.#last.then(put).finally(() => {
      this.#waiting--;
      this.#tell();
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  #tell(): void {
    this.#prompting({ isOpen: this.#waiting > 0, isTyping: this.#isTyping });
  }

  /** Whatever is open or waiting is a no. */
  end(): void {
    this.#abort.abort();
  }

  async #askNow(wanted: Wanted): Promise<CustomerAnswer> {
    const { permission, representative, purpose, timeoutMs } = wanted;
    const name = representative || this.#texts.someone;
    const { title, body, allow, refuse } = this.#texts.consent[permission];
    const { withRights } = this.#texts.elevation;
    const meaning = (this.#gate.isElevated && withRights[permission]) || body(name);
    // First what is to happen now, then all that a yes would mean.
    const words = { texts: this.#texts, namesOf: this.#namesOf };
    const now = purpose && this.#texts.wantedNow(purposeText(purpose, words));
    const text = [now, meaning].filter((part) => part !== undefined).join("\n\n");
    const asked = { title: title(name), body: text, allow, refuse, timeoutMs };
    const answer = await this.#show(permission, asked);
    this.#gate.answered(permission, answer === "yes");
    return answer;
  }

  async #show(about: string, asked: Asked): Promise<CustomerAnswer> {
    const { signal } = this.#abort;
    if (signal.aborted) return "no";
    const { title, body, allow: allowLabel, refuse: refuseLabel, timeoutMs } = asked;
    const shownAt = this.#clock.now();
    const id = `${about}-${++this.#count}`;
    const question = { id, title, body, allowLabel, refuseLabel, timeoutMs };
    if (await this.#window.ask(question, signal)) return "yes";
    return this.#clock.now() - shownAt >= timeoutMs - tickMs ? "no answer" : "no";
  }
}
