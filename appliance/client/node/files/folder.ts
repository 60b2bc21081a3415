import { type Dir, opendirSync } from "node:fs";
import { stepTo } from "./footing.ts";

/** A folder that is open for reading. */
export interface OpenFolder extends Disposable {
  /** The names in it, each once, read as they are asked for; in no order. */
  readonly names: Iterable<Buffer>;
}

/** Opens a folder, links followed. @throws FileRefusal `not-answering`; the system's faults */
export function openFolder(path: Buffer): OpenFolder {
  stepTo(path);
  // Names are asked for as bytes, which the types of this call do not know of.
  const folder = opendirSync(path, { encoding: "buffer" as BufferEncoding, bufferSize: 256 });
  return { names: namesIn(folder), [Symbol.dispose]: () => folder.closeSync() };
}

function* namesIn(folder: Dir): Generator<Buffer> {
  for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
    const name: unknown = entry.name;
    if (Buffer.isBuffer(name)) yield name;
  }
}
