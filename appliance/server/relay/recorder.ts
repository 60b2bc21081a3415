import type { FileHandle } from "node:fs/promises";
import { z } from "zod";
import {
  type ChatMessage,
  decodeText,
  encodeRecord,
  encodeSeekPoint,
  encodeText,
  type Frame,
  frameTypes,
  HandrailError,
  type Lsid,
  type RecordingMeta,
  recordingMagic,
  RecordingReader,
  type RecordingRecord,
  type RecordKind,
  recordKinds,
  type SessionEvent,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { RecordingStore } from "../store/recordings.ts";
import { writeFault } from "../store/write-fault.ts";
import { SeekSpacing } from "./seek-spacing.ts";
import type { Tap } from "./viewers.ts";

/** How long what is recorded may wait to be on the disk, ms: what a crash loses. */
const flushEveryMs = 1000;
/** With so much waiting, the disk does not follow, bytes. */
const maxWaitingBytes = 32 * 1024 * 1024;
/** Longest message of the surface stream, bytes; the same bound as at the ends. */
const maxMessageBytes = 16 * 1024 * 1024;
const readBytes = 64 * 1024;
/** Bytes of a record beside its body. */
const recordOverheadBytes = 13;

/**
 * Writes what a session shows and says to its recording. Listens to the surface stream as it is
 * forwarded and puts its messages together; never makes the forwarding wait. A recording that
 * cannot be written is given up, and the session goes on.
 */
export class Recorder implements Tap {
  readonly #handle: FileHandle;
  readonly #clock: Clock;
  readonly #failed: (error: HandrailError) => void;
  readonly #originMs: number;
  #lastAt: number;
  #sizeBytes: number;
  #parts: Uint8Array[] = [];
  #partsBytes = 0;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #timer: Disposable | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isOver = false;
  /** Messages of the surface stream that were recorded here. */
  #messages = 0;
  /** How many had come before the restart that a seek point may follow for. */
  #mark: number | undefined;
  readonly #seekSpacing: SeekSpacing;

  /**
   * Begins the recording of a session, or goes on with the one that an earlier run of the
   * appliance left. @throws HandrailError `disk-full`, `internal`
   */
  static async open(options: {
    lsid: Lsid;
    store: RecordingStore;
    clock: Clock;
    meta: Omit<RecordingMeta, "lsid" | "startedAt">;
    failed: (error: HandrailError) => void;
  }): Promise<Recorder> {
    const { lsid, store, clock, failed } = options;
    let handle: FileHandle | undefined;
    try {
      handle = await store.open(lsid);
      const found = await readToEnd(handle);
      await handle.truncate(found?.sizeBytes ?? 0);
      const startedAt = found?.startedAt ?? clock.now();
      const recorder = new Recorder({ handle, clock, failed, startedAt, found });
      if (!found) recorder.#begin({ ...options.meta, lsid, startedAt });
      await recorder.flush();
      return recorder;
    } catch (error) {
      await handle?.close();
      throw error instanceof HandrailError ? error : writeFault(error);
    }
  }

  private constructor(options: {
    handle: FileHandle;
    clock: Clock;
    failed: (error: HandrailError) => void;
    startedAt: number;
    found: Found | undefined;
  }) {
    const { clock, startedAt, found } = options;
    this.#handle = options.handle;
    this.#clock = clock;
    this.#failed = options.failed;
    this.#lastAt = found?.lastAt ?? 0;
    this.#sizeBytes = found?.sizeBytes ?? 0;
    this.#seekSpacing = found?.seekSpacing ?? new SeekSpacing();
    // From here on time is the monotonic clock's: the wall clock may be set back.
    const elapsedMs = Math.max(clock.now() - startedAt, this.#lastAt);
    this.#originMs = clock.monotonicMs() - elapsedMs;
  }

  frame(frame: Frame): void {
    if (this.#isOver) return;
    this.#parts.push(frame.payload);
    this.#partsBytes += frame.payload.length;
    if (this.#partsBytes > maxMessageBytes) return this.#fail(tooLarge());
    if (frame.type !== frameTypes.DATA) return;
    const body = Buffer.concat(this.#parts, this.#partsBytes);
    this.cut();
    this.#messages++;
    this.#add(recordKinds.SURFACE, body);
  }

  mark(): void {
    this.#mark = this.#messages - 1;
  }

  /** Written behind what has come since the mark. */
  seekPoint(messages: readonly Uint8Array[]): void {
    const mark = this.#mark;
    this.#mark = undefined;
    if (mark === undefined) return;
    const body = encodeSeekPoint({ back: this.#messages - mark, messages });
    if (this.#seekSpacing.allows(this.#lastAt, body.length)) this.#add(recordKinds.SEEK, body);
  }

  /** The stream was broken off: what has come of the message under way is worth nothing. */
  cut(): void {
    this.#parts = [];
    this.#partsBytes = 0;
  }

  event(event: SessionEvent): void {
    this.#add(recordKinds.EVENT, encodeText(JSON.stringify(event)));
  }

  chat(message: ChatMessage): void {
    this.#add(recordKinds.CHAT, encodeText(JSON.stringify(message)));
  }

  /** Puts on the disk what waits. Never rejects: a failure is told to `failed`. */
  flush(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Ends the recording in good order, or stops writing for now (`isFinal` false). */
  async close(isFinal: boolean): Promise<void> {
    if (isFinal) this.#add(recordKinds.END, new Uint8Array(0));
    await this.flush();
    this.#isOver = true;
    await this.#handle.close().catch((error: unknown) => this.#fail(error));
  }

  #begin(meta: RecordingMeta): void {
    this.#push(recordingMagic);
    this.#push(encodeRecord(recordKinds.META, 0, encodeText(JSON.stringify(meta))));
  }

  #add(kind: RecordKind, body: Uint8Array): void {
    if (this.#isOver) return;
    const at = Math.round(this.#clock.monotonicMs() - this.#originMs);
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#seekSpacing.wrote(kind, this.#lastAt, body.length);
    this.#push(encodeRecord(kind, this.#lastAt, body));
    if (this.#waitingBytes > maxWaitingBytes) return this.#fail(tooSlow());
    this.#timer ??= this.#clock.after(flushEveryMs, () => void this.flush());
  }

  #push(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  async #write(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting, this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#isOver || bytes.length === 0) return;
    try {
      await this.#handle.appendFile(bytes);
      await this.#handle.datasync();
      this.#sizeBytes += bytes.length;
    } catch (error) {
      this.#fail(error);
      await this.#giveUp();
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.cut();
    this.#failed(error instanceof HandrailError ? error : writeFault(error));
  }

  /** Leaves a file that ends with a whole record. */
  async #giveUp(): Promise<void> {
    try {
      await this.#handle.truncate(this.#sizeBytes);
      await this.#handle.close();
    } catch (cause) {
      // A cut record at the end does no harm to reading; the reason was told already.
      this.#failed(writeFault(cause));
    }
  }
}

interface Found {
  readonly startedAt: number;
  readonly lastAt: number;
  /** Where the last whole record ends that is not an END: nothing behind one would be played. */
  readonly sizeBytes: number;
  readonly seekSpacing: SeekSpacing;
}

/** Reads what an earlier run wrote; undefined when there is nothing, or not even a beginning. */
async function readToEnd(handle: FileHandle): Promise<Found | undefined> {
  const reader = new RecordingReader();
  let found: Found | undefined;
  for (let position = 0; ; position += readBytes) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(readBytes), { position });
    const records = bytesRead > 0 ? wholeRecords(reader, buffer.subarray(0, bytesRead)) : undefined;
    if (!records) return found;
    const end = records.findIndex(({ kind }) => kind === recordKinds.END);
    found = records.slice(0, end < 0 ? undefined : end).reduce(extend, found);
    if (end >= 0) return found;
  }
}

/** The records that these bytes complete; undefined where a power cut has left a torn end. */
function wholeRecords(reader: RecordingReader, bytes: Uint8Array): RecordingRecord[] | undefined {
  try {
    return reader.push(bytes);
  } catch (error) {
    if (error instanceof HandrailError) return undefined;
    throw error;
  }
}

function extend(found: Found | undefined, record: RecordingRecord): Found {
  const seekSpacing = found?.seekSpacing ?? new SeekSpacing();
  seekSpacing.wrote(record.kind, record.at, record.body.length);
  return {
    seekSpacing,
    startedAt: found?.startedAt ?? startedAtOf(record.body),
    lastAt: record.at,
    sizeBytes:
      (found?.sizeBytes ?? recordingMagic.length) + recordOverheadBytes + record.body.length,
  };
}

const metaShape = z.object({ startedAt: z.number() });

function startedAtOf(meta: Uint8Array): number {
  return metaShape.parse(JSON.parse(decodeText(meta))).startedAt;
}

function tooLarge(): HandrailError {
  return new HandrailError("frame-too-large", "a message of the picture is too large");
}

function tooSlow(): HandrailError {
  return new HandrailError("too-slow", "the disk is too slow for the recording");
}
