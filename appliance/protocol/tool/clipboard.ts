import { Writer } from "../codec/buffer.ts";
import { decodeText, type Field, rest, struct, tagged, type Tagged, u32 } from "../codec/struct.ts";
import { HandrailError } from "../error.ts";
import type { Channel } from "../mux/channel.ts";

/**
 * What is copied on one computer and pasted on another, each direction on a kind of channel of its
 * own, so that the appliance can allow the one and not the other without reading either. A copy is
 * `begin`, then `piece`s until `sizeBytes` have come; a channel carries one copy at a time.
 */

/** `text`: UTF-8, at least one byte. `png`: one file. The numbers on the wire are their places. */
export const clipboardFormats = ["text", "png"] as const;
/** What a copy consists of. */
export type ClipboardFormat = (typeof clipboardFormats)[number];

/** Largest copy of each format, bytes. */
export const maxClipboardBytes = {
  text: 32 * 1024 * 1024,
  png: 64 * 1024 * 1024,
} as const satisfies Record<ClipboardFormat, number>;
/** Largest image, pixels. */
export const maxClipboardPixels = 100_000_000;
/** Copies that are larger than this do not follow by themselves, bytes. */
export const maxFollowingBytes = 4 * 1024 * 1024;
/** Most bytes of a piece. */
const pieceBytes = 48 * 1024;
/** Pieces are made when less than this waits in the channel, bytes. */
const aheadBytes = 192 * 1024;

/**
 * Why there is no copy. - `empty`: nothing was copied. - `format`: neither text nor a PNG image.
 * - `secret`: a password manager marked it. - `too-large`: beyond the limits. - `large`: too large
 * to follow by itself. - `too-slow`: the program that it was copied in did not give it in time.
 * - `too-often`: copied again and again. - `failed`: this computer's clipboard cannot be used.
 */
export const clipboardRefusals = [
  "empty",
  "format",
  "secret",
  "too-large",
  "large",
  "too-slow",
  "too-often",
  "failed",
] as const;
/** One of these reasons. */
export type ClipboardRefusal = (typeof clipboardRefusals)[number];

/** Something that was copied. */
export interface ClipboardCopy {
  readonly format: ClipboardFormat;
  readonly bytes: Uint8Array;
}

const format = choice(clipboardFormats);
const reason = choice(clipboardRefusals);
const piece = { layout: struct({ bytes: rest }) };

/** A console on `clipboard-to-customer`. `copy`: chosen by the console; the answer bears it. */
const sendLayouts = {
  begin: { tag: 1, layout: struct({ copy: u32, format, sizeBytes: u32 }) },
  piece: { tag: 2, ...piece },
} as const;

/** The customer's client on `clipboard-to-customer`: the answer to each copy. */
const sentLayouts = {
  placed: { tag: 1, layout: struct({ copy: u32 }) },
  refused: { tag: 2, layout: struct({ copy: u32, reason }) },
} as const;

/**
 * A console on `clipboard-from-customer`. - `get`: what is on the clipboard now; `ask` is at least
 * 1, and the answer bears it. - `follow`: what is copied from now on, and what was copied after the
 * generation `known`, of which the console had a copy; 0: none. - `rest`: not any more.
 */
const getLayouts = {
  get: { tag: 1, layout: struct({ ask: u32 }) },
  follow: { tag: 2, layout: struct({ known: u32 }) },
  rest: { tag: 3, layout: struct({}) },
} as const;

/**
 * The customer's client on `clipboard-from-customer`. `ask`: the number of the `get`, or 0 for what
 * follows by itself. `generation`: counts what the customer has copied; what came from a console is
 * not counted and does not follow, so that nothing goes in circles.
 */
const gotLayouts = {
  begin: { tag: 1, layout: struct({ ask: u32, generation: u32, format, sizeBytes: u32 }) },
  piece: { tag: 2, ...piece },
  refused: { tag: 3, layout: struct({ ask: u32, reason }) },
} as const;

/** Encoder and decoder of what a console says on `clipboard-to-customer`. */
export const clipboardSendMessage = tagged(sendLayouts);
/** One message of a console on `clipboard-to-customer`. */
export type ClipboardSendMessage = Tagged<typeof sendLayouts>;
/** Encoder and decoder of what a customer's client answers on `clipboard-to-customer`. */
export const clipboardSentMessage = tagged(sentLayouts);
/** One message of a customer's client on `clipboard-to-customer`. */
export type ClipboardSentMessage = Tagged<typeof sentLayouts>;
/** Encoder and decoder of what a console says on `clipboard-from-customer`. */
export const clipboardGetMessage = tagged(getLayouts);
/** One message of a console on `clipboard-from-customer`. */
export type ClipboardGetMessage = Tagged<typeof getLayouts>;
/** Encoder and decoder of what a customer's client says on `clipboard-from-customer`. */
export const clipboardGotMessage = tagged(gotLayouts);
/** One message of a customer's client on `clipboard-from-customer`. */
export type ClipboardGotMessage = Tagged<typeof gotLayouts>;

/** Puts one copy after the other together from what arrives, within the limits. */
export class ClipboardIntake {
  #format: ClipboardFormat = "text";
  #expectedBytes = 0;
  #receivedBytes = 0;
  #writer = new Writer(0);

  /** @throws HandrailError `clipboard-too-large`, `protocol-violation` while another is under way */
  begin({ format, sizeBytes }: { format: ClipboardFormat; sizeBytes: number }): void {
    if (this.#expectedBytes > 0) throw new HandrailError("protocol-violation", "a copy in a copy");
    if (sizeBytes === 0) throw new HandrailError("protocol-violation", "a copy of nothing");
    if (sizeBytes > maxClipboardBytes[format]) {
      throw new HandrailError("clipboard-too-large", `${sizeBytes} bytes of ${format}`);
    }
    this.#format = format;
    this.#expectedBytes = sizeBytes;
    // Pieces are copied as they come: tiny ones cost no more memory than the copy.
    this.#writer = new Writer(Math.min(sizeBytes, 2 * pieceBytes));
  }

  /**
   * The copy, once it is whole; it may be kept.
   * @throws HandrailError `protocol-violation`, `clipboard-too-large`
   */
  piece(bytes: Uint8Array): ClipboardCopy | undefined {
    if (bytes.length === 0 || bytes.length > this.#expectedBytes - this.#receivedBytes) {
      throw new HandrailError("protocol-violation", "a piece of no copy");
    }
    this.#writer.bytes(bytes);
    this.#receivedBytes += bytes.length;
    if (this.#receivedBytes < this.#expectedBytes) return undefined;
    const copy = { format: this.#format, bytes: this.#writer.finish() };
    this.#expectedBytes = 0;
    this.#receivedBytes = 0;
    this.#writer = new Writer(0);
    checkCopy(copy);
    return copy;
  }
}

/**
 * Makes sure that a copy is what it says, and within the limits.
 * @throws HandrailError `clipboard-too-large`, `protocol-violation`
 */
export function checkCopy({ format, bytes }: ClipboardCopy): void {
  if (bytes.length > maxClipboardBytes[format]) {
    throw new HandrailError("clipboard-too-large", `${bytes.length} bytes of ${format}`);
  }
  if (format === "text") return void decodeText(bytes);
  const { width, height } = pngSize(bytes);
  if (width * height > maxClipboardPixels) {
    throw new HandrailError("clipboard-too-large", `${width} by ${height} pixels`);
  }
}

const pngHead = [
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
];

/**
 * Size of a PNG image in pixels, as its first chunk says (PNG specification, 5.2 and 11.2.1).
 * @throws HandrailError `protocol-violation`
 */
export function pngSize(bytes: Uint8Array): { width: number; height: number } {
  const isPng = bytes.length >= 24 && pngHead.every((byte, at) => bytes[at] === byte);
  if (!isPng) throw new HandrailError("protocol-violation", "not a PNG image");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/**
 * Sends the pieces of a copy that has begun, a few ahead of the line. Resolves when the last one is
 * in the channel, or when the signal is aborted. Takes over the channel's `drained`.
 */
export function sendPieces(
  channel: Channel,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    let at = 0;
    const more = (): void => {
      while (at < bytes.length && channel.queuedBytes < aheadBytes && !signal.aborted) {
        const next = bytes.subarray(at, at + pieceBytes);
        at += next.length;
        channel.send(clipboardSendMessage.encode({ type: "piece", bytes: next }));
      }
      if (at === bytes.length || signal.aborted) resolve();
    };
    // Nothing may be sent while a frame is being taken.
    channel.listener.drained = () => void Promise.resolve().then(more);
    signal.addEventListener("abort", () => resolve(), { once: true });
    more();
  });
}

/** One byte: the place of a name in a list. */
function choice<const T extends string>(names: readonly T[]): Field<T> {
  return {
    write: (writer, value) => writer.u8(names.indexOf(value)),
    read: (reader) => {
      const name = names[reader.u8()];
      if (name === undefined) throw new HandrailError("protocol-violation", "no such choice");
      return name;
    },
  };
}
