/**
 * The encoder's thread: takes requests from the client's main thread, one at a time, and answers
 * each with a message of the surface stream. The screen's pixels lie in memory that both share.
 */
import { parentPort } from "node:worker_threads";
import { type EncodeRequest, type Encoded, SurfaceEncoder } from "../core/surface/encoder.ts";
import { ZstdStream } from "./zstd.ts";

/** What the main thread tells the encoder's. */
export type ToEncoder =
  | { t: "begin"; width: number; height: number; pixels: Uint32Array }
  | { t: "restart" }
  | { t: "encode"; request: EncodeRequest };

/** What the encoder's thread answers to `encode`. */
export type FromEncoder = { t: "encoded"; encoded: Encoded } | { t: "failed"; message: string };

const encoder = new SurfaceEncoder(() => new ZstdStream());

function answer(message: FromEncoder, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}

/** Only memory that nothing else uses can change hands: zstd's may be part of a larger piece. */
function transferable(encoded: Encoded): ArrayBuffer[] {
  const buffer = encoded.message?.buffer;
  return buffer instanceof ArrayBuffer ? [buffer] : [];
}

async function encode(request: EncodeRequest): Promise<void> {
  try {
    const encoded = await encoder.encode(request);
    answer({ t: "encoded", encoded }, transferable(encoded));
  } catch (error) {
    answer({ t: "failed", message: error instanceof Error ? error.message : String(error) }, []);
  }
}

function take(message: ToEncoder): Promise<void> | void {
  switch (message.t) {
    case "begin":
      return encoder.begin(message);
    case "restart":
      return encoder.restart();
    case "encode":
      return encode(message.request);
  }
}

let last = Promise.resolve();
parentPort?.on("message", (message: ToEncoder) => {
  // One after the other: a new stream must not be pulled from under a message of the old one.
  last = last.then(() => take(message));
});
