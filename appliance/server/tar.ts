import { createReadStream } from "node:fs";

/**
 * A file for an archive. `mode` as chmod takes it; `content` when it is not read from `file`; with
 * `link` it is a symbolic link to that, and has no size.
 */
export interface ArchiveEntry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly source:
    { readonly file: string } | { readonly content: Buffer } | { readonly link: string };
}

/** Everything in a tar archive comes in blocks of so many bytes. */
export const blockBytes = 512;
const nameBytes = 100;
const prefixBytes = 155;

/**
 * A tar archive of files and links, piece by piece. The same files give the same bytes: no owner, no
 * times. Names are ASCII, at most 100 characters, or 255 where a slash parts them well.
 * Source: POSIX.1-1988 ustar.
 */
export async function* packTar(entries: Iterable<ArchiveEntry>): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield header(entry);
    let sent = 0;
    for await (const chunk of contentOf(entry)) {
      sent += chunk.length;
      yield chunk;
    }
    if (sent !== entry.sizeBytes) throw new Error(`${entry.name} changed while it was packed`);
    yield Buffer.alloc((blockBytes - (sent % blockBytes)) % blockBytes);
  }
  yield Buffer.alloc(2 * blockBytes);
}

async function* contentOf({ source }: ArchiveEntry): AsyncGenerator<Buffer> {
  if ("link" in source) return;
  if ("content" in source) {
    yield source.content;
    return;
  }
  const chunks: AsyncIterable<Buffer> = createReadStream(source.file, { highWaterMark: 1 << 20 });
  yield* chunks;
}

function header({ name, mode, sizeBytes, source }: ArchiveEntry): Buffer {
  const [prefix, last] = parted(name);
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  block.write(last, 0, "ascii");
  block.write(octal(mode, 7), 100, "ascii");
  block.write(octal(0, 7), 108, "ascii");
  block.write(octal(0, 7), 116, "ascii");
  block.write(octal(sizeBytes, 11), 124, "ascii");
  block.write(octal(0, 11), 136, "ascii");
  // The checksum is made with blanks in its own place.
  block.write("        0", 148, "ascii");
  if ("link" in source) writeLink(block, source.link);
  block.write("ustar\x0000", 257, "ascii");
  block.write(prefix, 345, "ascii");
  block.write(`${checksum(block).toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return block;
}

function writeLink(block: Buffer, link: string): void {
  if (!isShort(link, nameBytes)) throw new Error(`a link to ${link} cannot be put into an archive`);
  block.write("2", 156, "ascii");
  block.write(link, 157, "ascii");
}

/** A name as its two fields have it: what comes before some slash, where it is too long for one. */
function parted(name: string): [prefix: string, last: string] {
  if (isShort(name, nameBytes)) return ["", name];
  const slash = name.indexOf("/", Math.max(0, name.length - nameBytes - 1));
  const [prefix, last] = [name.slice(0, slash), name.slice(slash + 1)];
  if (slash > 0 && isShort(prefix, prefixBytes) && isShort(last, nameBytes)) return [prefix, last];
  throw new Error(`${name} cannot be put into an archive`);
}

function isShort(text: string, maxBytes: number): boolean {
  return /^[\x21-\x7e]+$/.test(text) && text.length <= maxBytes;
}

/** The sum that a header keeps of itself, taken while its own place holds blanks. */
export function checksum(block: Buffer): number {
  return block.reduce((total, byte) => total + byte, 0);
}
