import {
  type ErrorCode,
  type Frame,
  frameTypes,
  HandrailError,
  type OpenRequest,
  readOpen,
  readReset,
} from "@handrail/protocol";

/** What uses one channel of a link here. */
export interface Port {
  /** DATA, DATA_MORE, CREDIT or ACCEPT. */
  frame(frame: Frame): void;
  /** The peer closed (no code) or reset the channel, or the link is lost. */
  closed(code: ErrorCode | undefined, reason: string): void;
}

const maxChannels = 64;

/** The channels of one link: those opened here have even numbers, the peer's have odd ones. */
export class Ports {
  readonly #ports = new Map<number, Port | "asked">();
  readonly #withdrawnEars = new Map<number, () => void>();
  readonly #asked: (request: OpenRequest | undefined, channel: number) => void;
  #nextId = 2;
  #lastPeersId = 0;

  /** `asked`: the peer asks for a channel, of a kind that is unknown where there is no request. */
  constructor(asked: (request: OpenRequest | undefined, channel: number) => void) {
    this.#asked = asked;
  }

  /** Takes the number for a channel of our own. */
  add(port: Port): number {
    const id = this.#nextId;
    this.#nextId += 2;
    this.#ports.set(id, port);
    return id;
  }

  /** Gives a channel that the peer asked for its port. False when it has gone meanwhile. */
  grant(channel: number, port: Port): boolean {
    if (this.#ports.get(channel) !== "asked") return false;
    this.#withdrawnEars.delete(channel);
    this.#ports.set(channel, port);
    return true;
  }

  /** Forgets a channel without telling its port. False when it has gone already. */
  delete(channel: number): boolean {
    this.#withdrawnEars.delete(channel);
    return this.#ports.delete(channel);
  }

  /** As `Link.onWithdrawn`. */
  onWithdrawn(channel: number, ear: () => void): void {
    if (this.#ports.get(channel) === "asked") this.#withdrawnEars.set(channel, ear);
    else ear();
  }

  /** The link is gone: so are all channels. */
  lost(): void {
    const ports = [...this.#ports.values()];
    this.#ports.clear();
    for (const port of ports) if (port !== "asked") port.closed("unavailable", "the link is gone");
    for (const channel of [...this.#withdrawnEars.keys()]) this.#withdrawn(channel);
  }

  /** Takes a frame of any channel but the control channel. @throws HandrailError */
  receive(frame: Frame): void {
    if (frame.type === frameTypes.OPEN) return this.#receiveOpen(frame);
    const port = this.#ports.get(frame.channel);
    // Frames for a channel that was just reset here may still be under way: not an error.
    if (port === undefined) return;
    switch (frame.type) {
      case frameTypes.CLOSE:
        return this.#closed(frame.channel, port, undefined, "");
      case frameTypes.RESET: {
        const { code, reason } = readReset(frame);
        return this.#closed(frame.channel, port, code, reason);
      }
      case frameTypes.DATA:
      case frameTypes.DATA_MORE:
      case frameTypes.CREDIT:
      case frameTypes.ACCEPT:
        if (port === "asked") throw new HandrailError("protocol-violation", "not accepted yet");
        return port.frame(frame);
      default:
        throw new HandrailError("protocol-violation", `frame type ${frame.type} on a channel`);
    }
  }

  #closed(
    channel: number,
    port: Port | "asked",
    ...why: [code: ErrorCode | undefined, reason: string]
  ): void {
    this.#ports.delete(channel);
    if (port === "asked") this.#withdrawn(channel);
    else port.closed(...why);
  }

  #withdrawn(channel: number): void {
    const ear = this.#withdrawnEars.get(channel);
    this.#withdrawnEars.delete(channel);
    ear?.();
  }

  #receiveOpen(frame: Frame): void {
    const { channel } = frame;
    // Numbers only rise: a frame that is under way for a gone channel never meets a new one.
    const isNext = channel % 2 === 1 && channel > this.#lastPeersId;
    if (!isNext || this.#ports.size >= maxChannels) {
      throw new HandrailError("protocol-violation", `channel ${channel} cannot be opened`);
    }
    this.#lastPeersId = channel;
    const wanted = readOpen(frame);
    this.#ports.set(channel, "asked");
    this.#asked(wanted, channel);
  }
}
