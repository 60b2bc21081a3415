import { Reader, Writer } from "../codec/buffer.ts";
import { decodeText, encodeText } from "../codec/struct.ts";
import { type ErrorCode, errorCatalogue, errorCodeOfWire, HandrailError } from "../error.ts";

/**
 * Frame types. One binary WebSocket message is one frame: `type u8, channel varint, payload`.
 * - DATA: the last or only part of a message. DATA_MORE: a part with more to follow.
 * - CREDIT: `varint` bytes of the channel consumed since it was opened (cumulative).
 * - OPEN: JSON of what is wanted. ACCEPT: `varint` window in bytes that the accepter grants.
 * - CLOSE: nothing more will come from here. RESET: `u16` error number, then UTF-8 reason.
 * - PING and PONG: `u32` the pinger's clock in ms, then `varint` frames received so far.
 * - ACK: `varint` frames received so far. PING, PONG and ACK are not counted themselves.
 */
export const frameTypes = {
  DATA: 0,
  DATA_MORE: 1,
  CREDIT: 2,
  OPEN: 3,
  ACCEPT: 4,
  CLOSE: 5,
  RESET: 6,
  PING: 7,
  PONG: 8,
  ACK: 9,
} as const;

/** One of the numbers above. */
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

/** The channel of control messages: JSON, always open, exempt from credit. */
export const controlChannel = 0;
/**
 * Most payload bytes of one DATA frame, so that no frame holds a slow line for long, and that it
 * fits one TLS record (16 KB, RFC 8446 section 5.1) with its headers: the relay then receives it
 * in one piece and need not put it together.
 */
export const maxDataBytes = 16 * 1024 - 32;
/** Most bytes of a whole frame; what is larger ends the link with `frame-too-large`. */
export const maxFrameBytes = maxDataBytes + 16;
/** Channels count from 1; a larger number is refused. */
export const maxChannel = 2 ** 31 - 1;

/** A frame taken apart. `payload` is a view of the bytes it came from. */
export interface Frame {
  readonly type: FrameType;
  readonly channel: number;
  readonly payload: Uint8Array;
}

const empty = new Uint8Array(0);
const known = new Set<number>(Object.values(frameTypes));

function isFrameType(value: number): value is FrameType {
  return known.has(value);
}

/** The bytes before the payload. */
export function encodeFrameHeader(frame: Frame): Uint8Array<ArrayBuffer> {
  const writer = new Writer(6);
  writer.u8(frame.type);
  writer.varint(frame.channel);
  return writer.finish();
}

/** The frame as one binary message. */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const writer = new Writer(6 + frame.payload.length);
  writer.u8(frame.type);
  writer.varint(frame.channel);
  writer.bytes(frame.payload);
  return writer.finish();
}

/** Takes a binary message apart. @throws HandrailError `protocol-violation`, `frame-too-large` */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length > maxFrameBytes) {
    throw new HandrailError("frame-too-large", `frame of ${bytes.length} bytes`);
  }
  const reader = new Reader(bytes);
  const type = reader.u8();
  if (!isFrameType(type)) throw new HandrailError("protocol-violation", `frame type ${type}`);
  const channel = reader.varint();
  if (channel > maxChannel) throw new HandrailError("protocol-violation", "channel out of range");
  return { type, channel, payload: reader.bytes(reader.remaining) };
}

/** Whether the frame counts for resuming: all but PING, PONG and ACK do. */
export function isCounted(frame: Frame): boolean {
  return frame.type < frameTypes.PING;
}

/** A frame whose payload is one varint: CREDIT, ACCEPT, ACK. */
export function varintFrame(type: FrameType, channel: number, value: number): Frame {
  const writer = new Writer(8);
  writer.varint(value);
  return { type, channel, payload: writer.finish() };
}

/** Reads the payload of `varintFrame`. */
export function readVarint(frame: Frame): number {
  return new Reader(frame.payload).varint();
}

/** A CLOSE frame. */
export function closeFrame(channel: number): Frame {
  return { type: frameTypes.CLOSE, channel, payload: empty };
}

/** An OPEN frame. */
export function openFrame(channel: number, wanted: unknown): Frame {
  return { type: frameTypes.OPEN, channel, payload: encodeText(JSON.stringify(wanted)) };
}

/** A RESET frame: the channel is gone and nothing on it arrives any more. */
export function resetFrame(channel: number, code: ErrorCode, reason = ""): Frame {
  const writer = new Writer(2 + reason.length);
  writer.u16(errorCatalogue[code].wire);
  writer.bytes(encodeText(reason.slice(0, 1024)));
  return { type: frameTypes.RESET, channel, payload: writer.finish() };
}

/** Reads a RESET frame. */
export function readReset(frame: Frame): { code: ErrorCode; reason: string } {
  const reader = new Reader(frame.payload);
  const code = errorCodeOfWire(reader.u16());
  return { code, reason: decodeText(reader.bytes(reader.remaining)) };
}

/** A PING or PONG frame. `timeMs` is the pinger's own clock, returned unchanged. */
export function beatFrame(type: "PING" | "PONG", timeMs: number, received: number): Frame {
  const writer = new Writer(12);
  writer.u32(timeMs >>> 0);
  writer.varint(received);
  return { type: frameTypes[type], channel: controlChannel, payload: writer.finish() };
}

/** Reads a PING or PONG frame. */
export function readBeat(frame: Frame): { timeMs: number; received: number } {
  const reader = new Reader(frame.payload);
  return { timeMs: reader.u32(), received: reader.varint() };
}
