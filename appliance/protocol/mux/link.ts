import { HandrailError } from "../error.ts";
import { Fifo } from "./fifo.ts";
import { type Frame, frameTypes, isCounted, readBeat, readVarint, varintFrame } from "./frame.ts";

/** Kept for a peer that does not acknowledge, bytes; with so much kept, nothing more is sent. */
export const maxRetainedBytes = 8 * 1024 * 1024;
/** What a frame costs to keep beside its payload: without it, empty frames would have no bound. */
const frameCostBytes = 64;
const acknowledgeEveryBytes = 64 * 1024;
const acknowledgeEveryFrames = 64;

/**
 * What makes a link survive its socket: both ends count the frames they took, keep those that the
 * peer has not acknowledged, and on resuming send again what the peer says it has not received.
 * Sans I/O: it is told of every frame sent and received, and says what to send.
 */
export class LinkMemory {
  readonly #retained = new Fifo<Frame>();
  #retainedBytes = 0;
  #acknowledged = 0;
  #received = 0;
  #bytesSinceAck = 0;
  #framesSinceAck = 0;

  /** Counted frames received since the link was first made. */
  get received(): number {
    return this.#received;
  }

  /** What the frames kept for resuming cost, bytes. */
  get retainedBytes(): number {
    return this.#retainedBytes;
  }

  /** Whether counted frames have to wait until the peer acknowledges some. */
  get isFull(): boolean {
    return this.#retainedBytes >= maxRetainedBytes;
  }

  /** Told of each frame as it is handed to the socket for the first time. */
  sending(frame: Frame): void {
    if (!isCounted(frame)) return;
    this.#retained.push(frame);
    this.#retainedBytes += costBytes(frame);
  }

  /**
   * Told of each frame as it arrives. Returns whether an ACK is due.
   * @throws HandrailError `protocol-violation` when the peer acknowledges what was never sent.
   */
  receiving(frame: Frame): boolean {
    if (!isCounted(frame)) {
      const isAck = frame.type === frameTypes.ACK;
      this.#acknowledge(isAck ? readVarint(frame) : readBeat(frame).received);
      return false;
    }
    this.#received++;
    this.#framesSinceAck++;
    this.#bytesSinceAck += frame.payload.length;
    return (
      this.#bytesSinceAck >= acknowledgeEveryBytes || this.#framesSinceAck >= acknowledgeEveryFrames
    );
  }

  /** An ACK for all that was received so far. */
  acknowledgement(): Frame {
    this.acknowledging();
    return varintFrame(frameTypes.ACK, 0, this.#received);
  }

  /** Told that a frame which carries `received` is being sent. */
  acknowledging(): void {
    this.#bytesSinceAck = 0;
    this.#framesSinceAck = 0;
  }

  /**
   * The frames to send again on a new socket, in order, given how many the peer received.
   * @throws HandrailError `resume-refused` when they are no longer kept, `protocol-violation` when
   * the peer claims more than was sent.
   */
  resume(peerReceived: number): Frame[] {
    if (peerReceived < this.#acknowledged) {
      throw new HandrailError("resume-refused", "frames needed for resuming are gone");
    }
    this.#acknowledge(peerReceived);
    return this.#retained.all();
  }

  #acknowledge(received: number): void {
    const count = received - this.#acknowledged;
    if (count > this.#retained.length) {
      throw new HandrailError("protocol-violation", "acknowledged more than was sent");
    }
    for (let i = 0; i < count; i++) {
      const frame = this.#retained.shift();
      if (frame) this.#retainedBytes -= costBytes(frame);
    }
    this.#acknowledged = Math.max(received, this.#acknowledged);
  }
}

function costBytes(frame: Frame): number {
  return frame.payload.length + frameCostBytes;
}
