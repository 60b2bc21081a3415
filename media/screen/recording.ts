import {
  type ChatMessage,
  decodeSeekPoint,
  HandrailError,
  recordKinds,
  type RecordingMeta,
  RecordingReader,
  type RecordingRecord,
  type SessionEvent,
  surfaceTags,
} from "@handrail/protocol";
import { readChat, readEvent, readMeta } from "./record-text.ts";

/** What is read at once, and so what is lost, at most, right before a damaged place. */
const pieceBytes = 2048;

/** One message of the recorded surface stream; `at` in ms since the recording began. */
export interface RecordedSurface {
  readonly at: number;
  readonly tag: number;
  readonly message: Uint8Array;
}

/** A place from which on the recording can be decoded. */
export interface Beginning {
  /** Index of the first message to decode there. */
  readonly index: number;
  /** What has to be decoded before it: the picture as it was there; nothing where an epoch begins. */
  readonly messages: readonly Uint8Array[];
}

/** Something said or done; `at` in ms since the recording began. */
export interface TimelineEntry<T> {
  readonly at: number;
  readonly what: T;
}

/**
 * A recording, read piece by piece and kept in memory: what was shown, with the places where
 * decoding can begin, and what was said and done. One that was cut off, or is damaged somewhere, is
 * good up to there.
 */
export class Recording {
  readonly surfaces: RecordedSurface[] = [];
  /** In the order of their places. */
  readonly beginnings: Beginning[] = [];
  readonly events: TimelineEntry<SessionEvent>[] = [];
  readonly chat: TimelineEntry<ChatMessage>[] = [];
  meta: RecordingMeta | undefined;
  durationMs = 0;
  readonly #reader = new RecordingReader();
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
    for (let at = 0; at < bytes.length && !this.#fault; at += pieceBytes) {
      this.#fault = this.#take(bytes.subarray(at, at + pieceBytes));
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
    else if (kind === recordKinds.SEEK) this.#keepSeekPoint(body);
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
    if (tag === surfaceTags.epoch) {
      this.beginnings.push({ index: this.surfaces.length, messages: [] });
    }
    this.surfaces.push({ at, tag, message });
  }

  /** It lies behind the place that it is for; an epoch may have begun since. */
  #keepSeekPoint(body: Uint8Array): void {
    const { back, messages } = decodeSeekPoint(body);
    const index = this.surfaces.length - back;
    if (this.surfaces[index]?.tag !== surfaceTags.restart) return;
    const place = this.beginnings.findLastIndex((each) => each.index < index) + 1;
    this.beginnings.splice(place, 0, { index, messages });
  }
}

/** Whether a message changes the picture. */
export function changesPicture({ tag }: RecordedSurface): boolean {
  return tag === surfaceTags.epoch || tag === surfaceTags.update || tag === surfaceTags.preview;
}

/** Whether a message says what the pointer looks like or where it is. */
export function concernsPointer({ tag }: RecordedSurface): boolean {
  return tag === surfaceTags.cursor || tag === surfaceTags.pointer;
}
