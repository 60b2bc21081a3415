import { scriptConsoleMessage, type ScriptOrder, toHandrailError } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { ToolHost, ToolPlace, ToolUse } from "../tools.ts";
import type { ScriptHost } from "./host.ts";
import { ScriptRun } from "./run.ts";

/** What scripts need to know of the session. */
export type ScriptPlace = Pick<ToolPlace, "may" | "orders" | "elevations">;

/** Most scripts that run at a time. */
const maxRuns = 8;

/**
 * Scripts as a tool. What is run never comes from the console: the appliance has told it before, and
 * the channel only names it. What the script needs the customer must have allowed, here.
 */
export class ScriptTool implements ToolHost {
  readonly #place: ScriptPlace;
  readonly #host: ScriptHost;
  readonly #clock: Clock;
  readonly #runs = new Set<ScriptRun>();

  constructor(place: ScriptPlace, host: ScriptHost, clock: Clock) {
    this.#place = place;
    this.#host = host;
    this.#clock = clock;
  }

  use(use: ToolUse): void {
    const { channel, run: name } = use;
    const order = name === undefined ? undefined : this.#place.orders.take(name);
    if (!order) return channel.reset("not-found", "no such run");
    if (!order.needs.every((permission) => this.#place.may(permission))) {
      return channel.reset("customer-refused", "the script needs what is not allowed");
    }
    const { platforms } = order;
    if (platforms.length > 0 && !platforms.includes(this.#host.platform)) {
      return channel.reset("unavailable", "the script is for other computers");
    }
    if (this.#runs.size >= maxRuns) return channel.reset("conflict", "too many scripts run");
    const host = this.#hostOf(order);
    if (!host) return channel.reset("not-found", "the rights are not there any more");
    this.#begin(order, use, host);
  }

  [Symbol.dispose](): void {
    for (const run of this.#runs) run.kill();
    this.#runs.clear();
  }

  /** With an administrator's rights where the order says so. */
  #hostOf(order: ScriptOrder): ScriptHost | undefined {
    if (order.grant === undefined) return this.#host;
    return this.#place.elevations.take(order.grant, "script", order)?.scripts;
  }

  #begin(order: ScriptOrder, use: ToolUse, host: ScriptHost): void {
    const { channel } = use;
    const over = () => void this.#runs.delete(run);
    const parts = { order, use, host, clock: this.#clock, over };
    const run: ScriptRun = new ScriptRun(parts);
    this.#runs.add(run);
    channel.listener = {
      message: (bytes) => {
        try {
          scriptConsoleMessage.decode(bytes);
        } catch (error) {
          channel.reset("protocol-violation", toHandrailError(error).message);
        }
        run.end("cancelled");
      },
      drained: () => run.drained(),
      closed: () => run.end("cancelled"),
    };
  }
}
