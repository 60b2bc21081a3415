import { decodeText, encodeText } from "../codec/struct.ts";
import { HandrailError, toHandrailError } from "../error.ts";
import { Assembly } from "./assembly.ts";
import { Channel, channelClasses, channelKinds } from "./channel.ts";
import { Fifo } from "./fifo.ts";
import {
  beatFrame,
  controlChannel,
  decodeFrame,
  type Frame,
  frameTypes,
  isCounted,
  maxDataBytes,
  openFrame,
  readBeat,
  resetFrame,
} from "./frame.ts";
import { LinkMemory } from "./link.ts";
import { type OpenRequest, readOpen } from "./open.ts";

/** Longest control message, bytes of UTF-8. */
export const maxControlBytes = 4 * 1024 * 1024;
/** Most bytes of control messages that wait for a peer which does not take them. */
export const maxControlQueuedBytes = 8 * 1024 * 1024;
const queueCostBytes = 64;
const maxChannels = 256;

/** What a mux needs from its place. */
export interface MuxOptions {
  /** Which channel numbers this end gives: the end that connected gives odd ones. */
  readonly side: "connecting" | "accepting";
  /** A steady clock in ms. */
  readonly now: () => number;
  /** Something is waiting to be pulled. May be called often and from within `receive`. */
  readonly wake: () => void;
  /** A control message arrived. */
  readonly control: (text: string) => void;
  /** The peer asks for a channel: accept by returning, refuse by throwing or by a reset. */
  readonly opened: (request: OpenRequest, channel: Channel) => void;
}

/**
 * One end of a link: all its channels over one ordered byte-message transport. Sans I/O: the
 * transport gives every binary message to `receive` and takes frames from `pull` while it has
 * room, so the most urgent frame is chosen as late as possible. Refuses to know sockets, timers
 * and what the messages mean.
 */
export class Mux {
  readonly memory = new LinkMemory();
  readonly #options: MuxOptions;
  readonly #channels = new Map<number, Channel>();
  readonly #resend = new Fifo<Frame>();
  // Control messages, OPENs and refusals, in the order in which they were asked for.
  readonly #control = new Fifo<Frame>();
  #controlBytes = 0;
  readonly #assembly = new Assembly(maxControlBytes);
  // Of these only the newest counts, so each has room for one: a peer that asks for a thousand
  // PONGs and reads none of them makes no list grow.
  #pingDue = false;
  #pongDue: number | undefined;
  #ackDue = false;
  #nextId: number;
  #lastPeersId = 0;
  #roundTripMs: number | undefined;
  #failure: HandrailError | undefined;

  constructor(options: MuxOptions) {
    this.#options = options;
    this.#nextId = options.side === "connecting" ? 1 : 2;
  }

  /** Last measured round trip of a PING, ms. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /**
   * Sends a control message. With too many waiting for a peer that takes none, it is dropped and
   * the link has failed: the next `receive` or `resume` says so.
   * @throws HandrailError `frame-too-large` for a message that the peer would not take.
   */
  say(text: string): void {
    const payload = encodeText(text);
    if (payload.length > maxControlBytes) {
      throw new HandrailError("frame-too-large", `control message of ${payload.length} bytes`);
    }
    this.#enqueue({ type: frameTypes.DATA, channel: controlChannel, payload });
  }

  /** Asks the peer for a channel. Messages may be queued at once; they go when it accepts. */
  open(request: OpenRequest): Channel {
    const id = this.#nextId;
    this.#nextId += 2;
    const channel = new Channel(id, request.kind, this.#options.wake);
    this.#channels.set(id, channel);
    this.#enqueue(openFrame(id, request));
    return channel;
  }

  /** Asks for a PONG; its answer sets `roundTripMs` and acknowledges what was received. */
  ping(): void {
    this.#pingDue = true;
    this.#options.wake();
  }

  /** The next frame to send, most urgent first; undefined while there is none that may go. */
  pull(): Frame | undefined {
    const beat = this.#pullBeat();
    if (beat) return beat;
    const again = this.#resend.shift();
    if (again || this.memory.isFull) return again;
    const frame = this.#pullControl() ?? this.#pullChannel();
    if (frame) this.memory.sending(frame);
    return frame;
  }

  /**
   * Takes one binary message.
   * @throws HandrailError when the peer breaks the protocol: end the link with the error's code.
   */
  receive(bytes: Uint8Array): void {
    if (this.#failure) throw this.#failure;
    const frame = decodeFrame(bytes);
    if (!isCounted(frame) && frame.channel !== controlChannel) {
      throw new HandrailError("protocol-violation", `frame type ${frame.type} on a channel`);
    }
    if (this.memory.receiving(frame)) this.#acknowledge();
    if (frame.channel === controlChannel) this.#receiveControl(frame);
    else this.#receiveChannel(frame);
  }

  /**
   * A new socket took over: `peerReceived` comes from the handshake. The earlier socket must give
   * nothing more to `receive`, from before this end told its own `memory.received`.
   * @throws HandrailError `resume-refused`, `protocol-violation`: the link is lost.
   */
  resume(peerReceived: number): void {
    if (this.#failure) {
      throw new HandrailError("resume-refused", "the link had failed", { cause: this.#failure });
    }
    const again = this.memory.resume(peerReceived);
    this.#resend.clear();
    for (const frame of again) this.#resend.push(frame);
    // What they said is in the handshake.
    this.#pingDue = false;
    this.#pongDue = undefined;
    this.#ackDue = false;
    this.memory.acknowledging();
    this.#options.wake();
  }

  /** The link cannot be resumed: every channel is lost, and what waits is dropped. */
  lost(): void {
    this.#fail("unavailable", "the link is gone");
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of channels) channel.lost("unavailable");
  }

  #fail(...[code, message]: ConstructorParameters<typeof HandrailError>): void {
    this.#failure ??= new HandrailError(code, message);
    this.#control.clear();
    this.#controlBytes = 0;
    this.#resend.clear();
  }

  #enqueue(frame: Frame): void {
    if (this.#failure) return;
    this.#control.push(frame);
    this.#controlBytes += frame.payload.length + queueCostBytes;
    if (this.#controlBytes > maxControlQueuedBytes) {
      return this.#fail("too-slow", "the peer takes no control messages");
    }
    this.#options.wake();
  }

  #acknowledge(): void {
    this.#ackDue = true;
    this.#options.wake();
  }

  #pullBeat(): Frame | undefined {
    const { memory } = this;
    if (this.#pongDue !== undefined) {
      const frame = beatFrame("PONG", this.#pongDue, memory.received);
      this.#pongDue = undefined;
      return frame;
    }
    if (this.#pingDue) {
      this.#pingDue = false;
      return beatFrame("PING", this.#options.now(), memory.received);
    }
    if (!this.#ackDue) return undefined;
    this.#ackDue = false;
    return memory.acknowledgement();
  }

  #pullControl(): Frame | undefined {
    const head = this.#control.first;
    if (!head) return undefined;
    const rest = head.payload.length - maxDataBytes;
    if (rest > 0) {
      this.#controlBytes -= maxDataBytes;
      this.#control.replaceFirst({ ...head, payload: head.payload.subarray(maxDataBytes) });
      const payload = head.payload.subarray(0, maxDataBytes);
      return { type: frameTypes.DATA_MORE, channel: controlChannel, payload };
    }
    this.#controlBytes -= head.payload.length + queueCostBytes;
    return this.#control.shift();
  }

  #pullChannel(): Frame | undefined {
    const now = this.#options.now();
    for (const urgency of Object.values(channelClasses)) {
      for (const channel of this.#channels.values()) {
        if (channelKinds[channel.kind].class !== urgency) continue;
        const frame = channel.next(now);
        if (!frame) continue;
        this.#channels.delete(channel.id);
        // Put last again, so that channels of one class take turns.
        if (!channel.isDone) this.#channels.set(channel.id, channel);
        return frame;
      }
    }
    return undefined;
  }

  #receiveControl(frame: Frame): void {
    switch (frame.type) {
      case frameTypes.PING:
        this.#pongDue = readBeat(frame).timeMs;
        return this.#options.wake();
      case frameTypes.PONG:
        this.#roundTripMs = ((this.#options.now() >>> 0) - readBeat(frame).timeMs) >>> 0;
        return this.#options.wake();
      case frameTypes.ACK:
        return this.#options.wake();
      case frameTypes.DATA:
      case frameTypes.DATA_MORE: {
        const message = this.#assembly.take(frame);
        if (message) this.#options.control(decodeText(message));
        return;
      }
      default:
        throw new HandrailError("protocol-violation", `frame type ${frame.type} on channel 0`);
    }
  }

  #receiveChannel(frame: Frame): void {
    if (frame.type === frameTypes.OPEN) return this.#receiveOpen(frame);
    const channel = this.#channels.get(frame.channel);
    // Frames for a channel that was just reset here may still be under way: not an error.
    if (!channel) return;
    channel.receive(frame, this.#options.now());
    if (channel.isDone) this.#channels.delete(channel.id);
  }

  #receiveOpen(frame: Frame): void {
    const peersParity = this.#options.side === "connecting" ? 0 : 1;
    // Numbers only rise: a frame that is under way for a gone channel never meets a new one.
    const isNext = frame.channel % 2 === peersParity && frame.channel > this.#lastPeersId;
    if (!isNext || this.#channels.size >= maxChannels) {
      throw new HandrailError("protocol-violation", `channel ${frame.channel} cannot be opened`);
    }
    this.#lastPeersId = frame.channel;
    const wanted = readOpen(frame);
    if (!wanted) {
      return this.#enqueue(resetFrame(frame.channel, "not-found", "unknown kind of channel"));
    }
    const channel = new Channel(frame.channel, wanted.kind, this.#options.wake);
    try {
      this.#options.opened(wanted, channel);
    } catch (error) {
      const { code, message } = toHandrailError(error);
      // What went wrong inside is not the peer's business.
      return this.#enqueue(resetFrame(frame.channel, code, code === "internal" ? "" : message));
    }
    this.#channels.set(channel.id, channel);
    channel.accept();
    this.#options.wake();
  }
}
