import type { Socket } from "node:net";

/** One direction of a line. */
export interface DirectionQuality {
  kbitPerSecond: number;
  /** From the line's one end to the other, once sent, in ms. */
  delayMs: number;
  queueBytes: number;
}

interface Packet {
  /** Nothing at all stands for the end of what one side sends. */
  bytes: Buffer | undefined;
  to: Socket;
  /** When its last byte leaves the queue, and when it is there, in ms of performance.now(). */
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
    from.on("readable", () => this.#advance());
    to.on("drain", () => this.#advance());
    from.once("end", () => {
      this.#send(undefined, to);
      this.#schedule();
    });
    // Every error is followed by "close".
    from.on("error", () => this.#peers.delete(from));
    from.once("close", (hadError) => {
      this.#peers.delete(from);
      // A broken connection breaks its other half: a reset does not queue behind the data.
      if (hadError) to.resetAndDestroy();
    });
  }

  #advance(): void {
    this.#deliver();
    this.#fill();
    this.#schedule();
  }

  #deliver(): void {
    const now = performance.now();
    const due = this.#underway.findIndex((packet) => packet.arrivesAt > now);
    const arrived = this.#underway.splice(0, due === -1 ? this.#underway.length : due);
    for (const { bytes, to } of arrived.filter((packet) => !packet.to.destroyed)) {
      if (bytes) to.write(bytes);
      else to.end();
    }
  }

  /** Takes packets from the sockets in turn, until the queue is full or they have none. */
  #fill(): void {
    const room = (): boolean => this.#queuedBytes() < this.#quality.queueBytes;
    let took = true;
    while (took && room()) {
      took = false;
      for (const [from, to] of [...this.#peers]) {
        // A receiver that does not read holds back its own sender only.
        const bytes = to.writableNeedDrain || !room() ? undefined : take(from);
        if (!bytes) continue;
        // To the end of the row: else the first one would take every place that becomes free.
        this.#peers.delete(from);
        this.#peers.set(from, to);
        this.#send(bytes, to);
        took = true;
      }
    }
  }

  #send(bytes: Buffer | undefined, to: Socket): void {
    const durationMs = ((bytes?.length ?? 0) * 8) / this.#quality.kbitPerSecond;
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + durationMs;
    const arrivesAt = this.#freeAt + this.#quality.delayMs;
    this.#underway.push({ bytes, to, sentAt: this.#freeAt, arrivesAt });
  }

  #queuedBytes(): number {
    return Math.max(0, this.#freeAt - performance.now()) * (this.#quality.kbitPerSecond / 8);
  }

  /** Wakes up when a packet arrives, or when the queue has room for another. */
  #schedule(): void {
    clearTimeout(this.#timer);
    const [first] = this.#underway;
    if (!first) return;
    const now = performance.now();
    const unsent = this.#underway.find((packet) => packet.sentAt > now);
    const wakeAt = Math.min(first.arrivesAt, unsent?.sentAt ?? Infinity);
    this.#timer = setTimeout(() => this.#advance(), Math.max(1, wakeAt - now));
  }
}

function take(socket: Socket): Buffer | undefined {
  // Reading from an empty socket is what makes its "end" come.
  const sizeBytes = Math.min(packetBytes, socket.readableLength);
  const read: unknown = sizeBytes > 0 ? socket.read(sizeBytes) : socket.read();
  return Buffer.isBuffer(read) ? read : undefined;
}
