import { askOver } from "../../line/ask-over.ts";
import type { LineWay } from "../../line/open-socket.ts";
import type { Trust } from "../../line/trust.ts";
import { isSignedBy } from "../manifest.ts";
import { readUpdateKeys } from "../update-keys.ts";
import { ChannelError, toChannelError } from "./channel-error.ts";
import {
  indexName,
  indexSignatureName,
  maxIndexBytes,
  parseIndex,
  type ReleaseIndex,
} from "./release-index.ts";

/** A channel, and how it is reached. */
export interface ChannelLine extends LineWay {
  readonly url: string;
  readonly trust: Trust;
}

/** A longer signature is none of ours, bytes. */
const maxSignatureBytes = 1024;

/**
 * Reads what a channel offers, and checks who has signed it.
 * @throws ChannelError
 */
export async function readIndex(line: ChannelLine, keysDirectory: string): Promise<ReleaseIndex> {
  try {
    // Whoever publishes puts the one after the other in its place: once more is enough.
    return await readOnce(line, keysDirectory).catch((error: unknown) => {
      if (error instanceof ChannelError && error.fault === "forged") {
        return readOnce(line, keysDirectory);
      }
      throw error;
    });
  } catch (error) {
    throw line.signal.aborted ? new ChannelError("cancelled") : toChannelError(error);
  }
}

async function readOnce(line: ChannelLine, keysDirectory: string): Promise<ReleaseIndex> {
  const keys = readUpdateKeys(keysDirectory);
  const bytes = await readSmall(line, indexName, maxIndexBytes);
  const signature = await readSmall(line, indexSignatureName, maxSignatureBytes);
  if (!isSignedBy(keys, bytes, signature)) throw new ChannelError("forged");
  try {
    return parseIndex(bytes);
  } catch (cause) {
    throw new ChannelError("damaged-index", { cause });
  }
}

async function readSmall(line: ChannelLine, name: string, maxBytes: number): Promise<Buffer> {
  const { url, ...way } = line;
  const question = { method: "GET", url: new URL(name, url), headers: {}, trust: way.trust };
  way.signal.throwIfAborted();
  const answer = await askOver(question, way);
  try {
    if (answer.statusCode === 404) throw new ChannelError("no-index");
    if (answer.statusCode !== 200) throw new ChannelError("rejected");
    const pieces: Buffer[] = [];
    let sizeBytes = 0;
    for await (const piece of answer as AsyncIterable<Buffer>) {
      sizeBytes += piece.length;
      if (sizeBytes > maxBytes) throw new ChannelError("damaged-index");
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } finally {
    answer.destroy();
  }
}
