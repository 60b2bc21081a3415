import {
  type DownloadCustomerMessage,
  type FilesWriteCustomerMessage,
  HandrailError,
  keepMode,
  maxSmallFileBytes,
  pathBytes,
  toHandrailError,
  uploadTokenBytes,
  type WriteCondition,
} from "@handrail/protocol";
import { createHash, randomBytes } from "node:crypto";
import { strange } from "./disk.ts";
import type { DownloadChannel, WriteChannel } from "./file-channel.ts";
import { FileRefusal } from "./file-refusal.ts";
import { nameOf, parentOf, type RemotePath } from "./remote-path.ts";

/** What goes in one message, bytes: with its head it is one frame. */
const pieceBytes = 16_000;

/** A file as it was read, and the state that it was in. */
export interface WholeFile {
  readonly content: Uint8Array;
  readonly version: Uint8Array;
}

/**
 * Reads a file into memory, as an editor does.
 * @throws FileRefusal `too-large` above `maxBytes`, `changed` when it is not what was sent
 */
export async function readWhole(
  channel: DownloadChannel,
  path: RemotePath,
  maxBytes: number,
): Promise<WholeFile> {
  const hash = createHash("sha256");
  const parts: Uint8Array[] = [];
  let received = 0;
  let version: Uint8Array | undefined;
  let sha256: Uint8Array | undefined;
  const take = (answer: DownloadCustomerMessage): boolean => {
    switch (answer.type) {
      case "began":
        version = answer.version;
        if (answer.sizeBytes > maxBytes) throw new FileRefusal("too-large", "");
        return false;
      case "data":
        received += answer.bytes.length;
        if (received > maxBytes)
          throw new HandrailError("protocol-violation", "more than announced");
        hash.update(answer.bytes);
        parts.push(answer.bytes);
        return false;
      case "ended":
        sha256 = answer.sha256;
        return true;
      default:
        throw strange();
    }
  };
  const none = new Uint8Array();
  await channel.call({ type: "read", path: pathBytes(path), offset: 0, version: none }, { take });
  if (!version || !sha256 || !hash.digest().equals(sha256)) {
    throw new FileRefusal("changed", "SHA-256");
  }
  return { content: Buffer.concat(parts), version };
}

/** A file that is to be saved. */
export interface Saving {
  readonly path: RemotePath;
  readonly content: Uint8Array;
  readonly condition: WriteCondition;
  /** With the condition `version`: what the file must still be. */
  readonly version: Uint8Array;
}

/** Saves a file; gives its new version. @throws FileRefusal `changed`, `exists`, …; HandrailError */
export async function saveWhole(channel: WriteChannel, saving: Saving): Promise<Uint8Array> {
  return saving.content.length <= maxSmallFileBytes
    ? putWhole(channel, saving)
    : uploadWhole(channel, saving);
}

async function putWhole(channel: WriteChannel, saving: Saving): Promise<Uint8Array> {
  const { path, content, condition, version } = saving;
  const name = pathBytes(nameOf(path));
  const file = { name, mode: keepMode, modifiedAt: 0, condition, version, content };
  let written: Uint8Array | undefined;
  const take = (answer: FilesWriteCustomerMessage): boolean => {
    const result = answer.type === "put" ? answer.results[0] : undefined;
    if (!result) throw strange();
    if (result.outcome !== "ok") throw new FileRefusal(result.outcome, "");
    const isSame = createHash("sha256").update(content).digest().equals(result.sha256);
    if (!isSame) throw new FileRefusal("changed", "SHA-256");
    written = result.version;
    return true;
  };
  const folder = pathBytes(parentOf(path));
  await channel.call({ type: "put", folder, isDurable: true, files: [file] }, { take });
  if (!written) throw strange();
  return written;
}

async function uploadWhole(channel: WriteChannel, saving: Saving): Promise<Uint8Array> {
  const { path, content, condition, version } = saving;
  const ready = Promise.withResolvers<number>();
  const written = Promise.withResolvers<Uint8Array>();
  const failed = (error: unknown) => {
    ready.reject(toHandrailError(error));
    written.reject(toHandrailError(error));
  };
  for (const each of [ready.promise, written.promise]) each.catch(() => undefined);
  const request = await channel.ask(
    {
      ...{ type: "begin", path: pathBytes(path), token: randomBytes(uploadTokenBytes) },
      ...{ sizeBytes: content.length, mode: keepMode, modifiedAt: 0, condition, version },
    },
    {
      answer: (answer, consume) => {
        consume();
        if (answer.type === "ready") ready.resolve(answer.offset);
        else if (answer.type === "written") written.resolve(answer.version);
        else throw strange();
      },
      failed,
    },
  );
  try {
    for (let at = await ready.promise; at < content.length; at += pieceBytes) {
      request.say({ type: "data", bytes: content.subarray(at, at + pieceBytes) });
    }
    request.say({ type: "finish", sha256: createHash("sha256").update(content).digest() });
    return await written.promise;
  } catch (error) {
    request.cancel();
    throw error;
  } finally {
    request.done();
  }
}
