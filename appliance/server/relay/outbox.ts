import type { Socket } from "node:net";

/** Holds what a link hands its socket at once; see `lowWaterBytes` in socket.ts. */
const slabBytes = 60 * 1024;
const maxSpareSlabs = 64;
/** Slabs that no socket is using. */
const spareSlabs: Buffer[] = [];

/**
 * Gathers what one turn of the event loop says to a socket into one piece of memory, so that TLS
 * takes it in one call and without copying it: several buffers at once would be put together first,
 * in memory that is new each time. The memory is used again when the system has taken the bytes.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #written: () => void;
  #slab: Buffer | undefined;
  #length = 0;

  /** `written`: called each time the system has taken some of it. */
  constructor(socket: Socket, written: () => void) {
    this.#socket = socket;
    this.#written = written;
  }

  /** Bytes that the system has not taken yet. */
  get bytes(): number {
    return this.#length + this.#socket.writableLength;
  }

  /** Memory for the next `size` bytes to go out, to be filled at once. */
  claim(size: number): Buffer {
    if (this.#slab && this.#slab.length - this.#length < size) this.flush();
    if (!this.#slab) {
      this.#slab = size > slabBytes ? Buffer.allocUnsafeSlow(size) : freeSlab();
      setImmediate(flush, this);
    }
    const from = this.#length;
    this.#length += size;
    return this.#slab.subarray(from, this.#length);
  }

  /** Hands on what was claimed so far, before the turn ends. */
  flush(): void {
    const slab = this.#slab;
    if (!slab) return;
    const bytes = slab.subarray(0, this.#length);
    this.#slab = undefined;
    this.#length = 0;
    this.#socket.write(bytes, () => {
      if (slab.length === slabBytes && spareSlabs.length < maxSpareSlabs) spareSlabs.push(slab);
      this.#written();
    });
  }
}

function freeSlab(): Buffer {
  return spareSlabs.pop() ?? Buffer.allocUnsafeSlow(slabBytes);
}

function flush(outbox: Outbox): void {
  outbox.flush();
}
