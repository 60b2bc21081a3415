import type { KeyObject } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import {
  archiveName,
  isSignedBy,
  type Manifest,
  manifestName,
  maxManifestBytes,
  parseManifest,
  signatureName,
} from "./manifest.ts";
import { readTar, TarError, type UnpackedEntry } from "./untar.ts";
import { UpdateError } from "./update-error.ts";

/** A bundle whose manifest is signed by a key of the appliance. */
export interface OpenBundle extends AsyncDisposable {
  readonly manifest: Manifest;
  /** The very bytes that were signed. */
  readonly manifestBytes: Buffer;
  /** The compressed archive, once. @throws TarError when it is cut short */
  readonly archive: AsyncIterable<Buffer>;
}

const signatureBytes = 64;

/**
 * Opens a bundle and checks who has signed it. The file may lie where others can write: it is opened
 * once, never by following a link, and whatever is read later is compared with the manifest.
 * @throws UpdateError `not-a-bundle`, `not-signed`, `forged`, `damaged`, `other-platform`
 */
export async function openBundle(file: string, keys: readonly KeyObject[]): Promise<OpenBundle> {
  await using stack = new AsyncDisposableStack();
  const handle = stack.use(await openFile(file));
  const stream = createReadStream(file, { fd: handle, autoClose: false, highWaterMark: 1 << 20 });
  stack.defer(() => void stream.destroy());
  const entries = readTar(stream)[Symbol.asyncIterator]();
  const manifestBytes = await part(entries, manifestName, maxManifestBytes);
  const signature = await part(entries, signatureName, signatureBytes);
  if (signature.length !== signatureBytes) {
    throw new UpdateError("not-signed", "The bundle is not signed.");
  }
  if (!isSignedBy(keys, manifestBytes, signature)) {
    const message = "The bundle is not signed by anyone whom this appliance trusts.";
    throw new UpdateError("forged", message);
  }
  const manifest = parseManifest(manifestBytes);
  const here = `${process.platform}-${process.arch}`;
  if (manifest.platform !== here) {
    const message = `The bundle is for ${manifest.platform}, and this is ${here}.`;
    throw new UpdateError("other-platform", message);
  }
  const { content } = await next(entries, archiveName);
  const held = stack.move();
  return {
    manifest,
    manifestBytes,
    archive: content,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function openFile(file: string): Promise<FileHandle> {
  // A pipe would keep us waiting for ever, and a link leads where somebody else wants it.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const refuse = (cause?: unknown) =>
    new UpdateError("not-a-bundle", `${file} cannot be read.`, { cause });
  const handle = await open(file, flags).catch((cause: unknown) => {
    throw refuse(cause);
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw refuse();
}

async function part(
  entries: AsyncIterator<UnpackedEntry>,
  name: string,
  maxBytes: number,
): Promise<Buffer> {
  const entry = await next(entries, name);
  if (entry.sizeBytes > maxBytes) throw new UpdateError("damaged", `Its ${name} is too long.`);
  const pieces: Buffer[] = [];
  try {
    for await (const piece of entry.content) pieces.push(piece);
  } catch (cause) {
    throw new UpdateError("damaged", "The bundle is cut short.", { cause });
  }
  return Buffer.concat(pieces);
}

async function next(entries: AsyncIterator<UnpackedEntry>, name: string): Promise<UnpackedEntry> {
  const found = await entries.next().catch((cause: unknown) => {
    if (!(cause instanceof TarError)) throw cause;
    const isFirst = name === manifestName;
    throw isFirst
      ? new UpdateError("not-a-bundle", "This is no update bundle of Handrail.", { cause })
      : new UpdateError("damaged", "The bundle is cut short.", { cause });
  });
  if (found.done !== true && found.value.name === name) return found.value;
  if (name === signatureName) throw new UpdateError("not-signed", "The bundle is not signed.");
  throw new UpdateError("not-a-bundle", "This is no update bundle of Handrail.");
}
