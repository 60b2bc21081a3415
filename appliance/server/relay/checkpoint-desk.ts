import { Worker } from "node:worker_threads";
import type { Clock } from "../clock.ts";
import { programBeside } from "../program.ts";

/** Longest that one order may take, ms; a usual one takes a tenth of a second. */
const maxOrderMs = 10_000;
/** Orders that wait for their turn, and the bytes in all of them. */
const maxWaiting = { orders: 32, bytes: 64 * 1024 * 1024 } as const;
/**
 * What the thread may take of V8's heap, MiB. An order usually takes a few; pixels and packed data,
 * which `makeCheckpoint` bounds by itself, are not in it.
 */
const threadHeapMiB = { old: 64, young: 16 } as const;
const stackMiB = 4;

/** What became of an order. `fault`: the stream is ill-formed or takes too much to decode. */
export type CheckpointAnswer =
  | { readonly made: readonly Uint8Array[] }
  | { readonly refused: "busy" | "too-large" | "fault"; readonly message: string };

interface Order {
  readonly messages: readonly Uint8Array<ArrayBuffer>[];
  done(answer: CheckpointAnswer): void;
}

/**
 * Has checkpoints made, in a thread that all sessions share, one after the other. The thread starts
 * with the first order. What a stream makes it do is bounded: in time and in objects here, in pixels
 * there. A thread that dies takes only the order with it that it was working on, which counts as a
 * fault of its stream; the next order gets another thread.
 */
export class CheckpointDesk implements Disposable {
  readonly #clock: Clock;
  readonly #heapMiB: number;
  readonly #waiting: Order[] = [];
  #waitingBytes = 0;
  #current: Order | undefined;
  #worker: Worker | undefined;
  #timer: Disposable | undefined;
  #isClosed = false;

  /** `heapMiB`: what the thread may take of V8's heap for what lives long. */
  constructor(clock: Clock, heapMiB: number = threadHeapMiB.old) {
    this.#clock = clock;
    this.#heapMiB = heapMiB;
  }

  /** Whether it takes no more orders for now. */
  get isBusy(): boolean {
    const isFull =
      this.#waiting.length >= maxWaiting.orders || this.#waitingBytes >= maxWaiting.bytes;
    return this.#isClosed || isFull;
  }

  /**
   * Makes a checkpoint of messages that lie in memory of their own, which goes to the thread. See
   * `makeCheckpoint`. Never rejects.
   */
  make(messages: readonly Uint8Array<ArrayBuffer>[]): Promise<CheckpointAnswer> {
    if (this.isBusy) return Promise.resolve({ refused: "busy", message: "too many orders" });
    return new Promise((done) => {
      this.#waiting.push({ messages, done });
      this.#waitingBytes += sizeOf(messages);
      this.#next();
    });
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const order of this.#waiting.splice(0)) {
      order.done({ refused: "busy", message: "the appliance stops" });
    }
    this.#fail("busy", "the appliance stops");
  }

  #next(): void {
    if (this.#current) return;
    const order = this.#waiting.shift();
    if (!order) return;
    this.#waitingBytes -= sizeOf(order.messages);
    this.#current = order;
    this.#timer = this.#clock.after(maxOrderMs, () => this.#fail("fault", "it takes too long"));
    this.#worker ??= this.#start();
    const memory = new Set(order.messages.map(({ buffer }) => buffer));
    this.#worker.postMessage(order.messages, [...memory]);
  }

  #start(): Worker {
    const worker = new Worker(programBeside(import.meta, "checkpoint-worker"), {
      resourceLimits: {
        maxOldGenerationSizeMb: this.#heapMiB,
        maxYoungGenerationSizeMb: threadHeapMiB.young,
        stackSizeMb: stackMiB,
      },
    });
    // The appliance may stop while it works.
    worker.unref();
    worker.on("message", (answer: CheckpointAnswer) => {
      if (worker === this.#worker) this.#settle(answer);
    });
    worker.on("error", (error: unknown) => {
      if (worker === this.#worker) this.#fail("fault", String(error));
    });
    worker.on("exit", () => {
      if (worker === this.#worker) this.#fail("fault", "the thread has ended");
    });
    return worker;
  }

  /** Ends the thread with what it was doing; the next order gets another one. */
  #fail(refused: "busy" | "fault", message: string): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    this.#settle({ refused, message });
  }

  #settle(answer: CheckpointAnswer): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const order = this.#current;
    this.#current = undefined;
    order?.done(answer);
    this.#next();
  }
}

function sizeOf(messages: readonly Uint8Array[]): number {
  return messages.reduce((sum, { length }) => sum + length, 0);
}
