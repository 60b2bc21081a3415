import { Reader, Writer } from "../codec/buffer.ts";
import { blob, list, struct, varint } from "../codec/struct.ts";
import { HandrailError } from "../error.ts";

/** Bounds of a seek point: bytes of one of its messages, and how many there are. */
const maxSeekBytes = 16 * 1024 * 1024;
const maxSeekMessages = 64;

/**
 * The recording of a session: a file that is only ever appended to.
 * Head: the 8 bytes `HRREC\0\0\2`, then records. Record: `length u32` (of kind, time and body),
 * `kind u8`, `at u32` (ms since the recording began), body, `crc u32` (CRC-32, ISO-HDLC, of kind,
 * time and body). All little-endian. A file that was cut anywhere reads up to its last whole
 * record. Kinds: see `recordKinds`. The last byte of the head is the version; in 1 there were no
 * seek points and no `restart` in the stream, and all else was the same.
 */
export const recordingMagic = Uint8Array.of(0x48, 0x52, 0x52, 0x45, 0x43, 0, 0, 2);
const oldestVersion = 1;

/**
 * - META: JSON of `RecordingMeta`, the first record. - SURFACE: one message of the surface stream
 *   as it was sent. - EVENT: JSON of a session event. - CHAT: JSON of a chat message.
 * - END: empty; the recording was finished in good order. - SEEK: a `SeekPoint`.
 */
export const recordKinds = { META: 1, SURFACE: 2, EVENT: 3, CHAT: 4, END: 5, SEEK: 6 } as const;

/** One of the numbers above. */
export type RecordKind = (typeof recordKinds)[keyof typeof recordKinds];

/** The first record of a recording. */
export interface RecordingMeta {
  readonly lsid: string;
  readonly startedAt: number;
  readonly siteName: string;
  readonly customer: string;
}

/** One record. `at` in ms since the recording began. `body` is a view of the file's bytes. */
export interface RecordingRecord {
  readonly kind: number;
  readonly at: number;
  readonly body: Uint8Array;
}

/**
 * A whole picture in the course of a recording, so that nothing before it need be decoded.
 * Body: `back varint`, then a list of messages of the surface stream, each with its length before
 * it as a varint. It lies behind the place that it is for, because making it takes time.
 */
export interface SeekPoint {
  /**
   * For which place: before the SURFACE record that is the `back`th before this record, which
   * holds a `restart`. At least 1.
   */
  readonly back: number;
  /** An `epoch` and what else makes a new viewer see what was seen at that place. */
  readonly messages: readonly Uint8Array[];
}

const seekPoint = struct({ back: varint, messages: list(blob(maxSeekBytes), maxSeekMessages) });

/** The body of a SEEK record. */
export function encodeSeekPoint({ back, messages }: SeekPoint): Uint8Array {
  const writer = new Writer(messages.reduce((sum, { length }) => sum + length + 8, 16));
  seekPoint.write(writer, { back, messages: [...messages] });
  return writer.finish();
}

/** Reads the body of a SEEK record. @throws HandrailError `protocol-violation` */
export function decodeSeekPoint(body: Uint8Array): SeekPoint {
  return seekPoint.read(new Reader(body));
}

const headBytes = 4 + 1 + 4;
const maxRecordBytes = 64 * 1024 * 1024;

/** A record as it is appended. @throws HandrailError `frame-too-large` */
export function encodeRecord(kind: RecordKind, at: number, body: Uint8Array): Uint8Array {
  if (5 + body.length > maxRecordBytes) {
    throw new HandrailError("frame-too-large", `record of ${body.length} bytes`);
  }
  const writer = new Writer(headBytes + body.length + 4);
  writer.u32(5 + body.length);
  writer.u8(kind);
  writer.u32(at);
  writer.bytes(body);
  writer.u32(crc32(writer.finish().subarray(4)));
  return writer.finish();
}

/**
 * Reads a recording piece by piece: give it bytes as they come, take whole records. The bytes that
 * were given must not change afterwards. After an error, it reads no more.
 * @throws HandrailError `bad-request` when it is not a recording or a record is damaged.
 */
export class RecordingReader {
  #pending: Writer | undefined;
  #headRead = false;

  /** Whether all bytes given so far made whole records: false when the file was cut. */
  get isAtRecordEnd(): boolean {
    return this.#headRead && !this.#pending;
  }

  push(bytes: Uint8Array): RecordingRecord[] {
    this.#pending?.bytes(bytes);
    const all = this.#pending?.finish() ?? bytes;
    const records: RecordingRecord[] = [];
    let at = this.#readHead(all);
    for (;;) {
      const size = this.#headRead ? recordSize(all, at) : undefined;
      if (size === undefined || at + size > all.length) break;
      records.push(readRecord(all.subarray(at, at + size)));
      at += size;
    }
    this.#keep(all, at);
    return records;
  }

  #readHead(all: Uint8Array): number {
    if (this.#headRead) return 0;
    if (!isHead(all)) {
      throw new HandrailError("bad-request", "not a Handrail recording");
    }
    this.#headRead = all.length >= recordingMagic.length;
    return this.#headRead ? recordingMagic.length : 0;
  }

  /** Copies only what has come since the last record: a large one in small pieces stays cheap. */
  #keep(all: Uint8Array, at: number): void {
    if (at === all.length) this.#pending = undefined;
    else if (at > 0 || !this.#pending) {
      this.#pending = new Writer(2 * (all.length - at));
      this.#pending.bytes(all.subarray(at));
    }
  }
}

/** Whether these bytes begin like a recording of a version that can be read. */
function isHead(bytes: Uint8Array): boolean {
  return recordingMagic.every((byte, i) => {
    const found = bytes[i] ?? byte;
    const isVersion = i === recordingMagic.length - 1;
    return found === byte || (isVersion && found >= oldestVersion && found < byte);
  });
}

function recordSize(bytes: Uint8Array, at: number): number | undefined {
  if (bytes.length - at < 4) return undefined;
  const length = new Reader(bytes.subarray(at, at + 4)).u32();
  if (length < 5 || length > maxRecordBytes) {
    throw new HandrailError("bad-request", "the recording is damaged: impossible record length");
  }
  return 4 + length + 4;
}

function readRecord(bytes: Uint8Array): RecordingRecord {
  const reader = new Reader(bytes);
  const length = reader.u32();
  const kind = reader.u8();
  const at = reader.u32();
  const body = reader.bytes(length - 5);
  if (reader.u32() !== crc32(bytes.subarray(4, 4 + length))) {
    throw new HandrailError("bad-request", "the recording is damaged: checksum differs");
  }
  return { kind, at, body };
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 255] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}
