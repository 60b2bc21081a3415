import { type FilesWriteCustomerMessage, keepMode, pathBytes } from "@handrail/protocol";
import { type Disk, strange } from "./disk.ts";
import type { WriteChannel } from "./file-channel.ts";
import type { RemotePath } from "./remote-path.ts";

/** What an upload has begun on the customer's computer and not brought to its end. */
export class Unfinished {
  /** What each was begun with, by which the other end finds its part. */
  readonly #tokens = new Map<RemotePath, Uint8Array>();

  /** A part of the file may be there. */
  begun(path: RemotePath, token: Uint8Array): void {
    this.#tokens.set(path, token);
  }

  /** The file is whole. */
  arrived(path: RemotePath): void {
    this.#tokens.delete(path);
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
