import {
  type ChatMessage,
  HandrailError,
  recordingMagic,
  recordKinds,
  type RecordingMeta,
  RecordingReader,
  type RecordingRecord,
  type SessionEvent,
} from "@handrail/protocol";
import { readChat, readEvent, readMeta } from "./record-text.ts";

/** Tags of the surface stream that matter before a message is decoded. Source: surface stream. */
const tags = { epoch: 1, update: 2, preview: 3, cursor: 4, pointer: 5 } as const;
/** A damaged place costs at most this many bytes of what came right before it. */
const fineBytes = 1024;
const pieceBytes = 64 * 1024;

/** One message of the recorded surface stream; `at` in ms since the recording began. */
export interface RecordedSurface {
  readonly at: number;
  readonly tag: number;
  readonly message: Uint8Array;
}

/** Something said or done; `at` in ms since the recording began. */
export interface TimelineEntry<T> {
  readonly at: number;
  readonly what: T;
}

/**
 * A recording, read piece by piece and kept in memory: what was shown, with the places where a
 * picture begins, and what was said and done. One that was cut off, or is damaged somewhere, is
 * good up to there.
 */
export class Recording {
  readonly surfaces: RecordedSurface[] = [];
  /** Indexes into `surfaces` where an epoch begins. */
  readonly epochs: number[] = [];
  readonly events: TimelineEntry<SessionEvent>[] = [];
  readonly chat: TimelineEntry<ChatMessage>[] = [];
  meta: RecordingMeta | undefined;
  durationMs = 0;
  readonly #reader = new RecordingReader();
  #givenBytes = 0;
  #isFinished = false;
  #fault: HandrailError | undefined;

  /** Why reading stopped before the end, if it did. */
  get fault(): HandrailError | undefined {
    return this.#fault;
  }

  /** Whether the recording does not reach its own end. Known when all bytes were given. */
  get isTruncated(): boolean {
    return !this.#isFinished;
  }

  /** Takes the next bytes; nothing more after a fault. */
  push(bytes: Uint8Array): void {
    // The head goes alone: a piece that fails is given again in parts, and a head reads only once.
    const head = Math.max(0, recordingMagic.length - this.#givenBytes);
    this.#givenBytes += bytes.length;
    if (head > 0) this.#fault = this.#take(bytes.subarray(0, head));
    for (let at = head; at < bytes.length && !this.#fault; at += pieceBytes) {
      this.#pushPiece(bytes.subarray(at, at + pieceBytes));
    }
  }

  /** A piece that does not read as a whole reads up to the damage in small ones. */
  #pushPiece(piece: Uint8Array): void {
    if (this.#take(piece) === undefined) return;
    for (let at = 0; at < piece.length && !this.#fault; at += fineBytes) {
      this.#fault = this.#take(piece.subarray(at, at + fineBytes));
    }
  }

  #take(bytes: Uint8Array): HandrailError | undefined {
    try {
      for (const record of this.#reader.push(bytes)) this.#keep(record);
      return undefined;
    } catch (error) {
      if (error instanceof HandrailError) return error;
      throw error;
    }
  }

  #keep({ kind, at, body }: RecordingRecord): void {
    this.durationMs = Math.max(this.durationMs, at);
    if (kind === recordKinds.SURFACE) this.#keepSurface(at, body);
    else if (kind === recordKinds.EVENT) {
      const what = readEvent(body);
      if (what) this.events.push({ at, what });
    } else if (kind === recordKinds.CHAT) {
      const what = readChat(body);
      if (what) this.chat.push({ at, what });
    } else if (kind === recordKinds.META) this.meta = readMeta(body);
    else if (kind === recordKinds.END) this.#isFinished = true;
  }

  #keepSurface(at: number, message: Uint8Array): void {
    const tag = message[0] ?? 0;
    if (tag === tags.epoch) this.epochs.push(this.surfaces.length);
    this.surfaces.push({ at, tag, message });
  }
}

/** Whether a message changes the picture. */
export function changesPicture({ tag }: RecordedSurface): boolean {
  return tag === tags.epoch || tag === tags.update || tag === tags.preview;
}

/** Whether a message says what the pointer looks like or where it is. */
export function concernsPointer({ tag }: RecordedSurface): boolean {
  return tag === tags.cursor || tag === tags.pointer;
}
