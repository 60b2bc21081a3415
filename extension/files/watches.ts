import {
  type ErrorCode,
  type FilesCustomerMessage,
  HandrailError,
  isName,
  pathBytes,
  pathText,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { QuestionChannel } from "./file-channel.ts";
import { below, nameOf, type RemotePath } from "./remote-path.ts";

/** How long to wait before a watch is set again that was lost, ms. */
const againEveryMs = 2_000;
/** Most watches at a time: half of what a computer takes on one channel. */
const maxWatches = 64;

interface Watch {
  readonly path: RemotePath;
  readonly listeners: Set<(paths: readonly RemotePath[]) => void>;
  cancel: (() => void) | undefined;
}

/** What is watched on a customer's disk: each path once, and again after a lost channel. */
export class Watches {
  readonly #questions: QuestionChannel;
  readonly #clock: Clock;
  readonly #watches = new Map<RemotePath, Watch>();
  #again: { dispose(): void } | undefined;
  #isDisposed = false;

  constructor(questions: QuestionChannel, clock: Clock) {
    this.#questions = questions;
    this.#clock = clock;
  }

  get isUsed(): boolean {
    return this.#watches.size > 0;
  }

  add(path: RemotePath, changed: (paths: readonly RemotePath[]) => void): { dispose(): void } {
    const known = this.#watches.get(path);
    const watch = known ?? { path, listeners: new Set(), cancel: undefined };
    watch.listeners.add(changed);
    if (!known && this.#watches.size < maxWatches) {
      this.#watches.set(path, watch);
      void this.#begin(watch);
    }
    return { dispose: () => this.#remove(watch, changed) };
  }

  /** The channel has gone. What was not told in between is found by looking again. */
  lost(code: ErrorCode | undefined): void {
    for (const watch of this.#watches.values()) watch.cancel = undefined;
    const mayReturn = code === undefined || code === "unavailable" || code === "customer-away";
    if (mayReturn) this.#tryAgain();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#again?.dispose();
    this.#watches.clear();
  }

  #remove(watch: Watch, changed: (paths: readonly RemotePath[]) => void): void {
    watch.listeners.delete(changed);
    if (watch.listeners.size > 0 || this.#watches.get(watch.path) !== watch) return;
    this.#watches.delete(watch.path);
    watch.cancel?.();
  }

  async #begin(watch: Watch, isAgain = false): Promise<void> {
    try {
      const request = await this.#questions.ask(
        { type: "watch", path: pathBytes(watch.path) },
        {
          answer: (answer, consume) => {
            consume();
            if (answer.type === "changed") this.#changed(watch, answer);
            else if (answer.type === "watching" && isAgain) tell(watch, [watch.path]);
          },
          // Gone, or not to be watched: what is shown can still be refreshed by hand.
          failed: () => (watch.cancel = undefined),
        },
      );
      watch.cancel = () => request.cancel();
      if (this.#watches.get(watch.path) !== watch) request.cancel();
    } catch (error) {
      if (error instanceof HandrailError && error.code === "unavailable") this.#tryAgain();
    }
  }

  #tryAgain(): void {
    if (this.#isDisposed) return;
    this.#again?.dispose();
    this.#again = this.#clock.after(againEveryMs, () => {
      const lost = [...this.#watches.values()].filter(({ cancel }) => !cancel);
      for (const watch of lost) void this.#begin(watch, true);
    });
  }

  #changed(watch: Watch, { names }: FilesCustomerMessage & { type: "changed" }): void {
    const own = nameOf(watch.path);
    const paths = names.filter(isName).flatMap((name) => {
      const text = pathText(name);
      const child = below(watch.path, text);
      // A watched file is told by its own name; a folder may hold something of its own name.
      return text === own ? [watch.path, child] : [child];
    });
    tell(watch, paths.length > 0 ? paths : [watch.path]);
  }
}

function tell({ listeners }: Watch, paths: readonly RemotePath[]): void {
  for (const listener of [...listeners]) listener(paths);
}
