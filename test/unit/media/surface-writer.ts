import { constants, createZstdCompress, type ZstdCompress } from "node:zlib";
import {
  maxRowBytes,
  packRow,
  type SurfaceCopy,
  type SurfaceDisplay,
  surfaceMessage,
  type SurfaceRect,
} from "@handrail/protocol";

/** A picture as a customer's computer has it: 0x00RRGGBB in rows from the top. */
export class Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint32Array(width * height);
  }

  fill(rect: SurfaceRect, color: (x: number, y: number) => number): void {
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      for (let x = rect.x; x < rect.x + rect.width; x++) {
        this.pixels[y * this.width + x] = color(x, y);
      }
    }
  }

  /** All reads before any write, the plain way: from a copy of the whole picture. */
  copy({ rect, dx, dy }: SurfaceCopy): void {
    const before = this.pixels.slice();
    this.fill(rect, (x, y) => before[(y + dy) * this.width + x + dx] ?? 0);
  }

  /** As a viewer has it: opaque 0xAABBGGRR. */
  shown(): Uint32Array {
    return this.pixels.map((p) => {
      return (0xff000000 | ((p & 255) << 16) | (p & 0xff00) | ((p >> 16) & 255)) >>> 0;
    });
  }
}

/** Writes a surface stream with Node's own zstd, as a customer client does. */
export class SurfaceWriter {
  #zstd: ZstdCompress | undefined;
  #chunks: Buffer[] = [];
  #seq = 0;
  #epoch = 0;

  epoch(size: { width: number; height: number }, displays: SurfaceDisplay[] = []): Uint8Array {
    this.#restart();
    this.#seq = 0;
    return surfaceMessage.encode({
      type: "epoch",
      epoch: ++this.#epoch,
      width: size.width,
      height: size.height,
      startedHigh: 0,
      startedLow: 0,
      displays,
    });
  }

  /** The picture goes on with a new zstd stream. */
  restart(): Uint8Array {
    this.#restart();
    return surfaceMessage.encode({ type: "restart" });
  }

  #restart(): void {
    this.#zstd?.destroy();
    this.#chunks = [];
    this.#zstd = createZstdCompress({
      params: {
        [constants.ZSTD_c_compressionLevel]: 3,
        [constants.ZSTD_c_windowLog]: 22,
        [constants.ZSTD_c_enableLongDistanceMatching]: 1,
      },
    });
    this.#zstd.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
  }

  async update(
    picture: Picture,
    rects: SurfaceRect[],
    copies: SurfaceCopy[] = [],
  ): Promise<Uint8Array> {
    const packed = await this.pack(rects.flatMap((rect) => packRect(picture, rect)));
    const seq = ++this.#seq;
    return surfaceMessage.encode({ type: "update", seq, capturedMs: 0, copies, rects, packed });
  }

  async preview(coarse: Picture, rect: SurfaceRect, scale: number): Promise<Uint8Array> {
    const packed = await this.pack([packRect(coarse, { x: 0, y: 0, ...sizeOf(coarse) })]);
    const seq = ++this.#seq;
    return surfaceMessage.encode({ type: "preview", seq, capturedMs: 0, scale, rect, packed });
  }

  /** The next part of the epoch's one stream, flushed. */
  async pack(parts: Uint8Array[]): Promise<Uint8Array> {
    const zstd = this.#zstd;
    if (!zstd) throw new Error("no epoch");
    await new Promise<void>((resolve) => {
      zstd.write(Buffer.concat(parts));
      zstd.flush(constants.ZSTD_e_flush, () => resolve());
    });
    return new Uint8Array(Buffer.concat(this.#chunks.splice(0)));
  }
}

function sizeOf({ width, height }: Picture) {
  return { width, height };
}

function packRect(picture: Picture, rect: SurfaceRect): Uint8Array {
  const out = new Uint8Array(maxRowBytes(rect.width) * rect.height);
  let at = 0;
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    const from = y * picture.width + rect.x;
    at = packRow(picture.pixels, { from, to: from + rect.width }, out, at);
  }
  return out.subarray(0, at);
}

/** The same numbers in every run: 0 to 1, xorshift. */
export function random(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
