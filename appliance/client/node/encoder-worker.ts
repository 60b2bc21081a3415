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

/**
 * Encodes a made-up picture, coarsely and exactly: code that has never run is slow, and nobody waits
 * yet. Begun when a session becomes active, which is before the customer is asked.
 */
async function warmUp(): Promise<void> {
  const [width, height] = [640, 384];
  const pixels = Uint32Array.from({ length: width * height }, (_, at) =>
    // Runs, edges and noise, as a screen has them.
    at % 97 < 60 ? 0xffffff : Math.imul(at, 2654435761) >>> 8,
  );
  using trial = new SurfaceEncoder(() => new ZstdStream());
  trial.begin({ width, height, pixels });
  const whole = { x: 0, y: 0, width, height };
  for (const [round, bytesPerSecond] of [20_000, 20_000, undefined, undefined].entries()) {
    await trial.encode({
      damage: round % 2 === 0 ? [whole] : [],
      focus: { x: 0, y: 0 },
      budgetBytes: 50_000,
      bytesPerSecond,
      now: round * 1000,
      capturedMs: 0,
    });
  }
}

let last = warmUp();
parentPort?.on("message", (message: ToEncoder) => {
  // One after the other: a new stream must not be pulled from under a message of the old one.
  last = last.then(() => take(message));
});
