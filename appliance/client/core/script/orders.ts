import { scriptHeldMs, type ScriptOrder } from "@handrail/protocol";
import type { Clock } from "../clock.ts";

/** Most orders that wait for their channels; the oldest is forgotten. */
const maxOrders = 16;

interface Held {
  readonly order: ScriptOrder;
  /** Forgets it. */
  readonly end: Disposable;
}

/**
 * Runs of scripts that the appliance has announced and no channel has named yet. Each waits for a
 * while only: whoever is asked for a script is asked for one that is to run now.
 */
export class ScriptOrders implements Disposable {
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  put(order: ScriptOrder): void {
    const { run } = order;
    this.take(run);
    this.#held.set(run, { order, end: this.#clock.after(scriptHeldMs, () => this.take(run)) });
    const [oldest] = this.#held.keys();
    if (oldest !== undefined && this.#held.size > maxOrders) this.take(oldest);
  }

  /** The order of that name, once. */
  take(run: string): ScriptOrder | undefined {
    const held = this.#held.get(run);
    this.#held.delete(run);
    held?.end[Symbol.dispose]();
    return held?.order;
  }

  [Symbol.dispose](): void {
    for (const run of [...this.#held.keys()]) this.take(run);
  }
}
