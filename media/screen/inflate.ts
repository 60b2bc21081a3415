import { HandrailError } from "@handrail/protocol";
import { Decompress } from "fzstd";

/** Largest window of the surface stream, in bytes. Source: protocol, surface stream. */
const maxWindowBytes = 1 << 22;
const magic = [0x28, 0xb5, 0x2f, 0xfd];
/** The decoder keeps the start of a stream back until it has this many bytes. */
const leastFirstBytes = 18;
/** A raw block of no bytes that is not the last one (RFC 8878, section 3.1.1.2). */
const emptyBlockBytes = 3;
const initialRoomBytes = 256 * 1024;

/**
 * The one zstd stream of an epoch, unpacked message by message. Memory is bounded: the window is
 * refused when its header asks for more than the stream may use, and each message may unpack to
 * the number of bytes that its rectangles can need and no more.
 */
export class Inflater {
  readonly #stream: Decompress;
  #room: Uint8Array<ArrayBuffer> = new Uint8Array(initialRoomBytes);
  #length = 0;
  #limitBytes = 0;
  #started = false;

  constructor() {
    this.#stream = new Decompress((block) => this.#append(block));
  }

  /**
   * What `packed` unpacks to, as a view that is good until the next call.
   * @throws HandrailError `protocol-violation` for ill-formed data or more than `limitBytes`
   */
  inflate(packed: Uint8Array, limitBytes: number): Uint8Array {
    this.#length = 0;
    this.#limitBytes = limitBytes;
    if (packed.length === 0) return this.#room.subarray(0, 0);
    try {
      this.#stream.push(this.#started ? packed : this.#first(packed));
    } catch (cause) {
      if (cause instanceof HandrailError) throw cause;
      throw new HandrailError("protocol-violation", "ill-formed zstd data", { cause });
    }
    return this.#room.subarray(0, this.#length);
  }

  /** Checks the frame's header (RFC 8878, section 3.1.1.1), and pads a very short first message. */
  #first(packed: Uint8Array): Uint8Array {
    this.#started = true;
    const flags = packed[4] ?? 0;
    const isSingleSegment = (flags & 0x20) !== 0;
    const hasDictionary = (flags & 3) !== 0;
    if (magic.some((byte, i) => packed[i] !== byte) || isSingleSegment || hasDictionary) {
      throw new HandrailError("protocol-violation", "not a zstd stream as agreed");
    }
    const window = packed[5] ?? 255;
    const base = 2 ** (10 + (window >> 3));
    if (base + (base / 8) * (window & 7) > maxWindowBytes) {
      throw new HandrailError("protocol-violation", "zstd window too large");
    }
    const missing = Math.max(0, leastFirstBytes - packed.length);
    const padded = new Uint8Array(
      packed.length + Math.ceil(missing / emptyBlockBytes) * emptyBlockBytes,
    );
    padded.set(packed);
    return padded;
  }

  #append(block: Uint8Array): void {
    const needed = this.#length + block.length;
    if (needed > this.#limitBytes) {
      throw new HandrailError("protocol-violation", "more pixels than rectangles");
    }
    if (needed > this.#room.length) {
      const grown = new Uint8Array(Math.max(needed, this.#room.length * 2));
      grown.set(this.#room.subarray(0, this.#length));
      this.#room = grown;
    }
    this.#room.set(block, this.#length);
    this.#length = needed;
  }
}
