import { Worker } from "node:worker_threads";
import type { Encoded, Encoder, EncodeRequest } from "../core/surface/encoder.ts";
import type { FromEncoder, ToEncoder } from "./encoder-worker.ts";

interface Pending {
  resolve(encoded: Encoded): void;
  reject(error: Error): void;
}

/** An encoder in a thread of its own, which lives as long as this object. */
export class WorkerEncoder implements Encoder {
  readonly #worker: Worker;
  /** In the order in which the thread answers. */
  #pending: Pending[] = [];

  /** `script`: the module `encoder-worker`, as it is or bundled. */
  constructor(script: URL) {
    this.#worker = new Worker(script);
    this.#worker.on("message", (message: FromEncoder) => this.#settle(message));
    this.#worker.on("error", (error: unknown) =>
      this.#fail(error instanceof Error ? error : new Error(String(error))),
    );
    // A client with nothing else to do may end.
    this.#worker.unref();
  }

  begin(screen: { width: number; height: number; pixels: Uint32Array }): void {
    this.#tell({ t: "begin", ...screen });
  }

  restart(): void {
    this.#tell({ t: "restart" });
  }

  encode(request: EncodeRequest): Promise<Encoded> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      this.#tell({ t: "encode", request });
    });
  }

  [Symbol.dispose](): void {
    this.#fail(new Error("the encoder was closed"));
    void this.#worker.terminate();
  }

  #tell(message: ToEncoder): void {
    this.#worker.postMessage(message);
  }

  #settle(message: FromEncoder): void {
    const pending = this.#pending.shift();
    if (message.t === "encoded") pending?.resolve(message.encoded);
    else pending?.reject(new Error(message.message));
  }

  #fail(error: Error): void {
    for (const pending of this.#pending.splice(0)) pending.reject(error);
  }
}
