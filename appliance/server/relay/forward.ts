import { type ErrorCode, type Frame, frameTypes } from "@handrail/protocol";
import type { Link, Port, Urgency } from "./link.ts";

/** One end of a pipe: where frames go that come in at the other end. */
export interface PipeTarget {
  readonly link: Link;
  /** Number of the channel on that link; known once it was opened. */
  channel: number;
}

/**
 * Joins a channel of one link with a channel of another and carries frames between them, both
 * ways, by rewriting the channel number: payloads pass unread and uncopied. The end of either side
 * ends the other with the same code.
 */
export class Pipe {
  readonly near: Port;
  readonly far: Port;
  readonly #urgency: Urgency;
  readonly #closed: () => void;
  #near: PipeTarget | undefined;
  #far: PipeTarget | undefined;
  #isMidMessage = false;

  constructor(urgency: Urgency, closed: () => void) {
    this.#urgency = urgency;
    this.#closed = closed;
    this.near = {
      frame: (frame) => this.#fromNear(frame),
      closed: (code, reason) => this.#endOther(this.#far, code, reason),
    };
    this.far = {
      frame: (frame) => this.#carry(frame, this.#near),
      closed: (code, reason) => this.#endOther(this.#near, code, reason),
    };
  }

  /** Whether the near end is in the middle of a message. */
  get isMidMessage(): boolean {
    return this.#isMidMessage;
  }

  /** Begins to carry. */
  join(near: PipeTarget, far: PipeTarget): void {
    this.#near = near;
    this.#far = far;
  }

  /** Sends the far end a message of the appliance's own. */
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
  }

  #fromNear(frame: Frame): void {
    if (frame.type === frameTypes.DATA) this.#isMidMessage = false;
    else if (frame.type === frameTypes.DATA_MORE) this.#isMidMessage = true;
    this.#carry(frame, this.#far);
  }

  #carry(frame: Frame, to: PipeTarget | undefined): void {
    // Both ends were accepted by the appliance itself.
    if (!to || frame.type === frameTypes.ACCEPT) return;
    to.link.send(frame.type, to.channel, frame.payload, this.#urgency);
  }

  #endOther(other: PipeTarget | undefined, code: ErrorCode | undefined, reason: string): void {
    this.#near = undefined;
    this.#far = undefined;
    if (code) other?.link.reset(other.channel, code, reason);
    else other?.link.closeChannel(other.channel, this.#urgency);
    this.#closed();
  }
}
