import { once } from "node:events";
import { parentPort, Worker } from "node:worker_threads";

/** What an end does when told to, by its name; what it gives back is sent to whoever told it. */
type Orders = Readonly<Record<string, (value: unknown) => unknown>>;

interface Answer {
  readonly value?: unknown;
  readonly fault?: string;
}

/** One end of a transfer in a thread of its own, so that both ends and the relay run at once. */
export class End implements AsyncDisposable {
  readonly #worker: Worker;

  constructor(file: string, workerData: unknown) {
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData });
  }

  /** Tells it to do something and waits until it is done; one order at a time. */
  async order<T = unknown>(name: string, value?: unknown): Promise<T> {
    const answered = once(this.#worker, "message") as Promise<[Answer]>;
    this.#worker.postMessage({ name, value });
    const [answer] = await answered;
    if (answer.fault !== undefined) throw new Error(`${name}: ${answer.fault}`);
    // Both sides of an order are in this folder.
    return answer.value as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Follows the orders that come to this thread. */
export function follow(orders: Orders): void {
  const answer = (message: Answer) => parentPort?.postMessage(message);
  parentPort?.on("message", ({ name, value }: { name: string; value: unknown }) => {
    Promise.resolve()
      .then(() => orders[name]?.(value))
      .then((result) => answer({ value: result }))
      .catch((error: unknown) => {
        answer({ fault: error instanceof Error ? error.message : String(error) });
      });
  });
}

/** Milliseconds on a clock that all threads share. */
export function sharedNow(): number {
  return performance.timeOrigin + performance.now();
}
