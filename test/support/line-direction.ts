import type { Socket } from "node:net";

/** One direction of a line. */
export interface DirectionQuality {
  kbitPerSecond: number;
  /** From the line's one end to the other, once sent, in ms. */
  delayMs: number;
  queueBytes: number;
}

interface Packet {
  bytes: Buffer;
  to: Socket;
  /** When its last byte has left the queue, and when it is there, in ms of performance.now(). */
  sentAt: number;
  arrivesAt: number;
}

// What fits in an Ethernet frame: so much of one connection goes before the next has its turn.
const packetBytes = 1460;

/** Carries the bytes of many sockets to their peers, in order, at one shared rate. */
export class LineDirection {
  readonly #quality: DirectionQuality;
  readonly #peers = new Map<Socket, Socket>();
  /** Not yet delivered, in order of arrival. */
  readonly #underway: Packet[] = [];
  #freeAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(quality: DirectionQuality) {
    this.#quality = quality;
  }

  /** Passes on all that `from` receives; its end ends `to`, after the last byte has arrived. */
  join(from: Socket, to: Socket): void {
    this.#peers.set(from, to);
    from.on("readable", () => this.#fill());
    from.once("end", () => this.#afterLast(to, () => to.end()));
    // An error is followed by "close", and the peer learns of both in the same way.
    from.on("error", () => this.#peers.delete(from));
    from.once("close", () => {
      this.#peers.delete(from);
      if (from.errored) to.destroy();
    });
  }
}
