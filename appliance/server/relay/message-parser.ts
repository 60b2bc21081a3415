/** WebSocket opcodes (RFC 6455 section 5.2). */
export const opcodes = {
  CONTINUATION: 0,
  TEXT: 1,
  BINARY: 2,
  CLOSE: 8,
  PING: 9,
  PONG: 10,
} as const;

/** Why a peer's bytes cannot be read on: a WebSocket close code and a reason for it. */
export class UnreadableError extends Error {
  readonly closeCode: number;

  constructor(closeCode: number, reason: string) {
    super(reason);
    this.name = "UnreadableError";
    this.closeCode = closeCode;
  }
}

/** Close code of a message larger than allowed: that of `frame-too-large` in the catalogue. */
const tooLargeCloseCode = 4413;
const violationCloseCode = 1002;
const maxHeaderBytes = 14;
/** Our ends send none; each costs some hundred bytes of memory here and six on the line. */
const maxFragments = 128;
/**
 * Messages from so many bytes on are put together in memory that they share. A message that is kept
 * keeps all of it: at most sixteen times itself.
 */
const minSharedBytes = 4 * 1024;
const sharedBytes = 60 * 1024;
const noBytes = Buffer.alloc(0);

/**
 * Cuts what a WebSocket client sends into whole messages. A message that lies within one chunk is
 * given as a view of that chunk, unmasked in place; only one that spans chunks is put together in
 * memory of its own. `take` may be called again from within `message`, never `push`.
 */
export class MessageParser {
  /** Most payload bytes of one message; may change between messages. */
  maxMessageBytes: number;
  readonly #message: (opcode: number, payload: Buffer) => void;
  readonly #header = Buffer.allocUnsafe(maxHeaderBytes);
  #headerLength = 0;
  #body: Buffer | undefined;
  #bodyLength = 0;
  #opcode = 0;
  #isFinal = false;
  #mask = 0;
  #parts: Buffer[] = [];
  #partsBytes = 0;
  #partsOpcode = 0;
  #shared = noBytes;

  constructor(maxMessageBytes: number, message: (opcode: number, payload: Buffer) => void) {
    this.maxMessageBytes = maxMessageBytes;
    this.#message = message;
  }

  /** Takes the next bytes. @throws UnreadableError after which nothing more may be pushed. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.#body ? this.#fillBody(chunk, at) : this.#begin(chunk, at);
  }

  /** Reads a header at `at` and, when the chunk holds it all, the payload; returns where it ended. */
  #begin(chunk: Buffer, from: number): number {
    let at = from;
    let header = chunk;
    let headerAt = from;
    if (this.#headerLength > 0 || chunk.length - from < maxHeaderBytes) {
      at = this.#fillHeader(chunk, from);
      if (this.#headerLength < headerBytes(this.#header, 0, this.#headerLength)) return at;
      header = this.#header;
      headerAt = 0;
      this.#headerLength = 0;
    } else {
      at += headerBytes(chunk, from, maxHeaderBytes);
    }
    const length = this.#readHeader(header, headerAt);
    if (chunk.length - at >= length) {
      this.#whole(chunk.subarray(at, at + length));
      return at + length;
    }
    this.#body = this.#room(length);
    this.#bodyLength = 0;
    return at;
  }

  /** Memory for a message that spans chunks; large ones share some, which is cheaper to make. */
  #room(length: number): Buffer {
    if (length < minSharedBytes || length > sharedBytes) return Buffer.allocUnsafeSlow(length);
    if (this.#shared.length < length) this.#shared = Buffer.allocUnsafeSlow(sharedBytes);
    const room = this.#shared.subarray(0, length);
    this.#shared = this.#shared.subarray((length + 7) & ~7);
    return room;
  }

  /** Header bytes one at a time: for the rare header that is cut by the end of a chunk. */
  #fillHeader(chunk: Buffer, from: number): number {
    let at = from;
    while (
      at < chunk.length &&
      this.#headerLength < headerBytes(this.#header, 0, this.#headerLength)
    ) {
      this.#header[this.#headerLength++] = chunk[at++] ?? 0;
    }
    return at;
  }

  #fillBody(chunk: Buffer, from: number): number {
    const body = this.#body;
    if (!body) return from;
    const count = Math.min(chunk.length - from, body.length - this.#bodyLength);
    chunk.copy(body, this.#bodyLength, from, from + count);
    this.#bodyLength += count;
    if (this.#bodyLength === body.length) {
      this.#body = undefined;
      this.#whole(body);
    }
    return from + count;
  }

  #readHeader(bytes: Buffer, at: number): number {
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    this.#isFinal = (first & 0x80) !== 0;
    this.#opcode = first & 0x0f;
    const short = second & 0x7f;
    let length = short;
    let maskAt = at + 2;
    if (short === 126) {
      length = bytes.readUInt16BE(maskAt);
      maskAt += 2;
    } else if (short === 127) {
      length = bytes.readUInt32BE(maskAt) * 2 ** 32 + bytes.readUInt32BE(maskAt + 4);
      maskAt += 8;
    }
    if ((first & 0x70) !== 0) throw violation("reserved bits are set");
    if ((second & 0x80) === 0) throw violation("a client masks what it sends");
    this.#mask = bytes.readInt32LE(maskAt);
    this.#checkFrame(length);
    return length;
  }

  #checkFrame(length: number): void {
    switch (this.#opcode) {
      case opcodes.CLOSE:
      case opcodes.PING:
      case opcodes.PONG:
        if (!this.#isFinal || length > 125) throw violation("ill-formed control frame");
        return;
      case opcodes.CONTINUATION:
        if (this.#partsOpcode === 0) throw violation("nothing to continue");
        break;
      case opcodes.TEXT:
      case opcodes.BINARY:
        if (this.#partsOpcode !== 0) throw violation("a message within a message");
        break;
      default:
        throw violation("unknown opcode");
    }
    if (this.#partsBytes + length > this.maxMessageBytes) {
      throw new UnreadableError(tooLargeCloseCode, "message too large");
    }
  }

  #whole(payload: Buffer): void {
    if (this.#mask !== 0) unmask(payload, this.#mask);
    const opcode = this.#opcode;
    if (opcode >= opcodes.CLOSE || (this.#isFinal && opcode !== opcodes.CONTINUATION)) {
      this.#message(opcode, payload);
      return;
    }
    if (opcode !== opcodes.CONTINUATION) this.#partsOpcode = opcode;
    // A copy: many tiny fragments must not each keep the chunk that they came in.
    this.#parts.push(Buffer.from(payload));
    this.#partsBytes += payload.length;
    if (this.#parts.length > maxFragments) throw violation("too many fragments");
    if (this.#isFinal) this.#joinParts();
  }

  #joinParts(): void {
    const whole = Buffer.concat(this.#parts, this.#partsBytes);
    const opcode = this.#partsOpcode;
    this.#parts = [];
    this.#partsBytes = 0;
    this.#partsOpcode = 0;
    this.#message(opcode, whole);
  }
}

/** How long the header is, as far as its first `known` bytes tell; at least 2. */
function headerBytes(bytes: Buffer, at: number, known: number): number {
  if (known < 2) return 2;
  const second = bytes[at + 1] ?? 0;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  return 2 + lengthBytes + (second & 0x80 ? 4 : 0);
}

function violation(reason: string): UnreadableError {
  return new UnreadableError(violationCloseCode, reason);
}

/**
 * Takes the mask off in place (RFC 6455 section 5.3), 32 bits at a time where memory is aligned.
 * `mask`: its four bytes as a little-endian number.
 */
export function unmask(bytes: Buffer, mask: number): void {
  const length = bytes.length;
  const untilAligned = Math.min(length, -bytes.byteOffset & 3);
  for (let i = 0; i < untilAligned; i++) bytes[i] = (bytes[i] ?? 0) ^ (mask >>> (8 * i));
  const turn = 8 * (untilAligned & 3);
  const turned = turn === 0 ? mask : (mask >>> turn) | (mask << (32 - turn));
  const wordCount = (length - untilAligned) >>> 2;
  if (wordCount > 0) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + untilAligned, wordCount);
    for (let i = 0; i < wordCount; i++) words[i] = (words[i] ?? 0) ^ turned;
  }
  for (let i = untilAligned + wordCount * 4; i < length; i++) {
    bytes[i] = (bytes[i] ?? 0) ^ (turned >>> (8 * ((i - untilAligned) & 3)));
  }
}
