import {
  type Channel,
  maxDataBytes,
  oneLine,
  type ShellConsoleMessage,
  shellCustomerMessage,
  type ShellCustomerMessage,
} from "@handrail/protocol";
import { type Clock, Timer } from "../clock.ts";
import type { ToolUse } from "../tools.ts";
import { OutputBacklog } from "./backlog.ts";
import { CommandLog, type CommandRun } from "./command-log.ts";
import type { ShellHost, ShellProcess, TerminalSize } from "./host.ts";
import { MarkFilter } from "./mark-filter.ts";

/** How much output is kept for a console that comes back. */
const backlogBytes = 1024 * 1024;
/** From this many bytes in the channel on, the shell has to wait. */
const highWaterBytes = 64 * 1024;
/** What a shell may write at once while nobody listens, and how long it then waits, ms. */
const unheardBytes = 256 * 1024;
const unheardPauseMs = 100;
/** A message of output and its tag are one frame. */
const maxOutputBytes = maxDataBytes - 1;
const maxTitleLength = 200;
/** Command lines that are told when somebody attaches again. */
const maxUntold = 100;
const wrap = 2 ** 32;

/** What a shell is made of. */
export interface ShellParts {
  readonly number: number;
  readonly host: ShellHost;
  readonly clock: Clock;
  readonly size: TerminalSize;
}

/**
 * A shell that outlives the channels through which it is used, one at a time. Its output goes to
 * the channel while somebody listens and into a bounded backlog always; the terminal is read only
 * as fast as the channel takes it, so that a flood neither grows here nor delays others.
 */
export class Shell implements Disposable {
  readonly number: number;
  readonly #process: ShellProcess;
  readonly #filter: MarkFilter;
  readonly #backlog = new OutputBacklog(backlogBytes);
  readonly #log: CommandLog;
  readonly #unheardPause: Timer;
  #use: ToolUse | undefined;
  #unheard = 0;
  #title = "";
  #untold: CommandRun[] = [];
  #exitCode: number | undefined;

  /** @throws Error when no shell can be started */
  constructor({ number, host, clock, size }: ShellParts) {
    this.number = number;
    this.#unheardPause = new Timer(clock);
    this.#log = new CommandLog(clock, (run) => this.#ran(run));
    const nonce = host.nonce();
    this.#filter = new MarkFilter(nonce, {
      output: (bytes) => this.#output(bytes),
      mark: (kind, text) => this.#log.mark(kind, text),
      title: (title) => this.#titled(title),
    });
    this.#process = host.start({
      ...{ size, nonce },
      output: (bytes) => this.#filter.push(bytes),
      exited: (code) => this.#exited(code),
    });
  }

  get hasEnded(): boolean {
    return this.#exitCode !== undefined;
  }

  /** It has ended, and nobody has been told. */
  get isOver(): boolean {
    return this.hasEnded && !this.#use;
  }

  /** Who uses it now. */
  get channel(): Channel | undefined {
    return this.#use?.channel;
  }

  /** The first use. */
  begin(use: ToolUse): void {
    this.#take(use);
  }

  /**
   * Another use, which takes over from an earlier one: it gets the output behind `received`, a
   * position modulo 2³², or is told how much of it is lost. False: there is no such position.
   */
  attach(use: ToolUse, received: number, size: TerminalSize): boolean {
    const { begin, end } = this.#backlog;
    const missing = (end - received) % wrap;
    const missingBytes = missing < 0 ? missing + wrap : missing;
    if (missingBytes > end) return false;
    this.#use?.channel.reset("link-replaced", "the shell is used from another place");
    this.#take(use);
    this.#process.resize(size);
    const from = end - missingBytes;
    if (from < begin) this.#say({ type: "lost", bytes: begin - from });
    for (let at = Math.max(begin, from); at < end; at += maxOutputBytes) {
      this.#say({ type: "output", bytes: this.#backlog.read(at, maxOutputBytes) });
    }
    for (const run of this.#untold.splice(0)) this.#ran(run);
    if (this.#exitCode === undefined) this.#pace();
    else this.#finish(this.#exitCode);
    return true;
  }

  /** What the console says after it has begun. `bytes`: how long that was on the wire. */
  take(channel: Channel, message: ShellConsoleMessage, bytes: number): void {
    if (message.type === "input") {
      return this.#process.write(message.bytes, () => channel.consume(bytes));
    }
    channel.consume(bytes);
    if (message.type === "resize") this.#process.resize(message);
    else if (message.type === "hangUp") this.#process.hangUp();
    else channel.reset("protocol-violation", "a shell was begun twice on one channel");
    if (channel.isGone) this.left(channel);
  }

  /** The channel is gone; the shell goes on. */
  left(channel: Channel): void {
    if (this.#use?.channel !== channel) return;
    this.#use = undefined;
    this.#unheard = 0;
    this.#process.resume();
  }

  /** Less waits in the channel. */
  drained(channel: Channel): void {
    // The frame that made room is still being taken: whatever is sent now would overtake it.
    void Promise.resolve().then(() => {
      if (this.#use?.channel === channel) this.#pace();
    });
  }

  /** Ends the shell and all that runs in it. */
  [Symbol.dispose](): void {
    this.#use = undefined;
    this.#unheardPause.clear();
    this.#process.hangUp();
  }

  #take(use: ToolUse): void {
    this.#use = use;
    this.#unheardPause.clear();
    const { program, isElevated } = this.#process;
    this.#say({ type: "started", shell: this.number, program, isElevated });
    if (this.#title !== "") this.#say({ type: "title", title: this.#title });
  }

  #output(bytes: Uint8Array): void {
    this.#backlog.push(bytes);
    if (!this.#use) return this.#heardByNobody(bytes.length);
    for (let at = 0; at < bytes.length; at += maxOutputBytes) {
      this.#say({ type: "output", bytes: bytes.subarray(at, at + maxOutputBytes) });
    }
    this.#pace();
  }

  /** A program that floods a terminal that nobody sees is slowed down, and not stopped. */
  #heardByNobody(bytes: number): void {
    this.#unheard += bytes;
    if (this.#unheard < unheardBytes || this.#unheardPause.isSet) return;
    this.#unheard = 0;
    this.#process.pause();
    this.#unheardPause.set(unheardPauseMs, () => this.#process.resume());
  }

  #pace(): void {
    const waitingBytes = this.#use?.channel.queuedBytes ?? 0;
    if (waitingBytes >= highWaterBytes) this.#process.pause();
    else this.#process.resume();
  }

  #titled(title: string): void {
    const line = oneLine(title).slice(0, maxTitleLength).toWellFormed();
    if (line === this.#title) return;
    this.#title = line;
    this.#say({ type: "title", title: line });
  }

  #ran(run: CommandRun): void {
    if (this.#use) this.#use.report("shell.command", run);
    else if (this.#untold.length < maxUntold) this.#untold.push(run);
  }

  #exited(code: number): void {
    this.#filter.end();
    this.#log.ended(code);
    this.#exitCode = code;
    this.#unheardPause.clear();
    this.#finish(code);
  }

  #finish(code: number): void {
    const { channel } = this.#use ?? {};
    if (!channel) return;
    this.#say({ type: "exited", code });
    channel.close();
  }

  #say(message: ShellCustomerMessage): void {
    this.#use?.channel.send(shellCustomerMessage.encode(message));
  }
}
