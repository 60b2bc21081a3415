import { z } from "zod";
import {
  choice,
  encodeText,
  rest,
  struct,
  tagged,
  type Tagged,
  u32,
  varint,
} from "../codec/struct.ts";
import { HandrailError } from "../error.ts";
import type { Channel } from "../mux/channel.ts";
import { unshown } from "../person-text.ts";

/**
 * Files that are sent in the conversation of a session. A line of chat announces one, by name, size
 * and hash; a channel of kind `chat-file` then carries what it holds, when whoever it is meant for
 * wants it: the customer presses Save, or a representative does.
 */

/** Largest file that is sent in a conversation, bytes; for larger ones there is the customer's disk. */
export const maxChatFileBytes = 64 * 1024 * 1024;
/** Longest name of such a file, bytes of UTF-8. */
const maxChatFileNameBytes = 200;
/** Most bytes of a piece. */
const pieceBytes = 48 * 1024;
/** Pieces are made when less than this waits in the channel, bytes. */
const aheadBytes = 192 * 1024;

/** Of a longer name no more is read, UTF-16 units: no disk has longer ones. */
const maxReadUnits = 1024;

/** What no name of a file may hold here: what is a path or a device somewhere, and what is not seen. */
const forbidden = /[/\\<>:"|?*]/gu;

/**
 * A name for a file from another computer that leads nowhere else and can be seen: what it may not
 * hold becomes `_`, it does not begin with a dot, and it is short enough. Never fails.
 */
export function chatFileName(name: string): string {
  const read = name.slice(0, maxReadUnits).toWellFormed();
  const plain = withoutEdges(read.replace(unshown, "_").replace(forbidden, "_"));
  const dot = plain.lastIndexOf(".");
  const ending = dot > 0 && plain.length - dot <= 16 ? plain.slice(dot) : "";
  const stem = plain.slice(0, plain.length - ending.length);
  const room = maxChatFileNameBytes - encodeText(ending).length;
  return withoutEdges(fitting(stem, room) + ending) || "file";
}

const edge = /[\s.]/u;

/** Without the spaces and dots at both ends: a pattern would look from each of them to the end. */
function withoutEdges(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && edge.test(text.charAt(from))) from++;
  while (to > from && edge.test(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

/** As many of the first characters as there is room for. */
function fitting(text: string, maxBytes: number): string {
  let left = maxBytes;
  let end = 0;
  for (const each of text) {
    left -= encodeText(each).length;
    if (left < 0) break;
    end += each.length;
  }
  return text.slice(0, end);
}

const sizeUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A size by the largest fitting unit of a thousand, in the reader's language: `2.1 MB`, `2,1 Mo`. */
export function sizeText(sizeBytes: number, language: string): string {
  const larger = sizeUnits.findIndex((_unit, place) => sizeBytes < 1000 ** (place + 1));
  const place = larger === -1 ? sizeUnits.length - 1 : larger;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: sizeUnits[place] ?? "byte",
    unitDisplay: place === 0 ? "long" : "short",
    maximumFractionDigits: 1,
  }).format(sizeBytes / 1000 ** place);
}

/** A file as a line of chat announces it. `sha256`: of what it holds, hex. */
export const chatFileShape = z.object({
  name: z
    .string()
    .max(maxChatFileNameBytes, { abort: true })
    .refine((name) => chatFileName(name) === name, "the name of a file and no path"),
  sizeBytes: z.int().nonnegative().max(maxChatFileBytes),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256"),
});
export type ChatFile = z.infer<typeof chatFileShape>;

/**
 * Why a file does not come. - `gone`: the one that has it has it no more. - `changed`: it is not
 * what was announced. - `disk-full`, `failed`: it cannot be kept.
 */
export const chatFileRefusals = ["gone", "changed", "disk-full", "failed"] as const;
/** One of these reasons. */
export type ChatFileRefusal = (typeof chatFileRefusals)[number];

const reason = choice<ChatFileRefusal>({ gone: 1, changed: 2, "disk-full": 3, failed: 4 });

/**
 * What both ends say on a `chat-file` channel, one file each. `seq`: of its line of chat.
 * - `offer`: a console has the file, until the channel ends. - `take`: the other end has it sent
 * from this byte on: the client's answer to `offer` once the customer wants it, or a console's first
 * word for a file of the customer's. - `piece`: of what it holds, in order. - `saved`: all of it has
 * come and is what was announced. - `refused`: it does not come, and why.
 */
const layouts = {
  offer: { tag: 1, layout: struct({ seq: u32 }) },
  take: { tag: 2, layout: struct({ seq: u32, fromByte: varint }) },
  piece: { tag: 3, layout: struct({ bytes: rest }) },
  saved: { tag: 4, layout: struct({}) },
  refused: { tag: 5, layout: struct({ reason }) },
} as const;

/** Encoder and decoder of what both ends say on a `chat-file` channel. */
export const chatFileMessage = tagged(layouts);
/** One message of a `chat-file` channel. */
export type ChatFileMessage = Tagged<typeof layouts>;

/** Reads at most so many bytes from there on; none at the end. */
export type ReadAt = (fromByte: number, maxBytes: number) => Promise<Uint8Array>;

/** A file that is sent from a byte on. `sent`: told how far it has come into the channel. */
export interface FileSending {
  readonly sizeBytes: number;
  readonly fromByte: number;
  readonly read: ReadAt;
  readonly sent?: (toByte: number) => void;
}

/**
 * Sends what a file holds, a little ahead of the line, until the signal is aborted. Resolves to
 * whether all of it went into the channel: what is read may be shorter than it was. Takes over the
 * channel's `drained`. Rejects with what `read` rejects with.
 */
export async function sendFilePieces(
  channel: Channel,
  { sizeBytes, fromByte, read, sent }: FileSending,
  signal: AbortSignal,
): Promise<boolean> {
  let wake: () => void = () => undefined;
  // Nothing may be sent while a frame is being taken.
  channel.listener.drained = () => void Promise.resolve().then(() => wake());
  signal.addEventListener("abort", () => wake(), { once: true });
  let at = fromByte;
  while (at < sizeBytes && !signal.aborted) {
    const bytes = await read(at, Math.min(pieceBytes, sizeBytes - at));
    if (bytes.length === 0) return false;
    channel.send(chatFileMessage.encode({ type: "piece", bytes }));
    at += bytes.length;
    sent?.(at);
    if (channel.queuedBytes < aheadBytes || signal.aborted) continue;
    await new Promise<void>((resolve) => (wake = resolve));
  }
  return at === sizeBytes;
}

/** How far a file has come, within what was announced. */
export class ChatFileIntake {
  readonly file: ChatFile;
  #receivedBytes = 0;

  constructor(file: ChatFile) {
    this.file = file;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get isWhole(): boolean {
    return this.#receivedBytes === this.file.sizeBytes;
  }

  /** Counts a piece. @throws HandrailError `protocol-violation` when it is more than announced */
  take(bytes: Uint8Array): void {
    if (bytes.length === 0 || bytes.length > this.file.sizeBytes - this.#receivedBytes) {
      throw new HandrailError("protocol-violation", "a piece of no file");
    }
    this.#receivedBytes += bytes.length;
  }
}
