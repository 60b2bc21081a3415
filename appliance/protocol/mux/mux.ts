import { z } from "zod";
import { decodeText, encodeText } from "../codec/struct.ts";
import { HandrailError, toHandrailError } from "../error.ts";
import {
  Channel,
  channelClasses,
  type ChannelKind,
  channelKinds,
  isChannelKind,
} from "./channel.ts";
import {
  beatFrame,
  controlChannel,
  decodeFrame,
  type Frame,
  frameTypes,
  maxDataBytes,
  openFrame,
  readBeat,
  resetFrame,
} from "./frame.ts";
import { LinkMemory } from "./link.ts";

const maxControlBytes = 4 * 1024 * 1024;
const maxChannels = 256;
const openShape = z.object({ kind: z.string().max(32), lsid: z.string().max(32) });

/** What an OPEN asks for. */
export interface OpenRequest {
  readonly kind: ChannelKind;
  readonly lsid: string;
}

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
  /** The peer asks for a channel: accept by returning a listener, refuse by throwing. */
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
  readonly #urgent: Frame[] = [];
  #resend: readonly Frame[] = [];
  #control: Uint8Array[] = [];
  #controlParts: Uint8Array[] = [];
  #controlBytes = 0;
  #nextId: number;
  #roundTripMs: number | undefined;

  constructor(options: MuxOptions) {
    this.#options = options;
    this.#nextId = options.side === "connecting" ? 1 : 2;
  }

  /** Last measured round trip of a PING, ms. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** Sends a control message. */
  say(text: string): void {
    this.#control.push(encodeText(text));
    this.#options.wake();
  }

  /** Asks the peer for a channel. Messages may be queued at once; they go when it accepts. */
  open(request: OpenRequest): Channel {
    const id = this.#nextId;
    this.#nextId += 2;
    const channel = new Channel(id, request.kind, this.#options.wake);
    this.#channels.set(id, channel);
    this.#urgent.push(openFrame(id, request));
    this.#options.wake();
    return channel;
  }

  /** Asks for a PONG; its answer sets `roundTripMs` and acknowledges what was received. */
  ping(): void {
    this.#urgent.push(beatFrame("PING", this.#options.now(), this.memory.received));
    this.#options.wake();
  }

  /** The next frame to send, most urgent first; undefined while there is none. */
  pull(): Frame | undefined {
    const again = this.#resend[0];
    if (again) {
      this.#resend = this.#resend.slice(1);
      return again;
    }
    const frame = this.#urgent.shift() ?? this.#pullControl() ?? this.#pullChannel();
    if (frame) this.memory.sending(frame);
    return frame;
  }

  /**
   * Takes one binary message.
   * @throws HandrailError when the peer breaks the protocol: end the link with the error's code.
   */
  receive(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes);
    const acknowledgement = this.memory.receiving(frame);
    if (acknowledgement) this.#push(acknowledgement);
    if (frame.channel === controlChannel) this.#receiveControl(frame);
    else this.#receiveChannel(frame);
  }

  /** A new socket took over: `peerReceived` comes from the handshake. */
  resume(peerReceived: number): void {
    this.#urgent.splice(0, this.#urgent.length, ...this.#urgent.filter((f) => f.type < 7));
    this.#resend = [...this.memory.resume(peerReceived)];
    this.#options.wake();
  }

  /** The link cannot be resumed: every channel is lost. */
  lost(): void {
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of channels) channel.lost("unavailable");
  }

  #push(frame: Frame): void {
    this.#urgent.push(frame);
    this.#options.wake();
  }

  #pullControl(): Frame | undefined {
    const head = this.#control[0];
    if (!head) return undefined;
    const payload = head.subarray(0, maxDataBytes);
    if (payload.length === head.length) {
      this.#control.shift();
      return { type: frameTypes.DATA, channel: controlChannel, payload };
    }
    this.#control[0] = head.subarray(maxDataBytes);
    return { type: frameTypes.DATA_MORE, channel: controlChannel, payload };
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
      case frameTypes.PING: {
        const { timeMs } = readBeat(frame);
        return this.#push(beatFrame("PONG", timeMs, this.memory.received));
      }
      case frameTypes.PONG: {
        const elapsed = ((this.#options.now() >>> 0) - readBeat(frame).timeMs) >>> 0;
        this.#roundTripMs = elapsed;
        return;
      }
      case frameTypes.ACK:
        return this.#options.wake();
      case frameTypes.DATA:
      case frameTypes.DATA_MORE:
        return this.#receiveControlPart(frame);
      default:
        throw new HandrailError("protocol-violation", `frame type ${frame.type} on channel 0`);
    }
  }

  #receiveControlPart(frame: Frame): void {
    this.#controlBytes += frame.payload.length;
    if (this.#controlBytes > maxControlBytes) {
      throw new HandrailError("frame-too-large", "control message too large");
    }
    this.#controlParts.push(frame.payload);
    if (frame.type === frameTypes.DATA_MORE) return;
    const whole = new Uint8Array(this.#controlBytes);
    let at = 0;
    for (const part of this.#controlParts) {
      whole.set(part, at);
      at += part.length;
    }
    this.#controlParts = [];
    this.#controlBytes = 0;
    this.#options.control(decodeText(whole));
  }

  #receiveChannel(frame: Frame): void {
    const channel = this.#channels.get(frame.channel);
    if (frame.type === frameTypes.OPEN) return this.#receiveOpen(frame, channel);
    // Frames for a channel that was just reset here may still be under way: not an error.
    if (!channel) return;
    channel.receive(frame, this.#options.now());
    if (channel.isDone) this.#channels.delete(channel.id);
  }

  #receiveOpen(frame: Frame, existing: Channel | undefined): void {
    const peersParity = this.#options.side === "connecting" ? 0 : 1;
    if (existing || frame.channel % 2 !== peersParity || this.#channels.size >= maxChannels) {
      throw new HandrailError("protocol-violation", `channel ${frame.channel} cannot be opened`);
    }
    const wanted = readOpen(frame);
    if (!wanted) {
      return this.#push(resetFrame(frame.channel, "not-found", "unknown kind of channel"));
    }
    const channel = new Channel(frame.channel, wanted.kind, this.#options.wake);
    try {
      channel.accept();
      this.#options.opened(wanted, channel);
      this.#channels.set(channel.id, channel);
    } catch (error) {
      const { code, message } = toHandrailError(error);
      this.#push(resetFrame(frame.channel, code, message));
    }
  }
}

/**
 * What an OPEN frame asks for; undefined for a kind that this version does not know.
 * @throws HandrailError `protocol-violation` when the payload is not the JSON it must be.
 */
export function readOpen(frame: Frame): OpenRequest | undefined {
  let json: unknown;
  try {
    json = JSON.parse(decodeText(frame.payload));
  } catch (cause) {
    throw new HandrailError("protocol-violation", "OPEN is not JSON", { cause });
  }
  const parsed = openShape.safeParse(json);
  if (!parsed.success) throw new HandrailError("protocol-violation", "OPEN lacks kind or lsid");
  const { kind, lsid } = parsed.data;
  return isChannelKind(kind) ? { kind, lsid } : undefined;
}
