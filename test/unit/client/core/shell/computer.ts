import {
  Channel,
  frameTypes,
  shellConsoleMessage,
  type ShellConsoleMessage,
  shellCustomerMessage,
  type ShellCustomerMessage,
  varintFrame,
} from "@handrail/protocol";
import type {
  ShellHost,
  ShellProcess,
  ShellStart,
  TerminalSize,
} from "../../../../../appliance/client/core/shell/host.ts";
import type { ToolUse } from "../../../../../appliance/client/core/tools.ts";

/** A terminal that is the test itself: it keeps what it is told, and says what the test wants. */
export class TerminalRecord implements ShellProcess {
  readonly program = "/bin/sh";
  readonly isElevated = false;
  readonly start: ShellStart;
  readonly sizes: TerminalSize[] = [];
  readonly typed: Uint8Array[] = [];
  readonly taken: (() => void)[] = [];
  isPaused = false;
  isHungUp = false;

  constructor(start: ShellStart) {
    this.start = start;
    this.sizes.push(start.size);
  }

  write(bytes: Uint8Array, taken: () => void): void {
    this.typed.push(bytes);
    this.taken.push(taken);
  }
  resize({ columns, rows }: TerminalSize): void {
    this.sizes.push({ columns, rows });
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  hangUp(): void {
    this.isHungUp = true;
  }

  /** A program writes this. */
  says(text: string | Uint8Array): void {
    this.start.output(typeof text === "string" ? new TextEncoder().encode(text) : text);
  }
  /** The shell makes one of its own marks. */
  marks(kind: string, text: string): void {
    this.says(`\u{1b}]6973;${this.start.nonce};${kind};${text}\u{7}`);
  }
}

/** A computer on which every shell is a `TerminalRecord`. */
export class ComputerRecord implements ShellHost {
  readonly terminals: TerminalRecord[] = [];
  #nonces = 0;

  nonce(): string {
    this.#nonces += 1;
    return this.#nonces.toString(16).padStart(8, "0").padEnd(32, "a");
  }
  start(start: ShellStart): TerminalRecord {
    const terminal = new TerminalRecord(start);
    this.terminals.push(terminal);
    return terminal;
  }
  /** The one that was started last. */
  get terminal(): TerminalRecord {
    const terminal = this.terminals.at(-1);
    if (!terminal) throw new Error("no shell was started");
    return terminal;
  }
}

/** A console's end of a shell's channel, without a line between: the test says what is taken. */
export class ConsoleRecord {
  readonly channel = new Channel(2, "shell", () => undefined);
  readonly use: ToolUse;
  readonly heard: ShellCustomerMessage[] = [];
  readonly reports: { event: string; detail: Readonly<Record<string, unknown>> }[] = [];
  readonly #parts: Uint8Array[] = [];
  #takenBytes = 0;

  constructor() {
    this.channel.accept();
    this.use = {
      channel: this.channel,
      by: "Ann",
      report: (event, detail) => void this.reports.push({ event, detail }),
    };
  }

  say(message: ShellConsoleMessage): void {
    this.channel.listener.message?.(shellConsoleMessage.encode(message));
  }

  /** Takes what waits in the channel, or at most so many frames of it. */
  async take(frames = Number.POSITIVE_INFINITY): Promise<this> {
    for (let i = 0; i < frames; i++) {
      const frame = this.channel.next(0);
      if (!frame) break;
      if (frame.type !== frameTypes.DATA && frame.type !== frameTypes.DATA_MORE) continue;
      this.#takenBytes += frame.payload.length;
      this.channel.receive(varintFrame(frameTypes.CREDIT, 2, this.#takenBytes), 0);
      this.#parts.push(frame.payload);
      if (frame.type === frameTypes.DATA_MORE) continue;
      this.heard.push(shellCustomerMessage.decode(Buffer.concat(this.#parts.splice(0))));
    }
    await Promise.resolve();
    return this;
  }

  /** The line is gone for good. */
  drop(): void {
    this.channel.lost("resume-refused");
  }

  /** All that was shown. */
  get shown(): string {
    const parts = this.heard.flatMap((message) =>
      message.type === "output" ? [message.bytes] : [],
    );
    return Buffer.concat(parts).toString();
  }
}
