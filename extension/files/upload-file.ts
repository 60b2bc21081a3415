import {
  type FilesWriteCustomerMessage,
  pathBytes,
  toHandrailError,
  uploadTokenBytes,
} from "@handrail/protocol";
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { strange } from "./disk.ts";
import type { WriteChannel } from "./file-channel.ts";
import { FileRefusal } from "./file-refusal.ts";
import type { LocalMoved } from "./local-walk.ts";
import type { RemotePath } from "./remote-path.ts";
import { endsTransfer, Paused, type Run } from "./transfer-run.ts";

/** What goes in one message, bytes: with its head it is one frame. */
const pieceBytes = 16_000;
/** Read at a time, bytes. */
const chunkBytes = 16 * pieceBytes;
/** With so much waiting for the line no more is read, bytes. */
const aheadBytes = 512 * 1024;

/** One file to be sent. */
export interface Sending {
  readonly channel: WriteChannel;
  readonly moved: LocalMoved;
  readonly path: RemotePath;
  readonly replaces: boolean;
  readonly mode: number;
}

/**
 * Sends one file, from the byte that an earlier run got to; there it gets its name only when it is
 * whole and has the SHA-256 that it has here.
 * @throws FileRefusal `exists` where it may replace nothing; HandrailError
 */
export async function sendFile(run: Run, sending: Sending): Promise<void> {
  const file = await open(sending.moved.place, "r");
  const sent = new SentFile(run, sending, file);
  try {
    await sent.send();
    run.progress.arrived();
  } catch (error) {
    // What failed is not there; what was broken off is, and a later run takes it up.
    if (!endsTransfer(error)) run.progress.doneBytes -= sent.countedBytes;
    throw error;
  } finally {
    await file.close();
  }
}

class SentFile {
  /** What the progress has been told of this file. */
  countedBytes = 0;
  readonly #run: Run;
  readonly #sending: Sending;
  readonly #file: FileHandle;

  constructor(run: Run, sending: Sending, file: FileHandle) {
    this.#run = run;
    this.#sending = sending;
    this.#file = file;
  }

  async send(): Promise<void> {
    const { channel, path, mode, moved, replaces } = this.#sending;
    const { size, mtimeMs } = await this.#file.stat();
    const ready = Promise.withResolvers<number>();
    const written = Promise.withResolvers<void>();
    const fail = (error: unknown) => {
      ready.reject(error);
      written.reject(error);
    };
    for (const each of [ready.promise, written.promise]) each.catch(() => undefined);
    const token = this.#token(size, mtimeMs);
    await this.#run.unfinished.begun(path, token);
    const request = await channel.ask(
      {
        ...{ type: "begin", path: pathBytes(path), token },
        ...{ sizeBytes: size, mode, modifiedAt: moved.modifiedAt },
        ...{ condition: replaces ? "any" : "absent", version: new Uint8Array() },
      },
      {
        answer: (answer: FilesWriteCustomerMessage, consume) => {
          consume();
          if (answer.type === "ready") ready.resolve(answer.offset);
          else if (answer.type === "written") written.resolve();
          else throw strange();
        },
        failed: fail,
      },
    );
    const { signal } = this.#run;
    const stop = () => {
      // Nothing stays there of what nobody wants any more; what only pauses goes on from its part.
      if (!(signal.reason instanceof Paused)) request.cancel();
      fail(toHandrailError(signal.reason));
    };
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    try {
      const offset = await ready.promise;
      if (offset > size) throw strange();
      this.#run.progress.current = path;
      const stream = this.#stream(size, offset, (bytes) => request.say({ type: "data", bytes }));
      const sha256 = await Promise.race([stream, written.promise.then(() => undefined)]);
      if (!sha256) throw strange();
      request.say({ type: "finish", sha256 });
      await written.promise;
      this.#run.unfinished.arrived(path);
    } catch (error) {
      const isOurs = !(error instanceof FileRefusal) || error.isHere;
      if (isOurs && !signal.aborted) request.cancel();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      request.done();
    }
  }

  /** The same for the same file in the same state, so that a later run goes on with it. */
  #token(size: number, mtimeMs: number): Uint8Array {
    const { plan } = this.#run;
    const { path } = this.#sending;
    const state = [plan.id, path, size, mtimeMs].join("\0");
    return createHash("sha256").update(state).digest().subarray(0, uploadTokenBytes);
  }

  /** Reads all of it, for the hash, and says what comes after `offset`. */
  async #stream(
    size: number,
    offset: number,
    say: (bytes: Uint8Array) => void,
  ): Promise<Uint8Array> {
    const { channel } = this.#sending;
    const hash = createHash("sha256");
    let at = 0;
    let next = this.#read(at, size);
    while (at < size) {
      this.#run.signal.throwIfAborted();
      const bytes = await next;
      if (bytes.length === 0) throw new FileRefusal("changed", "", { isHere: true });
      // The disk need not wait for the line, nor the line for the disk.
      next = this.#read(at + bytes.length, size);
      next.catch(() => undefined);
      hash.update(bytes);
      const news = bytes.subarray(Math.max(0, offset - at));
      for (let begin = 0; begin < news.length; begin += pieceBytes) {
        say(news.subarray(begin, begin + pieceBytes));
      }
      at += bytes.length;
      this.#count(bytes.length);
      if (channel.queuedBytes >= aheadBytes) await channel.drained();
    }
    return hash.digest();
  }

  /** The next chunk, in memory of its own: what is queued must not change. Empty: there is no more. */
  async #read(at: number, size: number): Promise<Uint8Array> {
    const chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytes, size - at));
    const { bytesRead } = await this.#file.read(chunk, 0, chunk.length, at);
    return chunk.subarray(0, bytesRead);
  }

  #count(bytes: number): void {
    this.countedBytes += bytes;
    this.#run.progress.doneBytes += bytes;
  }
}
