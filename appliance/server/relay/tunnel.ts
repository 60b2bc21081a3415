import {
  type ChannelKind,
  channelKinds,
  contentFrom,
  type ErrorCode,
  type Frame,
  frameTypes,
  type HandrailError,
  maxAnswerBytes,
  maxDataBytes,
  readVarint,
  receiveWindowBytes,
} from "@handrail/protocol";
import { type Link, urgencies, type Urgency } from "./link.ts";
import type { Port } from "./ports.ts";

/** Most bytes of one class that may wait for one link, whatever was granted. */
const maxWaitingBytes = 8 * 1024 * 1024;
/** As many frames: the memory of a small one is not its payload. */
const maxWaitingFrames = 64 * 1024;
/** Credit is passed on when it has grown by so much: an honest end gives more at a time. */
const leastCreditBytes = 1024;

/** Sees what passes a tunnel, frame by frame; must not change it. */
export interface TunnelTap {
  /** DATA and DATA_MORE, in order. */
  frame(from: "console" | "customer", frame: Frame): void;
  /** Resolves when nothing more is kept in memory; may be called again. */
  closed(): Promise<void>;
}

/** Decides about what a console sends before it passes. */
export interface TunnelGuard {
  /** Why a frame (DATA or DATA_MORE) must not pass: the tunnel ends. Undefined: it may. */
  refusal(frame: Frame): HandrailError | undefined;
}

/** What a tunnel is told to do. */
export interface TunnelOptions {
  readonly kind: ChannelKind;
  readonly urgency: Urgency;
  readonly tap?: TunnelTap | undefined;
  readonly guard?: TunnelGuard | undefined;
  /** The customer's end has accepted. */
  readonly opened: () => void;
  /** Gone, whoever ended it; called once. */
  readonly closed: (code: ErrorCode | undefined) => void;
}

/** One end: a channel of a link, and what was sent into it that its receiver has not consumed. */
interface End {
  readonly link: Link;
  readonly channel: number;
  /** What it takes before it has consumed any. */
  windowBytes: number;
  sentBytes: number;
  consumedBytes: number;
  messageBytes: number;
}

/**
 * A channel between a console and a customer's client, both ways, with the credit that each gives
 * the other: the appliance keeps nothing of it but what waits for a line. Payloads pass unread.
 * Whoever sends more than was granted, or a message that is too large or empty, or anything before
 * the channel is open, loses it; so the other end never sees what it would end its link for.
 */
export class Tunnel {
  readonly #options: TunnelOptions;
  readonly #maxMessageBytes: number;
  #console: End | undefined;
  #customer: End | undefined;
  #customerChannel: number | undefined;
  #isOpen = false;

  constructor(options: TunnelOptions) {
    this.#options = options;
    this.#maxMessageBytes = channelKinds[options.kind].maxMessageBytes;
  }

  /** Number of the channel on the customer's link, also when it has ended. */
  get customerChannel(): number | undefined {
    return this.#customerChannel;
  }

  /**
   * Joins a channel that a console has asked for to a new one at the customer. The console's is
   * granted when the customer's client has accepted, and refused as it refuses.
   */
  begin(
    console: { link: Link; channel: number },
    customer: Link,
    about: { by: string; lsid: string; run?: string | undefined },
  ): void {
    this.#console = end(console.link, console.channel);
    const channel = customer.open({ kind: this.#options.kind, ...about }, this.#portOf("customer"));
    this.#customer = end(customer, channel);
    this.#customerChannel = channel;
    console.link.onWithdrawn(console.channel, () => this.#ended("console", "cancelled", ""));
  }

  /** Ends both sides if the customer's end has not accepted yet. */
  endUnopened(code: ErrorCode, reason: string): void {
    if (!this.#isOpen) this.end(code, reason);
  }

  /** Ends both sides, saying why. */
  end(code: ErrorCode, reason = ""): void {
    const ends = this.#forget();
    for (const each of ends) each.link.reset(each.channel, code, reason);
    if (ends.length > 0) this.#told(code);
  }

  #portOf(side: "console" | "customer"): Port {
    return {
      frame: (frame) => this.#frame(side, frame),
      closed: (code, reason) => this.#ended(side, code, reason),
    };
  }

  #frame(from: "console" | "customer", frame: Frame): void {
    const [near, far] =
      from === "console" ? [this.#console, this.#customer] : [this.#customer, this.#console];
    if (!near || !far) return;
    const { type } = frame;
    if (type === frameTypes.ACCEPT) this.#accepted(from, near, frame);
    else if (!this.#isOpen) this.end("protocol-violation", "sent before it was accepted");
    else if (type === frameTypes.CREDIT) this.#credit(near, far, frame);
    else this.#data(from, far, frame);
  }

  /** What the customer's end takes at first is what the console is granted. */
  #accepted(from: "console" | "customer", customer: End, frame: Frame): void {
    const console = this.#console;
    if (from !== "customer" || this.#isOpen || !console) {
      return this.end("protocol-violation", "accepted what was open");
    }
    const windowBytes = readVarint(frame);
    if (windowBytes < maxDataBytes || windowBytes > receiveWindowBytes) {
      return this.end("protocol-violation", "no window that anybody grants");
    }
    customer.windowBytes = windowBytes;
    this.#isOpen = true;
    if (!console.link.accept(console.channel, this.#portOf("console"), windowBytes)) {
      return this.end("cancelled");
    }
    this.#options.opened();
  }

  /** `near` has consumed so much of what went into it. */
  #credit(near: End, far: End, frame: Frame): void {
    const consumedBytes = readVarint(frame);
    if (consumedBytes > near.sentBytes) {
      return this.end("protocol-violation", "credit for bytes never sent");
    }
    if (consumedBytes - near.consumedBytes < leastCreditBytes) return;
    near.consumedBytes = consumedBytes;
    far.link.send(frameTypes.CREDIT, far.channel, frame.payload, urgencies.control);
  }

  #data(from: "console" | "customer", far: End, frame: Frame): void {
    const { type, payload } = frame;
    // Credit does not count it: there would be no end of them.
    if (payload.length === 0) return this.end("protocol-violation", "nothing in it");
    far.sentBytes += payload.length;
    far.messageBytes += payload.length;
    if (far.sentBytes - far.consumedBytes > far.windowBytes) {
      return this.end("protocol-violation", "more than was granted");
    }
    if (far.messageBytes > this.#largestFrom(from)) return this.end("frame-too-large");
    const refusal = from === "console" ? this.#options.guard?.refusal(frame) : undefined;
    if (refusal) return this.end(refusal.code, refusal.message);
    if (type === frameTypes.DATA) far.messageBytes = 0;
    this.#options.tap?.frame(from, frame);
    far.link.send(type, far.channel, payload, this.#options.urgency);
    const { urgency } = this.#options;
    const isTooMuch =
      far.link.waitingBytes(urgency) > maxWaitingBytes ||
      far.link.waitingFrames(urgency) > maxWaitingFrames;
    if (isTooMuch) this.end("too-slow");
  }

  /** Where content goes one way, the other end has room for answers and no more. */
  #largestFrom(from: "console" | "customer"): number {
    const only = contentFrom[this.#options.kind];
    return only === undefined || only === from ? this.#maxMessageBytes : maxAnswerBytes;
  }

  #ended(side: "console" | "customer", code: ErrorCode | undefined, reason: string): void {
    const other = side === "console" ? this.#customer : this.#console;
    if (this.#forget().length === 0) return;
    if (code || !this.#isOpen) other?.link.reset(other.channel, code ?? "cancelled", reason);
    else other?.link.closeChannel(other.channel, this.#options.urgency);
    this.#told(code);
  }

  #forget(): End[] {
    const ends = [this.#console, this.#customer].filter((each) => each !== undefined);
    this.#console = undefined;
    this.#customer = undefined;
    return ends;
  }

  #told(code: ErrorCode | undefined): void {
    // It tells of its failures itself.
    void this.#options.tap?.closed();
    this.#options.closed(code);
  }
}

function end(link: Link, channel: number): End {
  const windowBytes = receiveWindowBytes;
  return { link, channel, windowBytes, sentBytes: 0, consumedBytes: 0, messageBytes: 0 };
}
