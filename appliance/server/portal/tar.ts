import { createReadStream } from "node:fs";

/** A file for an archive. `mode` as chmod takes it; `content` when it is not read from `file`. */
export interface ArchiveEntry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly source: { readonly file: string } | { readonly content: Buffer };
}

const blockBytes = 512;

/**
 * A tar archive of regular files, piece by piece. The same files give the same bytes: no owner, no
 * times. Names are at most 100 ASCII characters. Source: POSIX.1-1988 ustar.
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
  if ("content" in source) {
    yield source.content;
    return;
  }
  const chunks: AsyncIterable<Buffer> = createReadStream(source.file, { highWaterMark: 1 << 20 });
  yield* chunks;
}

function header({ name, mode, sizeBytes }: ArchiveEntry): Buffer {
  if (!/^[\x21-\x7e]{1,100}$/.test(name)) throw new Error(`${name} cannot be put into an archive`);
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  block.write(name, 0, "ascii");
  block.write(octal(mode, 7), 100, "ascii");
  block.write(octal(0, 7), 108, "ascii");
  block.write(octal(0, 7), 116, "ascii");
  block.write(octal(sizeBytes, 11), 124, "ascii");
  block.write(octal(0, 11), 136, "ascii");
  // The checksum is made with blanks in its own place.
  block.write("        0", 148, "ascii");
  block.write("ustar\x0000", 257, "ascii");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return block;
}
