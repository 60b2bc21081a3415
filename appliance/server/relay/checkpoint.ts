import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import {
  HandrailError,
  maxRowBytes,
  packRow,
  type Surface,
  type SurfaceDisplay,
  type SurfaceMessage,
  surfaceMessage,
  SurfacePicture,
} from "@handrail/protocol";

/** Window of a surface stream: 2^22 bytes. Source: protocol, surface stream. */
const windowLog = 22;
/** Larger surfaces get no checkpoint: they would take too much memory for something optional. */
const maxPixels = 16 * 1024 * 1024;
/** Most bytes of a checkpoint. */
const maxBytes = 4 * 1024 * 1024;
const rowsAtOnce = 64;

type Message<T extends SurfaceMessage["type"]> = Extract<SurfaceMessage, { type: T }>;

/**
 * What a viewer has after these messages of a surface stream, which begin with an epoch, as the
 * fewest messages that bring another viewer there: the same epoch, one update with the whole
 * picture, the pointer. A `restart` must come next.
 * @throws HandrailError `frame-too-large` when it is not worth its size, `protocol-violation` when
 *   a viewer could not have followed the stream either
 */
export async function makeCheckpoint(messages: readonly Uint8Array[]): Promise<Uint8Array[]> {
  using replica = new Replica();
  for (const bytes of messages) await replica.take(surfaceMessage.decode(bytes));
  const made = await replica.summary();
  const sizeBytes = made.reduce((sum, { length }) => sum + length, 0);
  if (sizeBytes > maxBytes) throw tooLarge(`a checkpoint of ${sizeBytes} bytes`);
  return made;
}

/** Follows a stream as a viewer does, without showing anything. */
class Replica implements Disposable {
  readonly #picture = new SurfacePicture();
  #inflater = new Inflater();
  #epoch: Message<"epoch"> | undefined;
  #displays: SurfaceDisplay[] | undefined;
  #cursor: Message<"cursor"> | undefined;
  #pointer: Message<"pointer"> | undefined;
  #capturedMs = 0;

  async take(message: SurfaceMessage): Promise<void> {
    switch (message.type) {
      case "epoch":
        return this.#begin(message);
      case "restart":
        return this.#restart();
      case "update":
      case "preview":
        return this.#paint(message);
      case "cursor":
        this.#cursor = message;
        return;
      case "pointer":
        this.#pointer = message;
        return;
      case "displays":
        this.#displays = message.displays;
    }
  }

  async summary(): Promise<Uint8Array[]> {
    const epoch = this.#epoch;
    const { surface, lastSeq } = this.#picture;
    if (!epoch || !surface) throw new HandrailError("protocol-violation", "no epoch");
    const made: SurfaceMessage[] = [{ ...epoch, displays: this.#displays ?? epoch.displays }];
    if (lastSeq > 0) made.push(await this.#whole(surface, lastSeq));
    if (this.#cursor) made.push(this.#cursor);
    if (this.#pointer) made.push(this.#pointer);
    // Copies of the right size: an encoder leaves room at the end.
    return made.map((message) => surfaceMessage.encode(message).slice());
  }

  [Symbol.dispose](): void {
    this.#inflater[Symbol.dispose]();
  }

  #begin(message: Message<"epoch">): void {
    if (message.width * message.height > maxPixels) throw tooLarge("a very large surface");
    this.#restart();
    this.#picture.begin(message);
    this.#epoch = message;
    this.#displays = undefined;
  }

  #restart(): void {
    this.#inflater[Symbol.dispose]();
    this.#inflater = new Inflater();
  }

  async #paint(message: Message<"update"> | Message<"preview">): Promise<void> {
    const limitBytes = this.#picture.admit(message);
    const unpacked = await this.#inflater.inflate(message.packed, limitBytes);
    this.#capturedMs = message.capturedMs;
    if (message.type === "update") this.#picture.update(message, unpacked);
    else this.#picture.preview(message, unpacked);
  }

  async #whole(surface: Surface, seq: number): Promise<Message<"update">> {
    const { width, height } = surface;
    const packed = await pack(surface);
    const rects = [{ x: 0, y: 0, width, height }];
    return { type: "update", seq, capturedMs: this.#capturedMs, copies: [], rects, packed };
  }
}

/** One zstd stream, unpacked message by message and never to more than was allowed. */
class Inflater implements Disposable {
  readonly #stream = createZstdDecompress({
    params: { [constants.ZSTD_d_windowLogMax]: windowLog },
  });
  #out: Buffer[] = [];
  #sizeBytes = 0;
  #limitBytes = 0;
  #fault: Error | undefined;

  constructor() {
    this.#stream.on("data", (bytes: Buffer) => this.#take(bytes));
    this.#stream.on("error", (error: Error) => (this.#fault ??= error));
  }

  async inflate(packed: Uint8Array, limitBytes: number): Promise<Uint8Array> {
    this.#limitBytes = limitBytes;
    this.#sizeBytes = 0;
    if (packed.length > 0 && !this.#fault) {
      await new Promise<void>((resolve) => {
        // A stream that fails does not answer what it was given last.
        this.#stream.once("close", resolve);
        this.#stream.write(packed, () => {
          this.#stream.off("close", resolve);
          resolve();
        });
      });
    }
    const out = this.#out.splice(0);
    const cause = this.#fault;
    if (cause) throw new HandrailError("protocol-violation", "ill-formed zstd data", { cause });
    return out.length === 1 && out[0] ? out[0] : Buffer.concat(out);
  }

  [Symbol.dispose](): void {
    this.#stream.destroy();
  }

  #take(bytes: Buffer): void {
    this.#sizeBytes += bytes.length;
    if (this.#sizeBytes <= this.#limitBytes) this.#out.push(bytes);
    // Whatever else the data would unpack to stays packed.
    else this.#stream.destroy(new Error("more pixels than rectangles"));
  }
}

/** All rows of the picture in row-reset QOI through a zstd stream of its own. */
async function pack(surface: Surface): Promise<Buffer> {
  const stream = createZstdCompress({
    params: {
      [constants.ZSTD_c_compressionLevel]: 3,
      [constants.ZSTD_c_windowLog]: windowLog,
      [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    },
  });
  const out: Buffer[] = [];
  let sizeBytes = 0;
  stream.on("data", (bytes: Buffer) => {
    out.push(bytes);
    sizeBytes += bytes.length;
  });
  const ended = new Promise<void>((resolve, reject) =>
    stream.on("end", resolve).on("error", reject),
  );
  for (let y = 0; y < surface.height && sizeBytes <= maxBytes; y += rowsAtOnce) {
    const rows = packRows(surface, y, Math.min(surface.height, y + rowsAtOnce));
    await new Promise<void>((resolve) => void stream.write(rows, () => resolve()));
  }
  stream.end();
  await ended;
  return Buffer.concat(out);
}

/** `to` exclusive. */
function packRows(surface: Surface, from: number, to: number): Uint8Array {
  const { width, pixels } = surface;
  const out = new Uint8Array(maxRowBytes(width) * (to - from));
  const row = new Uint32Array(width);
  let at = 0;
  for (let y = from; y < to; y++) {
    // A canvas's pixels have red lowest, packing expects it highest.
    for (let x = 0; x < width; x++) {
      const pixel = pixels[y * width + x] ?? 0;
      row[x] = ((pixel & 255) << 16) | (pixel & 0xff00) | ((pixel >>> 16) & 255);
    }
    at = packRow(row, { from: 0, to: width }, out, at);
  }
  return out.subarray(0, at);
}

function tooLarge(what: string): HandrailError {
  return new HandrailError("frame-too-large", what);
}
