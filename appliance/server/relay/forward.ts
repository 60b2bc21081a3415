import {
  type ChannelKind,
  channelKinds,
  type ErrorCode,
  type Frame,
  frameTypes,
} from "@handrail/protocol";
import type { Link, Urgency } from "./link.ts";
import type { Port } from "./ports.ts";

/** One end of a pipe. */
export interface PipeEnd {
  readonly link: Link;
  /** Number of the channel on that link. */
  readonly channel: number;
}

/** Most bytes that may wait for the far end. */
const maxWaitingBytes = 1024 * 1024;

/**
 * Carries the messages of one channel on to a channel of another link, near to far, by rewriting
 * the channel number: payloads pass unread and uncopied. The end of either side ends the other with
 * the same code. What the far end would not take ends the pipe instead of the far end's link.
 */
export class Pipe {
  readonly near: Port;
  readonly far: Port;
  readonly #urgency: Urgency;
  readonly #maxMessageBytes: number;
  readonly #closed: () => void;
  #near: PipeEnd | undefined;
  #far: PipeEnd | undefined;
  #messageBytes = 0;

  constructor(kind: ChannelKind, urgency: Urgency, closed: () => void) {
    this.#urgency = urgency;
    this.#maxMessageBytes = channelKinds[kind].maxMessageBytes;
    this.#closed = closed;
    this.near = {
      frame: (frame) => this.#carry(frame),
      closed: (code, reason) => this.#endOther(this.#far, code, reason),
    };
    this.far = {
      frame: () => undefined,
      closed: (code, reason) => this.#endOther(this.#near, code, reason),
    };
  }

  /** Whether the near end is in the middle of a message. */
  get isMidMessage(): boolean {
    return this.#messageBytes > 0;
  }

  /** Begins to carry. */
  join(near: PipeEnd, far: PipeEnd): void {
    this.#near = near;
    this.#far = far;
  }

  /** Sends the far end a message of the appliance's own; not in the middle of another. */
  inject(payload: Uint8Array): void {
    const far = this.#far;
    if (far) far.link.send(frameTypes.DATA, far.channel, payload, this.#urgency);
  }

  /** Ends both sides. */
  end(code: ErrorCode, reason: string): void {
    const ends = [this.#near, this.#far];
    this.#near = undefined;
    this.#far = undefined;
    for (const each of ends) each?.link.reset(each.channel, code, reason);
    this.#closed();
  }

  #carry({ type, payload }: Frame): void {
    const far = this.#far;
    if (!far || (type !== frameTypes.DATA && type !== frameTypes.DATA_MORE)) return;
    const messageBytes = this.#messageBytes + payload.length;
    if (messageBytes > this.#maxMessageBytes) return this.end("frame-too-large", "");
    this.#messageBytes = type === frameTypes.DATA ? 0 : messageBytes;
    far.link.send(type, far.channel, payload, this.#urgency);
    if (far.link.waitingBytes(this.#urgency) > maxWaitingBytes) this.end("too-slow", "");
  }

  #endOther(other: PipeEnd | undefined, code: ErrorCode | undefined, reason: string): void {
    this.#near = undefined;
    this.#far = undefined;
    if (code) other?.link.reset(other.channel, code, reason);
    else other?.link.closeChannel(other.channel, this.#urgency);
    this.#closed();
  }
}
