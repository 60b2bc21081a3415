import { type FilesWriteCustomerMessage, keepMode, pathBytes, pathText } from "@handrail/protocol";
import { appendFile } from "node:fs/promises";
import { type Disk, strange } from "./disk.ts";
import type { WriteChannel } from "./file-channel.ts";
import type { RemotePath } from "./remote-path.ts";

/**
 * What an upload has begun on the customer's computer and not brought to its end. Kept on this
 * disk, so that it can be taken away after a restart: a line for each beginning, the path and the
 * token, and one for each end, the path alone; both in base64.
 */
export class Unfinished {
  readonly #file: string;
  /** What each was begun with, by which the other end finds its part. */
  readonly #tokens = new Map<RemotePath, Uint8Array>();
  #writing = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes up what an earlier life of the console has written. */
  load(text: string): void {
    // A last line that is not whole is of a file that was not begun.
    for (const line of text.split("\n").slice(0, -1)) {
      const [path, token] = line.split(" ").map((part) => Buffer.from(part, "base64"));
      if (path && token) this.#tokens.set(pathText(path), token);
      else if (path) this.#tokens.delete(pathText(path));
    }
  }

  /** A part of the file may be there; resolves when that is kept. */
  begun(path: RemotePath, token: Uint8Array): Promise<void> {
    this.#tokens.set(path, token);
    return this.#keep(path, token);
  }

  /** The file is whole. */
  arrived(path: RemotePath): void {
    this.#tokens.delete(path);
    void this.#keep(path);
  }

  /** Takes all parts away. What cannot be reached now goes with the session. */
  async remove(disk: Disk): Promise<void> {
    if (this.#tokens.size === 0) return;
    const channel = disk.newWrites();
    try {
      for (const [path, token] of this.#tokens) {
        // A folder that is gone has no part any more.
        await removePart(channel, path, token).catch(() => undefined);
      }
    } finally {
      this.#tokens.clear();
      channel.finish();
    }
  }

  /** Resolves when what was told is on disk. What cannot be written goes with the session. */
  flush(): Promise<void> {
    return this.#writing;
  }

  #keep(path: RemotePath, ...token: readonly Uint8Array[]): Promise<void> {
    const parts = [pathBytes(path), ...token].map((part) => Buffer.from(part).toString("base64"));
    this.#writing = this.#writing
      .then(() => appendFile(this.#file, `${parts.join(" ")}\n`, { mode: 0o600 }))
      .catch(() => undefined);
    return this.#writing;
  }
}

/** Takes a part up as that of an empty file, for which it is not read, and gives it up. */
async function removePart(
  channel: WriteChannel,
  path: RemotePath,
  token: Uint8Array,
): Promise<void> {
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => undefined);
  const request = await channel.ask(
    {
      ...{ type: "begin", path: pathBytes(path), token, sizeBytes: 0, mode: keepMode },
      ...{ modifiedAt: 0, condition: "any", version: new Uint8Array() },
    },
    {
      answer: (answer: FilesWriteCustomerMessage, consume) => {
        consume();
        if (answer.type !== "ready") throw strange();
        ready.resolve();
      },
      failed: (error) => ready.reject(error),
    },
  );
  try {
    await ready.promise;
    request.cancel();
  } finally {
    request.done();
  }
}
