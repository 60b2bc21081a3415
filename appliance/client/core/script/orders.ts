import type { ScriptOrder } from "@handrail/protocol";

/** Most orders that wait for their channels; the oldest is forgotten. */
const maxOrders = 16;

/** Runs of scripts that the appliance has announced and no channel has named yet. */
export class ScriptOrders {
  readonly #orders = new Map<string, ScriptOrder>();

  put(order: ScriptOrder): void {
    this.#orders.set(order.run, order);
    const [oldest] = this.#orders.keys();
    if (oldest !== undefined && this.#orders.size > maxOrders) this.#orders.delete(oldest);
  }

  /** The order of that name, once. */
  take(run: string): ScriptOrder | undefined {
    const order = this.#orders.get(run);
    this.#orders.delete(run);
    return order;
  }
}
