import { Reader, Writer } from "../codec/buffer.ts";
import { HandrailError } from "../error.ts";

/**
 * The recording of a session: a file that is only ever appended to.
 * Head: the 8 bytes `HRREC\0\0\1`, then records. Record: `length u32` (of kind, time and body),
 * `kind u8`, `at u32` (ms since the recording began), body, `crc u32` (CRC-32, ISO-HDLC, of kind,
 * time and body). All little-endian. A file that was cut anywhere reads up to its last whole
 * record. Kinds: see `recordKinds`.
 */
export const recordingMagic = Uint8Array.of(0x48, 0x52, 0x52, 0x45, 0x43, 0, 0, 1);

/**
 * - META: JSON of `RecordingMeta`, the first record. - SURFACE: one message of the surface stream
 *   as it was sent. - EVENT: JSON of a session event. - CHAT: JSON of a chat message.
 * - END: empty; the recording was finished in good order.
 */
export const recordKinds = { META: 1, SURFACE: 2, EVENT: 3, CHAT: 4, END: 5 } as const;

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

const headBytes = 4 + 1 + 4;
const maxRecordBytes = 64 * 1024 * 1024;

/** A record as it is appended. */
export function encodeRecord(kind: RecordKind, at: number, body: Uint8Array): Uint8Array {
  const writer = new Writer(headBytes + body.length + 4);
  writer.u32(5 + body.length);
  writer.u8(kind);
  writer.u32(at);
  writer.bytes(body);
  writer.u32(crc32(writer.finish().subarray(4)));
  return writer.finish();
}

/**
 * Reads a recording piece by piece: give it bytes as they come, take whole records.
 * @throws HandrailError `bad-request` when it is not a recording or a record is damaged.
 */
export class RecordingReader {
  #pending = new Uint8Array(0);
  #headRead = false;

  /** Whether all bytes given so far made whole records: false when the file was cut. */
  get isAtRecordEnd(): boolean {
    return this.#headRead && this.#pending.length === 0;
  }

  push(bytes: Uint8Array): RecordingRecord[] {
    const all = new Uint8Array(this.#pending.length + bytes.length);
    all.set(this.#pending);
    all.set(bytes, this.#pending.length);
    let at = 0;
    if (!this.#headRead) {
      if (all.length < recordingMagic.length) return this.#keep(all, 0, []);
      if (recordingMagic.some((byte, i) => all[i] !== byte)) {
        throw new HandrailError("bad-request", "not a Handrail recording");
      }
      this.#headRead = true;
      at = recordingMagic.length;
    }
    const records: RecordingRecord[] = [];
    for (;;) {
      const size = recordSize(all, at);
      if (size === undefined || at + size > all.length) return this.#keep(all, at, records);
      records.push(readRecord(all.subarray(at, at + size)));
      at += size;
    }
  }

  #keep(all: Uint8Array, from: number, records: RecordingRecord[]): RecordingRecord[] {
    this.#pending = all.slice(from);
    return records;
  }
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
