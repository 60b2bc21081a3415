import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import path from "node:path";
import { mustHaveRoom } from "../../store/piece-file.ts";
import { askOver } from "../../line/ask-over.ts";
import { moveInPlace } from "../durable.ts";
import { ChannelError, toChannelError } from "./channel-error.ts";
import type { ChannelLine } from "./read-index.ts";
import type { IndexedRelease } from "./release-index.ts";

/** What is fetched: from which channel, and to where. */
export interface ReleaseFetch {
  readonly line: ChannelLine;
  readonly release: IndexedRelease;
  /** Where it lies once it is whole; what has come of it lies beside it till then. */
  readonly file: string;
  readonly told: (doneBytes: number) => void;
}

/** A line that breaks is taken up again where it broke; so often also when nothing has come. */
const maxIdleBreaks = 2;

/** What has come so far: so many bytes, and their hash. */
interface Draft {
  readonly handle: FileHandle;
  sizeBytes: number;
  hash: Hash;
}

/**
 * Fetches a release: whole under its name, or not there. What came before a break stays for the next
 * time, unless it is not what the index names.
 * @throws ChannelError
 */
export async function fetchRelease(fetch: ReleaseFetch): Promise<void> {
  const { file, release } = fetch;
  const draftFile = `${file}.part`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const sha256 = await complete(fetch, draftFile);
    if (sha256 !== release.sha256) throw new ChannelError("damaged-bundle");
    moveInPlace(draftFile, file);
  } catch (error) {
    if (fetch.line.signal.aborted) throw new ChannelError("cancelled", { cause: error });
    const known = toChannelError(error);
    if (known.fault === "damaged-bundle") await rm(draftFile, { force: true });
    throw known;
  }
}

/** Gives the hash of what has come in the end. */
async function complete(fetch: ReleaseFetch, draftFile: string): Promise<string> {
  const { release } = fetch;
  await using handle = await open(draftFile, "a+", 0o600);
  const draft = await takeUp(draftFile, handle, release);
  await mustHaveRoom(path.dirname(draftFile), release.sizeBytes - draft.sizeBytes);
  for (let idleBreaks = 0; draft.sizeBytes < release.sizeBytes;) {
    const before = draft.sizeBytes;
    try {
      fetch.line.signal.throwIfAborted();
      await fetchRest(fetch, draft);
    } catch (error) {
      const { fault } = toChannelError(error);
      const isBreak = fault === "lost" || fault === "timeout";
      idleBreaks = draft.sizeBytes > before ? 0 : idleBreaks + 1;
      if (!isBreak || idleBreaks > maxIdleBreaks) throw error;
    }
  }
  await handle.sync();
  return draft.hash.digest("hex");
}

/** What an earlier time has left. */
async function takeUp(
  draftFile: string,
  handle: FileHandle,
  { sizeBytes: wantedBytes }: IndexedRelease,
): Promise<Draft> {
  const draft = { handle, sizeBytes: 0, hash: createHash("sha256") };
  const { size } = await handle.stat();
  if (size > wantedBytes) await beginAnew(draft);
  else {
    for await (const piece of createReadStream(draftFile)) draft.hash.update(piece as Buffer);
    draft.sizeBytes = size;
  }
  return draft;
}

async function beginAnew(draft: Draft): Promise<void> {
  await draft.handle.truncate(0);
  draft.sizeBytes = 0;
  draft.hash = createHash("sha256");
}

async function fetchRest({ line, release, told }: ReleaseFetch, draft: Draft): Promise<void> {
  const { url, ...way } = line;
  const headers = { "accept-encoding": "identity", range: `bytes=${draft.sizeBytes}-` };
  const question = {
    ...{ method: "GET", url: new URL(release.file, url), trust: way.trust },
    headers: draft.sizeBytes === 0 ? {} : headers,
  };
  const answer = await askOver(question, way);
  try {
    await mustFit(answer, draft);
    told(draft.sizeBytes);
    for await (const piece of answer as AsyncIterable<Buffer>) {
      draft.sizeBytes += piece.length;
      if (draft.sizeBytes > release.sizeBytes) throw new ChannelError("damaged-bundle");
      draft.hash.update(piece);
      await draft.handle.appendFile(piece);
      told(draft.sizeBytes);
    }
    // The whole answer, and less than the index names.
    if (draft.sizeBytes < release.sizeBytes && answer.complete) {
      throw new ChannelError("damaged-bundle");
    }
  } finally {
    answer.destroy();
  }
}

/** Whether what comes goes on where the draft ends; a server without ranges begins anew. */
async function mustFit({ statusCode, headers }: IncomingMessage, draft: Draft): Promise<void> {
  if (statusCode === 404) throw new ChannelError("no-bundle");
  if (statusCode === 416) throw new ChannelError("damaged-bundle");
  if (statusCode === 200) return beginAnew(draft);
  const range = headers["content-range"] ?? "";
  if (statusCode !== 206) throw new ChannelError("rejected");
  if (!range.startsWith(`bytes ${draft.sizeBytes}-`)) throw new ChannelError("rejected");
}
