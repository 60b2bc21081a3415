import type { CustomerPurpose } from "@handrail/protocol";
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
}

/** A question in words. */
export interface Asked {
  readonly title: string;
  readonly body: string;
  readonly allow: string;
  readonly refuse: string;
  readonly timeoutMs: number;
}

/** Less than this is no time to read a question, ms. */
const leastTimeMs = 1000;

/**
 * Puts questions to the customer, one at a time. Only the allowing button is a yes: no answer in
 * time, a closed window and the end of the session are a no.
 */
export class ConsentDesk {
  readonly #window: HelpWindow;
  readonly #texts: Texts;
  readonly #namesOf: PurposeWords["namesOf"];
  readonly #gate: PolicyGate;
  readonly #clock: Clock;
  /** Told when a question appears, and when the last one has gone. */
  readonly #prompting: (isOpen: boolean) => void;
  readonly #abort = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #count = 0;

  constructor(parts: {
    window: HelpWindow;
    texts: Texts;
    namesOf: PurposeWords["namesOf"];
    gate: PolicyGate;
    clock: Clock;
    prompting: (isOpen: boolean) => void;
  }) {
    this.#window = parts.window;
    this.#texts = parts.texts;
    this.#namesOf = parts.namesOf;
    this.#gate = parts.gate;
    this.#clock = parts.clock;
    this.#prompting = parts.prompting;
  }

  /** Resolves to the answer, which the gate has heard by then. */
  ask(wanted: Wanted): Promise<boolean> {
    return this.#inTurn(wanted.timeoutMs, (leftMs) => this.#askNow(wanted, leftMs));
  }

  /** Asks about one thing that is about to be done, whatever is allowed in general. */
  confirm(asked: Asked): Promise<boolean> {
    return this.#inTurn(asked.timeoutMs, (leftMs) =>
      this.#show("action", { ...asked, timeoutMs: leftMs }),
    );
  }

  /** While the work goes on, somebody else asks the person, in a window that is not ours. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#began();
    return work().finally(() => this.#settled());
  }

  #inTurn(timeoutMs: number, put: (leftMs: number) => Promise<boolean>): Promise<boolean> {
    const until = this.#clock.now() + timeoutMs;
    this.#began();
    const answer = this.#last
      .then(() => put(until - this.#clock.now()))
      .finally(() => this.#settled());
    this.#last = answer.catch(() => false);
    return answer;
  }

  #began(): void {
    this.#waiting++;
    this.#prompting(true);
  }

  #settled(): void {
    this.#waiting--;
    if (this.#waiting === 0) this.#prompting(false);
  }

  /** Whatever is open or waiting is a no. */
  end(): void {
    this.#abort.abort();
  }

  async #askNow(wanted: Wanted, timeoutMs: number): Promise<boolean> {
    const { permission, representative, purpose } = wanted;
    const name = representative || this.#texts.someone;
    const { title, body, allow, refuse } = this.#texts.consent[permission];
    const { withRights } = this.#texts.elevation;
    const meaning = (this.#gate.isElevated && withRights[permission]) || body(name);
    // First what is to happen now, then all that a yes would mean.
    const words = { texts: this.#texts, namesOf: this.#namesOf };
    const now = purpose && this.#texts.wantedNow(purposeText(purpose, words));
    const text = [now, meaning].filter((part) => part !== undefined).join("\n\n");
    const asked = { title: title(name), body: text, allow, refuse, timeoutMs };
    const isGranted = await this.#show(permission, asked);
    this.#gate.answered(permission, isGranted);
    return isGranted;
  }

  async #show(about: string, asked: Asked): Promise<boolean> {
    const { signal } = this.#abort;
    const { title, body, allow, refuse, timeoutMs } = asked;
    return (
      timeoutMs >= leastTimeMs &&
      !signal.aborted &&
      (await this.#window.ask(
        {
          id: `${about}-${++this.#count}`,
          title,
          body,
          allowLabel: allow,
          refuseLabel: refuse,
          timeoutMs,
        },
        signal,
      ))
    );
  }
}
