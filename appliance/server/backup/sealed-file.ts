import { createCipheriv, createDecipheriv } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { z } from "zod";
import { BackupError } from "./backup-error.ts";
import {
  type BackupKey,
  checkOf,
  fileKey,
  fileKeyShape,
  isCheckOf,
  makeKey,
  newSeed,
  writeRecipe,
} from "./backup-key.ts";

/*
 * A sealed file: "HRBACKUP", the format's number and the length of the head (16 bits each, big
 * endian), the head as JSON, and pieces of 256 KiB, each encrypted with AES-256-GCM and followed by
 * its tag. The nonce of a piece is its number, and whether it is the last: pieces can be neither
 * taken away, at the end neither, nor exchanged, nor doubled.
 * Source: STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated Encryption, 2015).
 */
const magic = Buffer.from("HRBACKUP");
const formatNumber = 1;
const fixedBytes = magic.length + 4;
const maxHeadBytes = 512;
const pieceBytes = 256 * 1024;
const tagBytes = 16;
const algorithm = "aes-256-gcm";

/** Encrypts what comes, piece by piece. */
export async function* seal(
  plain: AsyncIterable<Buffer>,
  key: BackupKey,
): AsyncGenerator<Buffer, void> {
  const seed = newSeed();
  const head = makeHead(key, seed);
  const secret = fileKey(key, seed, head);
  yield head;
  let number = 0;
  // A whole piece waits until there is more: only then is it known not to be the last.
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  for await (const part of plain) {
    for (let rest = part; rest.length > 0;) {
      if (waitingBytes === pieceBytes) {
        yield sealPiece(secret, nonceOf(number++, false), Buffer.concat(waiting));
        waiting = [];
        waitingBytes = 0;
      }
      const taken = rest.subarray(0, pieceBytes - waitingBytes);
      waiting.push(taken);
      waitingBytes += taken.length;
      rest = rest.subarray(taken.length);
    }
  }
  yield sealPiece(secret, nonceOf(number, true), Buffer.concat(waiting));
}

/**
 * Decrypts a file, piece by piece, from its beginning. What it yields is authentic; that it is all
 * there is known at the end alone.
 * @throws BackupError `not-a-backup`, `newer`, `wrong-passphrase`, `damaged`
 */
export async function* unseal(
  file: FileHandle,
  keyOf: (head: SealedHead) => Promise<BackupKey>,
): AsyncGenerator<Buffer, void> {
  const { size } = await file.stat();
  const head = await readHead(file);
  const key = await keyOf(head);
  const secret = fileKey(key, head.seed, head.bytes);
  let at = head.bytes.length;
  for (let number = 0, isLast = false; !isLast; number++) {
    isLast = at + pieceBytes + tagBytes >= size;
    const sealed = await readAt(file, at, isLast ? size - at : pieceBytes + tagBytes);
    at += sealed.length;
    yield unsealPiece(secret, nonceOf(number, isLast), sealed);
  }
}

/** The head of a file: how its key is made. `bytes`: all of it, as it lies in the file. */
export interface SealedHead extends z.infer<typeof fileKeyShape> {
  readonly bytes: Buffer;
}

/** The key of a file by its passphrase, made once. @throws BackupError `wrong-passphrase` */
export function keyByPassphrase(passphrase: string): (head: SealedHead) => Promise<BackupKey> {
  let made: BackupKey | undefined;
  return async ({ seed: _seed, check, bytes: _bytes, ...recipe }) => {
    made ??= await makeKey(passphrase, recipe);
    if (isCheckOf(made, check)) return made;
    throw new BackupError(
      "wrong-passphrase",
      "The passphrase is not the one that the backup was made with.",
    );
  };
}

async function readHead(file: FileHandle): Promise<SealedHead> {
  const strange = (cause?: unknown) =>
    new BackupError("not-a-backup", "The file is no backup of Handrail.", { cause });
  const fixed = await readAt(file, 0, fixedBytes);
  if (fixed.length < fixedBytes || !fixed.subarray(0, magic.length).equals(magic)) throw strange();
  if (fixed.readUInt16BE(magic.length) > formatNumber) {
    throw new BackupError("newer", "The backup was made by a newer version of Handrail.");
  }
  const lengthBytes = fixed.readUInt16BE(magic.length + 2);
  if (lengthBytes > maxHeadBytes) throw strange();
  const bytes = await readAt(file, 0, fixedBytes + lengthBytes);
  try {
    const json: unknown = JSON.parse(bytes.subarray(fixedBytes).toString());
    return { ...fileKeyShape.parse(json), bytes };
  } catch (cause) {
    throw strange(cause);
  }
}

function makeHead(key: BackupKey, seed: Buffer): Buffer {
  const json = JSON.stringify({
    ...writeRecipe(key.recipe),
    seed: seed.toString("base64"),
    check: checkOf(key).toString("base64"),
  });
  const fixed = Buffer.alloc(fixedBytes);
  magic.copy(fixed);
  fixed.writeUInt16BE(formatNumber, magic.length);
  fixed.writeUInt16BE(Buffer.byteLength(json), magic.length + 2);
  return Buffer.concat([fixed, Buffer.from(json)]);
}

/** No two pieces have the same: the key is the file's own. */
function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

function sealPiece(secret: Buffer, nonce: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv(algorithm, secret, nonce);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unsealPiece(secret: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < tagBytes) throw damaged();
  const end = sealed.length - tagBytes;
  const cipher = createDecipheriv(algorithm, secret, nonce);
  cipher.setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([cipher.update(sealed.subarray(0, end)), cipher.final()]);
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): BackupError {
  const message = "The backup is damaged: it was cut short or changed after it was made.";
  return new BackupError("damaged", message, { cause });
}

/** So many bytes, or fewer where the file ends. */
async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, length));
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
