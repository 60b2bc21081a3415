import {
  type Channel,
  type ErrorCode,
  shellConsoleMessage,
  type ShellConsoleMessage,
  shellCustomerMessage,
  type ShellCustomerMessage,
  toHandrailError,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { OutputFilter } from "./output-filter.ts";

/** At most so much is shown at a time, bytes, and so often, ms: about 5 MB/s. */
const batchBytes = 128 * 1024;
const batchEveryMs = 25;
/** How long to wait before a shell is looked for again, ms. */
const againEveryMs = 1_000;
/** Longest message with input, bytes. */
const inputBytes = 16 * 1024;
/** With so much input waiting for the line, more is not taken, bytes. */
const maxQueuedBytes = 4 * 1024 * 1024;

/** What a shell needs of the console. */
export interface ShellPlace {
  /** @throws HandrailError `unavailable` while there is no link */
  readonly openChannel: () => Channel;
  /** Whether the customer can be reached now, or never again. */
  readonly reach: () => "now" | "later" | "never";
  readonly clock: Clock;
  /** Administrator's rights that were granted for it; without them it is an ordinary one. */
  readonly grant?: string | undefined;
}

/** How a shell ended: by itself, or because it may not go on. */
export type ShellEnd =
  | { readonly by: "exit"; readonly code: number }
  | { readonly by: "refusal"; readonly code: ErrorCode };

/** What a shell tells of itself. */
export interface ShellEvents {
  /** To be shown; holds nothing that reaches beyond the picture. */
  output(text: string): void;
  started(isAgain: boolean, about: { program: string; isElevated: boolean }): void;
  titled(title: string): void;
  /** So many bytes are gone for good. */
  lost(bytes: number): void;
  /** The customer cannot be reached; it is tried again and again. */
  interrupted(): void;
  /** More was typed or pasted than the line takes. */
  overfull(): void;
  /** Called once, at last. */
  ended(end: ShellEnd): void;
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

interface Piece {
  readonly bytes: Uint8Array;
  /** Of the message that it came with. */
  readonly messageBytes: number;
}

/**
 * One shell on the customer's computer, for as long as its terminal is open here: outlives its
 * channel, and goes on at the byte where it was broken off. Shows output at the rate at which a
 * window can take it, and gives the customer's end credit for no more.
 */
export class RemoteShell {
  readonly #place: ShellPlace;
  readonly #events: ShellEvents;
  readonly #filter = new OutputFilter();
  #decoder = new TextDecoder();
  #size: Size;
  #channel: Channel | undefined;
  #number: number | undefined;
  #hasStarted = false;
  #received = 0;
  #waiting: Piece[] = [];
  #tick: { dispose(): void } | undefined;
  #again: { dispose(): void } | undefined;
  #end: ShellEnd | undefined;
  #isOver = false;

  constructor(place: ShellPlace, size: Size, events: ShellEvents) {
    this.#place = place;
    this.#size = bounded(size);
    this.#events = events;
  }

  /** Starts the shell, or attaches to it once more. */
  open(): void {
    this.#again?.dispose();
    if (this.#isOver) return;
    let channel: Channel;
    try {
      channel = this.#place.openChannel();
    } catch (error) {
      return this.#closed(toHandrailError(error).code);
    }
    this.#channel = channel;
    this.#hasStarted = false;
    channel.consumesAtOnce = false;
    channel.listener = {
      message: (bytes) => this.#message(channel, bytes),
      closed: (code) => {
        if (this.#channel === channel) this.#closed(code);
      },
    };
    this.#say(this.#opening());
  }

  /** What was typed or pasted; dropped while there is nobody to take it. */
  input(text: string): void {
    const channel = this.#channel;
    if (!channel || !this.#hasStarted || this.#end) return;
    const bytes = new TextEncoder().encode(text);
    if (channel.queuedBytes + bytes.length > maxQueuedBytes) return this.#events.overfull();
    for (let at = 0; at < bytes.length; at += inputBytes) {
      this.#say({ type: "input", bytes: bytes.slice(at, at + inputBytes) });
    }
  }

  resize(size: Size): void {
    this.#size = bounded(size);
    if (this.#hasStarted) this.#say({ type: "resize", ...this.#size });
  }

  /** Ends the shell and all that runs in it. Nothing more is told. */
  hangUp(): void {
    if (!this.#end) this.#say({ type: "hangUp" });
    const channel = this.#channel;
    this.#over();
    if (!channel) return;
    channel.listener = {};
    channel.close();
  }

  #opening(): ShellConsoleMessage {
    const shell = this.#number;
    const { grant } = this.#place;
    if (shell === undefined) {
      const start = { type: "start", ...this.#size } as const;
      return grant === undefined ? start : { ...start, type: "startElevated", grant };
    }
    return { type: "attach", shell, received: this.#received, ...this.#size };
  }

  #say(message: ShellConsoleMessage): void {
    this.#channel?.send(shellConsoleMessage.encode(message));
  }

  #message(channel: Channel, bytes: Uint8Array): void {
    if (channel !== this.#channel) return;
    let message: ShellCustomerMessage;
    try {
      message = shellCustomerMessage.decode(bytes);
    } catch (error) {
      const { code, message: reason } = toHandrailError(error);
      channel.reset(code, reason);
      return this.#closed(code);
    }
    if (message.type === "output") return this.#output(message.bytes, bytes.length);
    channel.consume(bytes.length);
    switch (message.type) {
      case "started":
        return this.#started(message);
      case "lost":
        return this.#lost(message.bytes);
      case "title":
        return this.#events.titled(message.title);
      case "exited":
        this.#end = { by: "exit", code: message.code };
        return this.#settle();
    }
  }

  #started({ shell, program, isElevated }: ShellCustomerMessage & { type: "started" }): void {
    const isAgain = this.#number !== undefined;
    this.#number = shell;
    this.#hasStarted = true;
    this.#events.started(isAgain, { program, isElevated });
  }

  #lost(bytes: number): void {
    this.#received = (this.#received + bytes) >>> 0;
    this.#drain();
    this.#filter.reset();
    this.#decoder = new TextDecoder();
    this.#events.lost(bytes);
  }

  #output(bytes: Uint8Array, messageBytes: number): void {
    this.#received = (this.#received + bytes.length) >>> 0;
    this.#waiting.push({ bytes, messageBytes });
    // The first is shown at once: somebody waits for what they typed.
    if (!this.#tick) this.#show();
  }

  /** Shows a batch, and the next one when the window had time for this. */
  #show(): void {
    this.#tick = undefined;
    const batch: Piece[] = [];
    for (let size = 0; size < batchBytes;) {
      const piece = this.#waiting.shift();
      if (!piece) break;
      batch.push(piece);
      size += piece.bytes.length;
    }
    if (batch.length > 0) {
      this.#write(batch);
      this.#tick = this.#place.clock.after(batchEveryMs, () => this.#show());
    }
    this.#settle();
  }

  /** All that waits, at once. */
  #drain(): void {
    const all = this.#waiting;
    this.#waiting = [];
    if (all.length > 0) this.#write(all);
  }

  #write(batch: readonly Piece[]): void {
    const parts = batch.map(({ bytes }) => this.#decoder.decode(bytes, { stream: true }));
    const text = this.#filter.push(parts.join(""));
    if (text !== "") this.#events.output(text);
    this.#channel?.consume(batch.reduce((sum, { messageBytes }) => sum + messageBytes, 0));
  }

  #closed(code: ErrorCode | undefined): void {
    this.#channel = undefined;
    const wasStarted = this.#hasStarted;
    this.#hasStarted = false;
    if (this.#isOver) return;
    if (this.#end) return this.#settle();
    const reach = this.#place.reach();
    // A channel that closes in good order without a last word: the customer's end had to stop.
    const because = reach === "never" ? "session-ended" : (code ?? "customer-away");
    const mayReturn = because === "unavailable" || because === "customer-away";
    const isLost = because === "too-slow" || mayReturn;
    if (!isLost || this.#number === undefined) {
      this.#end = { by: "refusal", code: because };
      return this.#settle();
    }
    if (wasStarted) this.#events.interrupted();
    this.#again = this.#place.clock.after(againEveryMs, () => this.#tryAgain());
  }

  #tryAgain(): void {
    const reach = this.#place.reach();
    if (reach === "now") return this.open();
    if (reach === "never") return this.#closed("session-ended");
    this.#again = this.#place.clock.after(againEveryMs, () => this.#tryAgain());
  }

  /** The end is told when everything before it has been shown. */
  #settle(): void {
    const end = this.#end;
    if (!end || this.#waiting.length > 0 || this.#isOver) return;
    const channel = this.#channel;
    this.#over();
    if (channel) {
      channel.listener = {};
      channel.close();
    }
    this.#events.ended(end);
  }

  #over(): void {
    this.#isOver = true;
    this.#channel = undefined;
    this.#again?.dispose();
    this.#tick?.dispose();
    this.#waiting = [];
  }
}

/** As the wire carries a size. */
function bounded({ columns, rows }: Size): Size {
  const within = (count: number) => Math.min(0xffff, Math.max(1, Math.floor(count)));
  return { columns: within(columns), rows: within(rows) };
}
