import { type ErrorCode, HandrailError } from "../error.ts";
import { Assembly } from "./assembly.ts";
import { creditAfterBytes, SendWindow } from "./credit.ts";
import { Fifo } from "./fifo.ts";
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
  shell: { class: channelClasses.shell, maxMessageBytes: 64 * 1024 },
  files: { class: channelClasses.shell, maxMessageBytes: 512 * 1024 },
  download: { class: channelClasses.bulk, maxMessageBytes: 512 * 1024 },
  "files-write": { class: channelClasses.bulk, maxMessageBytes: 512 * 1024 },
  system: { class: channelClasses.shell, maxMessageBytes: 2 * 1024 * 1024 },
  snapshot: { class: channelClasses.bulk, maxMessageBytes: 2 * 1024 * 1024 },
  script: { class: channelClasses.shell, maxMessageBytes: 64 * 1024 },
  "system-act": { class: channelClasses.shell, maxMessageBytes: 64 * 1024 },
  elevate: { class: channelClasses.shell, maxMessageBytes: 2048 },
  "clipboard-to-customer": { class: channelClasses.bulk, maxMessageBytes: 64 * 1024 },
  "clipboard-from-customer": { class: channelClasses.bulk, maxMessageBytes: 64 * 1024 },
  draw: { class: channelClasses.shell, maxMessageBytes: 1024 },
  "chat-file": { class: channelClasses.bulk, maxMessageBytes: 64 * 1024 },
} as const;

/** A kind of channel, as named in OPEN. */
export type ChannelKind = keyof typeof channelKinds;

/** Whether the text names a kind of channel of this version. */
export function isChannelKind(text: string): text is ChannelKind {
  return Object.hasOwn(channelKinds, text);
}

/** Bytes that a receiver takes before it has consumed any. */
export const receiveWindowBytes = 4 * 1024 * 1024;

/** What may wait in a channel before its user need be told that little is left. */
const littleBytes = 32 * 1024;

/** What a channel tells its user. Each is called at most once but `message` and `drained`. */
export interface ChannelListener {
  /** A whole message. The bytes may be kept. */
  message?(bytes: Uint8Array): void;
  /** The peer accepted; sending begins. */
  open?(): void;
  /** Less than 32 KB is queued again. Called while a frame is being taken: send later, not now. */
  drained?(): void;
  /**
   * Gone: by either side's close (no code), the peer's reset or the loss of the link (with one).
   * Not called for one's own `reset`.
   */
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
  readonly #wake: () => void;
  readonly #queue = new Fifo<Uint8Array>();
  readonly #assembly: Assembly;
  #queuedBytes = 0;
  #hasBegunHead = false;
  #consumed = 0;
  #consumedTold = 0;
  /** Bytes of the message that is coming in, and those that the peer got credit for already. */
  #begunBytes = 0;
  #begunCredited = 0;
  /** Bytes of whole messages that the peer got credit for before `consume` was told of them. */
  #aheadBytes = 0;
  #window: SendWindow | undefined;
  #closing = false;
  #gone = false;
  #acceptDue = false;
  #creditDue = false;
  #resetDue: Frame | undefined;

  constructor(id: number, kind: ChannelKind, wake: () => void) {
    this.id = id;
    this.kind = kind;
    this.#wake = wake;
    this.#assembly = new Assembly(channelKinds[kind].maxMessageBytes);
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
    return this.#gone && !this.#resetDue;
  }

  /**
   * Queues a message. Ignored after `close` or a reset. The bytes are not copied and must not
   * change afterwards: they may be sent again when the link is resumed.
   */
  send(message: Uint8Array): void {
    if (this.#closing || this.#gone) return;
    this.#queue.push(message);
    this.#queuedBytes += message.length;
    this.#wake();
  }

  /** Drops what is queued and not yet begun: for streams in which only the newest counts. */
  dropQueued(): void {
    // The peer holds the first parts of a message that has begun, and must get the others too.
    const begun = this.#hasBegunHead ? this.#queue.first : undefined;
    this.#queue.clear();
    if (begun) this.#queue.push(begun);
    this.#queuedBytes = begun?.length ?? 0;
  }

  /**
   * Says that `bytes` of the messages that were received are dealt with, so that the peer may send
   * more.
   */
  consume(bytes: number): void {
    const ahead = Math.min(bytes, this.#aheadBytes);
    this.#aheadBytes -= ahead;
    this.#credit(bytes - ahead);
    this.#creditBegun();
  }

  /**
   * Credit for a message that is not whole: a peer whose window is smaller than its message would
   * otherwise never get to the end of it. One message ahead of what is dealt with, and no more.
   */
  #creditBegun(): void {
    if (this.#aheadBytes > 0) return;
    this.#credit(this.#begunBytes - this.#begunCredited);
    this.#begunCredited = this.#begunBytes;
  }

  #credit(bytes: number): void {
    this.#consumed += bytes;
    if (this.#gone || !this.#isCredited()) return;
    if (this.#consumed - this.#consumedTold < creditAfterBytes) return;
    this.#creditDue = true;
    this.#wake();
  }

  /** Tells the peer that nothing more comes, after what is queued. */
  close(): void {
    if (this.#gone) return;
    this.#closing = true;
    this.#wake();
  }

  /** Ends the channel at once, whatever is queued. */
  reset(code: ErrorCode, reason = ""): void {
    if (this.#gone) return;
    this.#resetDue = resetFrame(this.id, code, reason);
    this.#forget();
    this.#wake();
  }

  /** Grants the peer its window: the answer to OPEN. */
  accept(): void {
    if (this.#gone) return;
    this.#window = new SendWindow(receiveWindowBytes);
    this.#acceptDue = true;
    this.#wake();
  }

  /** The next frame to send, or undefined while there is none that may go. */
  next(now: number): Frame | undefined {
    if (this.#gone) return this.#nextReset();
    if (this.#acceptDue) {
      this.#acceptDue = false;
      return varintFrame(frameTypes.ACCEPT, this.id, receiveWindowBytes);
    }
    if (this.#creditDue) {
      this.#creditDue = false;
      this.#consumedTold = this.#consumed;
      return varintFrame(frameTypes.CREDIT, this.id, this.#consumed);
    }
    const head = this.#queue.first;
    if (head) return this.#nextData(head, now);
    return this.#closing ? this.#finish() : undefined;
  }

  /** Takes a frame of this channel. @throws HandrailError `protocol-violation`, `frame-too-large` */
  receive(frame: Frame, now: number): void {
    if (this.#gone) return;
    switch (frame.type) {
      case frameTypes.DATA:
      case frameTypes.DATA_MORE:
        return this.#receiveData(frame);
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
    this.#resetDue = undefined;
    if (!this.#gone) this.#end(code, "the link is gone");
  }

  #nextReset(): Frame | undefined {
    const frame = this.#resetDue;
    this.#resetDue = undefined;
    return frame;
  }

  #nextData(head: Uint8Array, now: number): Frame | undefined {
    const window = this.#window;
    if (!window) return undefined;
    const length = this.#isCredited()
      ? window.frameBytes(head.length)
      : Math.min(head.length, maxDataBytes);
    if (length === 0 && head.length > 0) return undefined;
    window.sent(length, now);
    this.#unqueued(length);
    const payload = head.subarray(0, length);
    this.#hasBegunHead = length < head.length;
    if (this.#hasBegunHead) {
      this.#queue.replaceFirst(head.subarray(length));
      return { type: frameTypes.DATA_MORE, channel: this.id, payload };
    }
    this.#queue.shift();
    return { type: frameTypes.DATA, channel: this.id, payload };
  }

  #unqueued(bytes: number): void {
    const before = this.#queuedBytes;
    this.#queuedBytes -= bytes;
    if (before >= littleBytes && this.#queuedBytes < littleBytes) this.listener.drained?.();
  }

  #receiveData(frame: Frame): void {
    const message = this.#assembly.take(frame);
    if (!message) {
      this.#begunBytes += frame.payload.length;
      return this.#creditBegun();
    }
    this.#aheadBytes += this.#begunCredited;
    this.#begunBytes = 0;
    this.#begunCredited = 0;
    const { length } = message;
    this.listener.message?.(message);
    if (this.consumesAtOnce) this.consume(length);
  }

  #finish(): Frame {
    this.#end(undefined, "");
    return closeFrame(this.id);
  }

  #end(code: ErrorCode | undefined, reason: string): void {
    this.#forget();
    this.listener.closed?.(code, reason);
  }

  /** From here on nothing is sent or taken. */
  #forget(): void {
    this.#gone = true;
    this.#queue.clear();
    this.#queuedBytes = 0;
    this.#assembly.clear();
  }

  #isCredited(): boolean {
    return channelKinds[this.kind].class >= channelClasses.shell;
  }
}
