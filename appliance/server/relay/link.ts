import {
  beatFrame,
  closeFrame,
  controlChannel,
  decodeFrame,
  encodeText,
  type ErrorCode,
  type Frame,
  type FrameType,
  frameTypes,
  HandrailError,
  LinkMemory,
  maxDataBytes,
  openFrame,
  type OpenRequest,
  readBeat,
  receiveWindowBytes,
  resetFrame,
  toHandrailError,
  varintFrame,
} from "@handrail/protocol";
import { ControlInbox } from "./control-inbox.ts";
import { FrameQueue } from "./frame-queue.ts";
import { LineWatch } from "./line-watch.ts";
import { type Port, Ports } from "./ports.ts";
import { type LinkSocket, lowWaterBytes, type SocketListener } from "./socket.ts";

/** How urgent a frame is: lower goes first. */
export const urgencies = { control: 0, input: 1, screen: 2, shell: 3, bulk: 4 } as const;
export type Urgency = (typeof urgencies)[keyof typeof urgencies];

/** Whose link it is. */
export interface LinkOwner {
  control(text: string): void;
  /** The peer asks for a channel: answer, now or later, by `accept` or `refuse`. */
  opened(request: OpenRequest, channel: number): void;
  /** The socket is gone; the link waits for another one. */
  away(): void;
  /** Gone for good; all channels have been told. `fault`: what went wrong here, if it did. */
  lost(code: ErrorCode | "done", fault?: unknown): void;
}

/** Most bytes of control messages that a peer may leave unread, and where reading it pauses. */
const maxQueuedControlBytes = 4 * 1024 * 1024;
const pauseAboveBytes = 1024 * 1024;

/**
 * One party's link at the appliance. It outlives its sockets: what was sent and not acknowledged is
 * kept and sent again to the next one, and what has no socket waits. Frames are handed to the
 * socket as late as possible and the most urgent first. Never looks into the payload of a channel.
 */
export class Link {
  readonly #owner: LinkOwner;
  readonly #memory = new LinkMemory();
  readonly #queues = Object.values(urgencies).map(() => new FrameQueue());
  readonly #ports: Ports;
  #socket: LinkSocket | undefined;
  #resend: readonly Frame[] = [];
  #resent = 0;
  readonly #inbox = new ControlInbox();
  readonly #watch: LineWatch;
  readonly #lostEars: (() => void)[] = [];
  // Of these only the newest counts, so each has room for one.
  #pingDue = false;
  #pongDue: number | undefined;
  #ackDue = false;
  #isLost = false;
  #isFinishing = false;
  #isPaused = false;

  constructor(owner: LinkOwner, nowMs: number) {
    this.#owner = owner;
    this.#watch = new LineWatch(nowMs);
    this.#ports = new Ports((request, channel) => {
      if (request) this.#owner.opened(request, channel);
      else this.reset(channel, "not-found", "unknown kind of channel");
    });
  }

  /** Whether a socket carries it now. */
  get isUp(): boolean {
    return this.#socket !== undefined;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Counted frames received, for the handshake. */
  get received(): number {
    return this.#memory.received;
  }

  /** Bytes that wait for the peer in a class, in the socket as well. */
  waitingBytes(urgency: Urgency): number {
    return (this.#queues[urgency]?.bytes ?? 0) + (this.#socket?.bufferedBytes ?? 0);
  }

  /** Frames that wait for the peer in a class. */
  waitingFrames(urgency: Urgency): number {
    return this.#queues[urgency]?.length ?? 0;
  }

  /**
   * Whether a peer that received `peerReceived` frames can go on with this link. If so, `attach`
   * must follow: the earlier socket is cut here, so that `received` stays what the peer is told.
   */
  mayResume(peerReceived: number): boolean {
    if (this.#isLost) return false;
    const previous = this.#socket;
    this.#socket = undefined;
    previous?.close("link-replaced");
    try {
      this.#resend = this.#memory.resume(peerReceived);
      this.#resent = 0;
      // What they would say is in the handshake.
      this.#pingDue = false;
      this.#pongDue = undefined;
      this.#ackDue = false;
      this.#memory.acknowledging();
      return true;
    } catch (error) {
      if (error instanceof HandrailError) return false;
      throw error;
    }
  }

  /** Goes on over this socket: the first one, or the next after `mayResume`. */
  attach(socket: LinkSocket): void {
    this.#socket = socket;
    this.#watch.attached();
    this.#isPaused = false;
    socket.listen(this.#listenTo(socket));
    this.#pump();
  }

  /** Sends a control message. */
  say(text: string): void {
    const bytes = encodeText(text);
    let at = 0;
    for (; bytes.length - at > maxDataBytes; at += maxDataBytes) {
      const part = bytes.subarray(at, at + maxDataBytes);
      this.send(frameTypes.DATA_MORE, controlChannel, part, urgencies.control);
    }
    this.send(frameTypes.DATA, controlChannel, bytes.subarray(at), urgencies.control);
    if ((this.#queues[urgencies.control]?.bytes ?? 0) > maxQueuedControlBytes) {
      this.end("too-slow", "control messages are not read");
    }
  }

  /** Asks the peer for a channel. */
  open(request: OpenRequest, port: Port): number {
    const id = this.#ports.add(port);
    this.#push(openFrame(id, request), urgencies.control);
    return id;
  }

  /**
   * Grants a channel that the peer asked for, and what may be sent into it before any was consumed.
   * False when it has gone meanwhile.
   */
  accept(channel: number, port: Port, windowBytes = receiveWindowBytes): boolean {
    if (!this.#ports.grant(channel, port)) return false;
    const granted = varintFrame(frameTypes.ACCEPT, channel, windowBytes);
    this.#push(granted, urgencies.control);
    return true;
  }

  /**
   * Calls `ear` once when the peer gives up a channel that it has asked for, or the link is lost,
   * before the channel was accepted or refused; at once when that has been already.
   */
  onWithdrawn(channel: number, ear: () => void): void {
    this.#ports.onWithdrawn(channel, ear);
  }

  /** Refuses a channel that the peer asked for, or ends one at once; its port is not told. */
  reset(channel: number, code: ErrorCode, reason = ""): void {
    if (!this.#ports.delete(channel)) return;
    for (const queue of this.#queues.slice(urgencies.input)) queue.drop(channel);
    this.#push(resetFrame(channel, code, reason), urgencies.control);
  }

  /** Ends a channel in good order, after what is queued in its class. */
  closeChannel(channel: number, urgency: Urgency): void {
    if (this.#ports.delete(channel)) this.#push(closeFrame(channel), urgency);
  }

  /** Sends one frame of a channel; the payload goes as it is and must not change. */
  send(type: FrameType, channel: number, payload: Uint8Array, urgency: Urgency): void {
    this.#push({ type, channel, payload }, urgency);
  }

  /**
   * Called about once a second: keeps the line alive, notices one that is dead, and gives up a link
   * that was away for too long.
   */
  beat(nowMs: number): void {
    this.#inbox.beat();
    switch (this.#watch.beat(nowMs)) {
      case "gone":
        return this.end("unavailable", "away for too long");
      case "dead":
        return this.#socket?.cut();
      case "ping":
        this.#pingDue = true;
        return this.#pump();
      case "fine":
        return;
    }
  }

  /** Lets the line go without ending the link: for the end of the program. */
  detach(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close("unavailable", "the appliance is stopping");
  }

  /** Calls `ear` when the link is gone for good. */
  onLost(ear: () => void): void {
    this.#lostEars.push(ear);
  }

  /** Ends the link in good order, once everything said so far has gone out. */
  finish(): void {
    // What is being answered at this moment goes out as well.
    setImmediate(() => {
      this.#isFinishing = true;
      this.#pump();
    });
  }

  /** Told the moment at which the socket went, for `beat`. */
  wentAway(nowMs: number): void {
    this.#watch.wentAway(nowMs);
  }

  /** Ends the link for good: says why, and tells every channel and the owner. */
  end(code: ErrorCode | "done", reason = "", fault?: unknown): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#socket?.close(code, reason);
    this.#socket = undefined;
    this.#ports.lost();
    for (const ear of this.#lostEars) ear();
    this.#owner.lost(code, fault);
  }

  #listenTo(socket: LinkSocket): SocketListener {
    return {
      text: () => this.#fail(new HandrailError("protocol-violation", "text after the welcome")),
      frame: (bytes) => this.#receive(bytes),
      drained: () => this.#pump(),
      fault: (error) => this.#fail(error),
      closed: (code) => {
        if (this.#socket !== socket) return;
        this.#socket = undefined;
        // 1000 and 1001: the peer has gone on purpose and will not come back to this link.
        if (code === 1000 || code === 1001) return this.end("cancelled", "closed by the peer");
        this.#owner.away();
      },
    };
  }

  #push(frame: Frame, urgency: Urgency): void {
    if (this.#isLost) return;
    this.#queues[urgency]?.push(frame);
    this.#pump();
  }

  #pump(): void {
    const socket = this.#socket;
    if (!socket) return;
    while (socket.bufferedBytes < lowWaterBytes) {
      const frame = this.#next();
      if (!frame) break;
      this.#watch.sent();
      socket.sendFrame(frame);
    }
    this.#pauseOrResume(socket);
    const isSaid = this.#resent === this.#resend.length && this.#queues[urgencies.control]?.isEmpty;
    if (this.#isFinishing && isSaid) this.end("done");
  }

  #next(): Frame | undefined {
    const beat = this.#nextBeat();
    if (beat) return beat;
    if (this.#resent < this.#resend.length) return this.#resend[this.#resent++];
    if (this.#memory.isFull) return undefined;
    const frame = this.#shift();
    if (frame) this.#memory.sending(frame);
    return frame;
  }

  #nextBeat(): Frame | undefined {
    const { received } = this.#memory;
    if (this.#pongDue !== undefined) {
      const pong = beatFrame("PONG", this.#pongDue, received);
      this.#pongDue = undefined;
      return pong;
    }
    if (this.#pingDue) {
      this.#pingDue = false;
      return beatFrame("PING", this.#watch.nowMs, received);
    }
    if (!this.#ackDue) return undefined;
    this.#ackDue = false;
    return this.#memory.acknowledgement();
  }

  #shift(): Frame | undefined {
    for (const queue of this.#queues) if (!queue.isEmpty) return queue.shift();
    return undefined;
  }

  /** A peer that asks and does not read the answers is not asked for more questions. */
  #pauseOrResume(socket: LinkSocket): void {
    const waiting = this.#queues[urgencies.control]?.bytes ?? 0;
    if (!this.#isPaused && waiting > pauseAboveBytes) {
      this.#isPaused = true;
      socket.pause();
    } else if (this.#isPaused && waiting === 0) {
      this.#isPaused = false;
      socket.resume();
    }
  }

  #receive(bytes: Uint8Array): void {
    this.#watch.heard();
    try {
      const frame = decodeFrame(bytes);
      if (this.#memory.receiving(frame)) this.#ackDue = true;
      if (frame.channel === controlChannel) this.#receiveControl(frame);
      else this.#ports.receive(frame);
      if (this.#ackDue) this.#pump();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const { code, message } = toHandrailError(error);
    if (code === "internal") this.end(code, "", error);
    else this.end(code, message);
  }

  #receiveControl(frame: Frame): void {
    switch (frame.type) {
      case frameTypes.PING:
        this.#pongDue = readBeat(frame).timeMs;
        return this.#pump();
      case frameTypes.PONG:
      case frameTypes.ACK:
        // With what they acknowledge, more may be kept and so sent.
        return this.#pump();
      case frameTypes.DATA:
      case frameTypes.DATA_MORE:
        return this.#receiveControlPart(frame);
      default:
        throw new HandrailError("protocol-violation", `frame type ${frame.type} on channel 0`);
    }
  }

  #receiveControlPart(frame: Frame): void {
    const text = this.#inbox.take(frame);
    if (text !== undefined) this.#owner.control(text);
  }
}
