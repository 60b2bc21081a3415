import { constants, createZstdCompress, type ZstdCompress } from "node:zlib";
import type { Compressor } from "../core/surface/encoder.ts";

/** Large enough that a usual message comes out in one piece. */
const chunkSize = 64 * 1024;

/**
 * One zstd stream (RFC 8878): level 3, window 2^22 bytes, matches found across the whole window,
 * flushed after every write. The work is done by Node's thread pool.
 */
export class ZstdStream implements Compressor {
  readonly #stream: ZstdCompress;
  #out: Buffer[] = [];

  constructor() {
    this.#stream = createZstdCompress({
      flush: constants.ZSTD_e_flush,
      chunkSize,
      params: {
        [constants.ZSTD_c_compressionLevel]: 3,
        [constants.ZSTD_c_windowLog]: 22,
        [constants.ZSTD_c_enableLongDistanceMatching]: 1,
      },
    });
    this.#stream.on("data", (bytes: Buffer) => this.#out.push(bytes));
  }

  compress(bytes: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error) => {
        const out = this.#out;
        this.#out = [];
        if (error) reject(error);
        else resolve(out.length === 1 && out[0] ? out[0] : Buffer.concat(out));
      });
    });
  }

  [Symbol.dispose](): void {
    this.#stream.destroy();
  }
}
