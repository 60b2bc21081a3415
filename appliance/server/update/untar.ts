import { blockBytes, checksum } from "../tar.ts";

/** What comes of an archive: `content` is read before the next entry is asked for, or skipped. */
export interface UnpackedEntry {
  readonly name: string;
  readonly sizeBytes: number;
  /** Where a symbolic link leads; undefined for a file. */
  readonly link: string | undefined;
  readonly content: AsyncIterable<Buffer>;
}

/** The archive is not one, or is cut short. */
export class TarError extends Error {
  override readonly name = "TarError";
}

/**
 * Reads an archive as `packTar` writes it: files and symbolic links. Nothing of the archive is
 * believed but its form; modes, owners and times are not looked at.
 * @throws TarError
 */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<UnpackedEntry> {
  const bytes = new ByteReader(source);
  for (;;) {
    const block = await bytes.exactly(blockBytes);
    if (isBlank(block)) return mustEnd(bytes);
    const head = readHeader(block);
    let leftBytes = head.sizeBytes;
    const content = async function* () {
      while (leftBytes > 0) {
        const piece = await bytes.atMost(leftBytes);
        leftBytes -= piece.length;
        yield piece;
      }
    };
    yield { ...head, content: content() };
    while (leftBytes > 0) leftBytes -= (await bytes.atMost(leftBytes)).length;
    const restBytes = (blockBytes - (head.sizeBytes % blockBytes)) % blockBytes;
    if (restBytes > 0) await bytes.exactly(restBytes);
  }
}

/** A second blank block, and nothing more: nobody reads what follows, so it would wait for ever. */
async function mustEnd(bytes: ByteReader): Promise<void> {
  if (isBlank(await bytes.exactly(blockBytes)) && (await bytes.isAtEnd())) return;
  throw new TarError("something follows the archive");
}

function isBlank(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

function readHeader(block: Buffer): { name: string; sizeBytes: number; link: string | undefined } {
  const blank = Buffer.from(block);
  blank.fill(" ", 148, 156);
  const isOurs = text(block, 257, 5) === "ustar" && octal(block, 148, 8) === checksum(blank);
  if (!isOurs) throw new TarError("a header of the archive is damaged");
  const [name, prefix, kind] = [text(block, 0, 100), text(block, 345, 155), text(block, 156, 1)];
  if (kind !== "" && kind !== "0" && kind !== "2") throw new TarError("an entry is no file");
  const sizeBytes = octal(block, 124, 12);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    sizeBytes: kind === "2" ? 0 : sizeBytes,
    link: kind === "2" ? text(block, 157, 100) : undefined,
  };
}

function text(block: Buffer, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString("latin1", 0, end === -1 ? length : end);
}

function octal(block: Buffer, at: number, length: number): number {
  const digits = text(block, at, length).trim();
  if (!/^[0-7]{1,11}$/.test(digits)) throw new TarError("a header of the archive is damaged");
  return Number.parseInt(digits, 8);
}

/** A stream as so many bytes at a time. */
class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #kept: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#kept.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return true;
      this.#kept = next.value;
    }
    return false;
  }

  /** At least one byte. @throws TarError at the end */
  async atMost(bytes: number): Promise<Buffer> {
    if (await this.isAtEnd()) throw new TarError("the archive is cut short");
    const piece = this.#kept.subarray(0, bytes);
    this.#kept = this.#kept.subarray(piece.length);
    return piece;
  }

  async exactly(bytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let left = bytes; left > 0; left -= pieces.at(-1)?.length ?? 0) {
      pieces.push(await this.atMost(left));
    }
    return Buffer.concat(pieces);
  }
}
