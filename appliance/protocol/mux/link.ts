import { HandrailError } from "../error.ts";
import { type Frame, frameTypes, isCounted, readBeat, readVarint, varintFrame } from "./frame.ts";

/** Most bytes of frames kept for a peer that has not acknowledged them. */
export const maxRetainedBytes = 8 * 1024 * 1024;
const acknowledgeEveryBytes = 64 * 1024;
const acknowledgeEveryFrames = 64;

/**
 * What makes a link survive its socket: both ends count the frames they took, keep those that the
 * peer has not acknowledged, and on resuming send again what the peer says it has not received.
 * Sans I/O: it is told of every frame sent and received, and says what to send.
 */
export class LinkMemory {
  #retained: Frame[] = [];
  #retainedBytes = 0;
  #acknowledged = 0;
  #received = 0;
  #bytesSinceAck = 0;
  #framesSinceAck = 0;

  /** Counted frames received since the link was first made. */
  get received(): number {
    return this.#received;
  }

  get retainedBytes(): number {
    return this.#retainedBytes;
  }

  /** Told of each frame as it is handed to the socket. @throws HandrailError `too-slow` */
  sending(frame: Frame): void {
    if (!isCounted(frame)) return;
    this.#retained.push(frame);
    this.#retainedBytes += frame.payload.length;
    if (this.#retainedBytes > maxRetainedBytes) {
      throw new HandrailError("too-slow", "the peer acknowledges too little");
    }
  }

  /**
   * Told of each frame as it arrives. Returns an ACK to send when one is due.
   * @throws HandrailError `protocol-violation` when the peer acknowledges what was never sent.
   */
  receiving(frame: Frame): Frame | undefined {
    if (frame.type === frameTypes.ACK) this.#acknowledge(readVarint(frame));
    else if (frame.type === frameTypes.PING || frame.type === frameTypes.PONG) {
      this.#acknowledge(readBeat(frame).received);
    } else {
      this.#received++;
      this.#framesSinceAck++;
      this.#bytesSinceAck += frame.payload.length;
      const due =
        this.#bytesSinceAck >= acknowledgeEveryBytes ||
        this.#framesSinceAck >= acknowledgeEveryFrames;
      if (due) return this.acknowledgement();
    }
    return undefined;
  }

  /** An ACK for all that was received so far. */
  acknowledgement(): Frame {
    this.#bytesSinceAck = 0;
    this.#framesSinceAck = 0;
    return varintFrame(frameTypes.ACK, 0, this.#received);
  }

  /**
   * The frames to send again on a new socket, in order, given how many the peer received.
   * @throws HandrailError `resume-refused` when they are no longer kept.
   */
  resume(peerReceived: number): readonly Frame[] {
    if (peerReceived < this.#acknowledged) {
      throw new HandrailError("resume-refused", "frames needed for resuming are gone");
    }
    this.#acknowledge(peerReceived);
    return this.#retained;
  }

  #acknowledge(received: number): void {
    const count = received - this.#acknowledged;
    if (count <= 0) return;
    if (count > this.#retained.length) {
      throw new HandrailError("protocol-violation", "acknowledged more than was sent");
    }
    for (const frame of this.#retained.splice(0, count)) {
      this.#retainedBytes -= frame.payload.length;
    }
    this.#acknowledged = received;
  }
}
