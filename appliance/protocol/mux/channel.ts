import { type ErrorCode, HandrailError } from "../error.ts";
import { SendWindow } from "./credit.ts";
import {
  closeFrame,
  type Frame,
  frameTypes,
  maxDataBytes,
  readReset,
  readVarint,
  resetFrame,
  varintFrame,
} from "./frame.ts";

/** Urgency of a channel: lower goes first. Classes 0 and 1 are exempt from credit. */
export const channelClasses = { input: 0, screen: 1, shell: 2, bulk: 3 } as const;

/** The kinds of channel and what each one is. `maxMessageBytes` bounds reassembly. */
export const channelKinds = {
  screen: { class: channelClasses.screen, maxMessageBytes: 16 * 1024 * 1024 },
  input: { class: channelClasses.input, maxMessageBytes: 64 * 1024 },
} as const;

/** A kind of channel, as named in OPEN. */
export type ChannelKind = keyof typeof channelKinds;

/** Whether the text names a kind of channel of this version. */
export function isChannelKind(text: string): text is ChannelKind {
  return Object.hasOwn(channelKinds, text);
}

/** Bytes that a receiver takes before it has consumed any. */
export const receiveWindowBytes = 4 * 1024 * 1024;

/** What a channel tells its user. Each is called at most once but `message`. */
export interface ChannelListener {
  /** A whole message. The bytes may be kept. */
  message?(bytes: Uint8Array): void;
  /** The peer accepted; sending begins. */
  open?(): void;
  /** Gone: by either side's close (no code) or by a reset (with one). */
  closed?(code: ErrorCode | undefined, reason: string): void;
}

/**
 * One end of a channel: cuts messages into frames, puts them together again, and keeps to the
 * credit that the other end gives. Sans I/O; times come from outside.
 */
export class Channel {
  readonly id: number;
  readonly kind: ChannelKind;
  listener: ChannelListener = {};
  /** Whether messages count as consumed when the listener returns; else call `consume`. */
  consumesAtOnce = true;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #parts: Uint8Array[] = [];
  #partsBytes = 0;
  #consumed = 0;
  #consumedTold = 0;
  #window: SendWindow | undefined;
  #closing = false;
  #gone = false;
  readonly #wake: () => void;
  readonly #control: Frame[] = [];

  constructor(id: number, kind: ChannelKind, wake: () => void) {
    this.id = id;
    this.kind = kind;
    this.#wake = wake;
  }

  /** Bytes waiting here because credit or the line does not allow more. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get isGone(): boolean {
    return this.#gone;
  }

  /** Gone, and nothing left to tell the peer. */
  get isDone(): boolean {
    return this.#gone && this.#control.length === 0;
  }

  /** Queues a message. Ignored after `close` or a reset. */
  send(message: Uint8Array): void {
    if (this.#closing || this.#gone) return;
    this.#queue.push(message);
    this.#queuedBytes += message.length;
    this.#wake();
  }

  /** Drops what is queued and not yet begun: for streams in which only the newest counts. */
  dropQueued(): void {
    this.#queue = [];
    this.#queuedBytes = 0;
  }

  /** Says that `bytes` of what was received are dealt with, so that the peer may send more. */
  consume(bytes: number): void {
    this.#consumed += bytes;
    if (this.#consumed - this.#consumedTold < maxDataBytes || !this.#isCredited()) return;
    this.#consumedTold = this.#consumed;
    this.#push(varintFrame(frameTypes.CREDIT, this.id, this.#consumed));
  }

  /** Tells the peer that nothing more comes, after what is queued. */
  close(): void {
    if (this.#gone) return;
    this.#closing = true;
    this.#wake();
  }

  /** Ends the channel at once. */
  reset(code: ErrorCode, reason = ""): void {
    if (this.#gone) return;
    this.#gone = true;
    this.dropQueued();
    this.#push(resetFrame(this.id, code, reason));
  }

  /** Grants the peer its window: the answer to OPEN. */
  accept(): void {
    this.#window = new SendWindow(receiveWindowBytes);
    this.#push(varintFrame(frameTypes.ACCEPT, this.id, receiveWindowBytes));
  }

  /** The next frame to send, or undefined while there is none that may go. */
  next(now: number): Frame | undefined {
    const control = this.#control.shift();
    if (control || this.#gone) return control;
    const head = this.#queue[0];
    if (!head) return this.#closing ? this.#finish() : undefined;
    const window = this.#window;
    if (!window) return undefined;
    const allowed = this.#isCredited() ? window.available : maxDataBytes;
    const length = Math.min(head.length, maxDataBytes, allowed);
    if (length === 0 && head.length > 0) return undefined;
    window.sent(length, now);
    this.#queuedBytes -= length;
    const payload = head.subarray(0, length);
    if (length === head.length) {
      this.#queue.shift();
      return { type: frameTypes.DATA, channel: this.id, payload };
    }
    this.#queue[0] = head.subarray(length);
    return { type: frameTypes.DATA_MORE, channel: this.id, payload };
  }

  /** Takes a frame of this channel. @throws HandrailError `protocol-violation`, `frame-too-large` */
  receive(frame: Frame, now: number): void {
    if (this.#gone) return;
    switch (frame.type) {
      case frameTypes.DATA:
      case frameTypes.DATA_MORE:
        this.#take(frame);
        return;
      case frameTypes.CREDIT:
        if (this.#window?.consumed(readVarint(frame), now)) return this.#wake();
        throw new HandrailError("protocol-violation", "credit for bytes never sent");
      case frameTypes.ACCEPT:
        if (this.#window) throw new HandrailError("protocol-violation", "accepted twice");
        this.#window = new SendWindow(readVarint(frame));
        this.listener.open?.();
        return this.#wake();
      case frameTypes.CLOSE:
        return this.#end(undefined, "");
      case frameTypes.RESET: {
        const { code, reason } = readReset(frame);
        return this.#end(code, reason);
      }
      default:
        throw new HandrailError("protocol-violation", `frame type ${frame.type} on a channel`);
    }
  }

  /** The link itself is gone for good. */
  lost(code: ErrorCode): void {
    if (!this.#gone) this.#end(code, "the link is gone");
  }

  #take(frame: Frame): void {
    this.#partsBytes += frame.payload.length;
    if (this.#partsBytes > channelKinds[this.kind].maxMessageBytes) {
      throw new HandrailError("frame-too-large", `message too large for ${this.kind}`);
    }
    this.#parts.push(frame.payload);
    if (frame.type === frameTypes.DATA) {
      const message = join(this.#parts, this.#partsBytes);
      this.#parts = [];
      this.#partsBytes = 0;
      this.listener.message?.(message);
    }
    if (this.consumesAtOnce) this.consume(frame.payload.length);
  }

  #finish(): Frame {
    this.#gone = true;
    this.listener.closed?.(undefined, "");
    return closeFrame(this.id);
  }

  #end(code: ErrorCode | undefined, reason: string): void {
    this.#gone = true;
    this.dropQueued();
    this.listener.closed?.(code, reason);
    this.#wake();
  }

  #push(frame: Frame): void {
    this.#control.push(frame);
    this.#wake();
  }

  #isCredited(): boolean {
    return channelKinds[this.kind].class >= channelClasses.shell;
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
