import {
  type Channel,
  type ShellConsoleMessage,
  shellConsoleMessage,
  toHandrailError,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { Elevations } from "../elevation/host.ts";
import type { ToolHost, ToolUse } from "../tools.ts";
import type { ShellHost, TerminalSize } from "./host.ts";
import { Shell } from "./shell.ts";

/** Most shells at a time, those that have ended unseen among them. */
const maxShells = 16;

/**
 * The shells of this computer that representatives have opened in a session. A shell is used
 * through one channel at a time and goes on without; all of them end with the desk.
 */
export class ShellDesk implements ToolHost {
  readonly #host: ShellHost;
  readonly #clock: Clock;
  readonly #elevations: Elevations;
  readonly #shells = new Map<number, Shell>();

  constructor(host: ShellHost, clock: Clock, elevations: Elevations) {
    this.#elevations = elevations;
    this.#host = host;
    this.#clock = clock;
  }

  use(use: ToolUse): void {
    const { channel } = use;
    let shell: Shell | undefined;
    // Typing that the terminal does not take yet is held back where it comes from.
    channel.consumesAtOnce = false;
    channel.listener = {
      message: (bytes) => {
        const message = decode(channel, bytes);
        if (!message) return;
        if (shell) return shell.take(channel, message, bytes.length);
        channel.consume(bytes.length);
        shell = this.#begin(use, message);
      },
      drained: () => shell?.drained(channel),
      closed: () => shell && this.#left(shell, channel),
    };
  }

  [Symbol.dispose](): void {
    for (const shell of this.#shells.values()) shell[Symbol.dispose]();
    this.#shells.clear();
  }

  #begin(use: ToolUse, message: ShellConsoleMessage): Shell | undefined {
    const { channel } = use;
    const { type } = message;
    const isFirst = type === "start" || type === "startElevated" || type === "attach";
    if (!isFirst || message.columns < 1 || message.rows < 1) {
      channel.reset("protocol-violation", "a shell begins with its size");
      return undefined;
    }
    const { columns, rows } = message;
    if (type === "start") return this.#start(use, { columns, rows }, this.#host);
    if (type === "startElevated") {
      const elevated = this.#elevations.take(message.grant, "shell");
      if (elevated) return this.#start(use, { columns, rows }, elevated.shells);
      channel.reset("not-found", "the rights are not there any more");
      return undefined;
    }
    const shell = this.#shells.get(message.shell);
    if (shell?.attach(use, message.received, { columns, rows })) return shell;
    channel.reset("not-found", "the shell is not there any more");
    return undefined;
  }

  #start(use: ToolUse, size: TerminalSize, host: ShellHost): Shell | undefined {
    const { channel } = use;
    this.#sweep();
    if (this.#shells.size >= maxShells) {
      channel.reset("conflict", "too many shells are open");
      return undefined;
    }
    const parts = { host, clock: this.#clock, size };
    try {
      const shell = new Shell({ ...parts, number: this.#newNumber() });
      this.#shells.set(shell.number, shell);
      shell.begin(use);
      return shell;
    } catch (error) {
      channel.reset("unavailable", toHandrailError(error).message);
      return undefined;
    }
  }

  /** Makes room: of the shells that have ended, nobody may ever ask for the rest. */
  #sweep(): void {
    for (const shell of this.#shells.values()) {
      if (this.#shells.size < maxShells) return;
      if (shell.isOver) this.#shells.delete(shell.number);
    }
  }

  /** Never one of before, whose console might still look for it. */
  #newNumber(): number {
    for (;;) {
      const number = Number.parseInt(this.#host.nonce().slice(0, 8), 16);
      if (number > 0 && !this.#shells.has(number)) return number;
    }
  }

  #left(shell: Shell, channel: Channel): void {
    const wasTold = shell.channel === channel && shell.hasEnded;
    shell.left(channel);
    if (wasTold) this.#shells.delete(shell.number);
  }
}

/** Undefined: it was no message of a console, and the channel is gone. */
function decode(channel: Channel, bytes: Uint8Array): ShellConsoleMessage | undefined {
  try {
    return shellConsoleMessage.decode(bytes);
  } catch (error) {
    channel.reset("protocol-violation", toHandrailError(error).message);
    return undefined;
  }
}
