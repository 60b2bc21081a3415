import {
  type Channel,
  type CustomerAnswer,
  type Permission,
  type Tool,
  tools,
} from "@handrail/protocol";
import type { Clock } from "./clock.ts";
import type { Asked, ConsentDesk, OwnAnswer } from "./consent.ts";
import { Elevations } from "./elevation/host.ts";
import { ChatFileBook } from "./chat-file/book.ts";
import type { PolicyGate } from "./policy-gate.ts";
import { ScriptOrders } from "./script/orders.ts";

/** Whoever opens a channel says at once what it is for, ms. */
const firstWithinMs = 2000;

/** What happened with a tool; see `toolEventShape` in the protocol. */
export type ToolReport = (event: string, detail: Record<string, string | number | boolean>) => void;

/** One use of a tool: a channel, who uses it, and whom to tell what is done. */
export interface ToolUse {
  readonly channel: Channel;
  /** The representative's name. */
  readonly by: string;
  /** For a script: which run. */
  readonly run?: string | undefined;
  readonly report: ToolReport;
}

/** A tool as this computer has it. Sets the channel's listener; throws when it cannot be used. */
export interface ToolHost extends Disposable {
  use(use: ToolUse): void;
  /** While it rests it shows nothing on the customer's screen; see `ToolDesk.rest`. */
  rest?(isResting: boolean): void;
  /** Programs of a representative run here from now on; see `ToolPlace.hasRunPrograms`. */
  programsRun?(): void;
}

/** What a tool may know of the session that it is used in. */
export interface ToolPlace {
  /** Whether the customer allows it now. */
  may(permission: Permission): boolean;
  readonly orders: ScriptOrders;
  /** An administrator's rights that were granted for one use each. */
  readonly elevations: Elevations;
  /** Asks the customer about one thing that is about to be done. */
  confirm(asked: Asked): Promise<CustomerAnswer>;
  /** What came of such a question, for the permissions that it was about. Never rejects. */
  said(own: OwnAnswer): Promise<void>;
  /**
   * Has something done while which a window of the system asks the customer. `isTyping`: for a
   * password.
   */
  prompting<T>(work: () => Promise<T>, isTyping: boolean): Promise<T>;
  /** Files that the conversation has announced. */
  readonly chatFiles: ChatFileBook;
  /** Whether programs of a representative have run here, with which whatever is typed can be read. */
  hasRunPrograms(): boolean;
}

/** What opens the tools of this computer, by their names; a missing one is not to be had here. */
export type ToolHosts = Readonly<Partial<Record<Tool, (place: ToolPlace) => ToolHost>>>;

/**
 * The tools that are in use on this computer, and the one place that ends them when the customer or
 * the appliance takes the permission away. Each tool is opened when it is first used.
 */
export class ToolDesk implements Disposable {
  readonly #gate: PolicyGate;
  readonly #consents: ConsentDesk;
  readonly #hosts: ToolHosts;
  readonly #open = new Map<Tool, ToolHost>();
  readonly #channels = new Map<Channel, Tool>();
  readonly #held = new Map<Channel, Uint8Array[]>();
  readonly #clock: Clock;
  #hasRunPrograms = false;
  readonly #resting = new Set<"question" | "line">();
  /** See `ToolPlace`. */
  readonly elevations = new Elevations();
  /** Runs of scripts that the appliance has announced. */
  readonly orders: ScriptOrders;
  /** Files that the conversation has announced. */
  readonly chatFiles = new ChatFileBook();

  constructor(gate: PolicyGate, hosts: ToolHosts, clock: Clock, consents: ConsentDesk) {
    this.#gate = gate;
    this.#consents = consents;
    this.#hosts = hosts;
    this.#clock = clock;
    this.orders = new ScriptOrders(clock);
  }

  /**
   * Keeps what comes, within the channel's credit, until the customer has answered. Resolves to the
   * first message; to undefined when none comes soon, or the channel goes.
   */
  hold(channel: Channel): Promise<Uint8Array | undefined> {
    const messages: Uint8Array[] = [];
    const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
    const limit = this.#clock.after(firstWithinMs, () => resolve(undefined));
    this.#held.set(channel, messages);
    channel.consumesAtOnce = false;
    channel.listener = {
      message: (bytes) => {
        messages.push(bytes);
        resolve(bytes);
      },
      closed: () => {
        this.#held.delete(channel);
        resolve(undefined);
      },
    };
    return promise.finally(() => limit[Symbol.dispose]());
  }

  /** Lets a representative use a tool, which the gate allows. */
  attach(tool: Tool, use: ToolUse): void {
    const { channel } = use;
    channel.consumesAtOnce = true;
    const open = this.#hosts[tool];
    if (!open) return channel.reset("unavailable", "this computer does not have the tool");
    try {
      const host = this.#open.get(tool) ?? open(this.#place());
      this.#open.set(tool, host);
      host.rest?.(this.#resting.size > 0);
      host.use(use);
      // What was refused at once has run nothing.
      if ((tool === "shell" || tool === "script") && !channel.isGone) this.#programsRun();
    } catch (error) {
      return channel.reset("unavailable", error instanceof Error ? error.message : String(error));
    }
    this.#channels.set(channel, tool);
    this.#release(channel);
  }

  #programsRun(): void {
    this.#hasRunPrograms = true;
    for (const host of this.#open.values()) host.programsRun?.();
  }

  #place(): ToolPlace {
    return {
      may: (permission) => this.#gate.may(permission),
      orders: this.orders,
      chatFiles: this.chatFiles,
      hasRunPrograms: () => this.#hasRunPrograms,
      elevations: this.elevations,
      confirm: (asked) => this.#consents.confirm(asked),
      said: (own) => this.#consents.said(own),
      prompting: (work, isTyping) => this.#consents.during(work, isTyping),
    };
  }

  #release(channel: Channel): void {
    const messages = this.#held.get(channel);
    if (!messages) return;
    this.#held.delete(channel);
    const bytes = messages.reduce((sum, message) => sum + message.length, 0);
    for (const message of messages) channel.listener.message?.(message);
    if (channel.consumesAtOnce) channel.consume(bytes);
  }

  /**
   * While the customer is asked something, or the line is interrupted, no tool shows anything on
   * the screen: nobody is to point at an answer, and nothing is left that nobody can take away.
   */
  rest(because: "question" | "line", isResting: boolean): void {
    if (isResting) this.#resting.add(because);
    else this.#resting.delete(because);
    for (const host of this.#open.values()) host.rest?.(this.#resting.size > 0);
  }

  /** Ends what is not allowed any more, and what was begun with it. */
  narrowed(): void {
    for (const [channel, tool] of this.#channels) {
      if (channel.isGone) this.#channels.delete(channel);
      else if (!this.#gate.may(tools[tool].permission)) this.#end(channel);
    }
    for (const [tool, host] of this.#open) {
      if (this.#gate.may(tools[tool].permission)) continue;
      this.#open.delete(tool);
      host[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    for (const channel of this.#channels.keys()) this.#end(channel);
    for (const host of this.#open.values()) host[Symbol.dispose]();
    this.#open.clear();
    this.orders[Symbol.dispose]();
  }

  #end(channel: Channel): void {
    this.#channels.delete(channel);
    channel.reset(this.#gate.state === "ended" ? "session-ended" : "not-permitted");
  }
}
