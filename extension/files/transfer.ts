import { HandrailError } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { Signal } from "../signal.ts";
import type { Disk } from "./disk.ts";
import { download } from "./download.ts";
import { Progress, type Standing } from "./progress.ts";
import { Rate } from "./rate.ts";
import type { TransferRecord } from "./transfer-journal.ts";
import type { TransferPlan } from "./transfer-plan.ts";
import { isInterruption, Paused, type Run } from "./transfer-run.ts";
import { upload } from "./upload.ts";

/**
 * `waiting` for its turn, `paused` by the person, `interrupted` by the line: goes on by itself;
 * `failed`: as a whole, or with files that did not arrive, and can be tried again.
 */
export type TransferState =
  "waiting" | "running" | "paused" | "interrupted" | "failed" | "done" | "cancelled";

/** One transfer, from the wish to the end, over as many runs as it takes. */
export class Transfer {
  readonly plan: TransferPlan;
  /** State or progress has changed. */
  readonly changed = new Signal<void>();
  readonly #record: TransferRecord;
  readonly #clock: Clock;
  readonly #rate = new Rate();
  #progress = new Progress();
  /** How far earlier runs got. */
  #before: Standing = new Progress();
  #state: TransferState;
  #error: unknown;
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  /** `isKept`: of an earlier life of the console; `isPaused`: and stopped there by the person. */
  constructor(
    plan: TransferPlan,
    record: TransferRecord,
    options: { clock: Clock; isKept: boolean; isPaused?: boolean },
  ) {
    this.plan = plan;
    this.#record = record;
    this.#clock = options.clock;
    const begins = options.isKept ? "interrupted" : "waiting";
    this.#state = options.isPaused ? "paused" : begins;
  }

  get state(): TransferState {
    return this.#state;
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** How far it is, over all its runs. */
  get standing(): Standing {
    return this.#progress.since(this.#before);
  }

  /** Why it failed as a whole. */
  get error(): unknown {
    return this.#error;
  }

  /** Whether it begins by itself as soon as it may. */
  get wantsToRun(): boolean {
    return this.#state === "waiting" || this.#state === "interrupted";
  }

  get isOver(): boolean {
    return this.#state === "done" || this.#state === "cancelled";
  }

  /** Bytes per second lately; undefined while it does not run. */
  get bytesPerSecond(): number | undefined {
    return this.#state === "running" ? this.#rate.at(this.#clock.steady()) : undefined;
  }

  /** How long it will take, ms, as far as can be told. */
  get leftMs(): number | undefined {
    const { totalBytes, doneBytes, isCounted } = this.standing;
    if (this.#state !== "running" || !isCounted) return undefined;
    return this.#rate.leftMs(Math.max(0, totalBytes - doneBytes), this.#clock.steady());
  }

  /** Runs it to its end or to where it is stopped. Never throws: see `state` and `error`. */
  run(disk: Disk, decide: Run["decide"]): Promise<void> {
    this.#running = this.#run(disk, decide);
    return this.#running;
  }

  /** Stops it so that it goes on where it was. */
  pause(): void {
    if (this.#state === "running") this.#stop?.abort(new Paused());
    else if (this.wantsToRun) this.#become("paused");
  }

  /** Lets it go on, or tries again what failed. */
  resume(): void {
    if (this.#state === "paused" || this.#state === "failed") this.#become("waiting");
  }

  /** Gives it up. What has arrived stays, what is half done goes. */
  async cancel(): Promise<void> {
    this.#stop?.abort(new HandrailError("cancelled", "cancelled by the person"));
    await this.#running;
    this.#become("cancelled");
  }

  /** Takes away what it has left half done on the customer's computer. Never throws. */
  tidy(disk: Disk): Promise<void> {
    return this.#record.unfinished.remove(disk);
  }

  /** It can never go on. */
  fail(error: HandrailError): void {
    this.#error = error;
    this.#become("failed");
  }

  /** Measures how fast it goes; called while it runs. */
  measure(): void {
    this.#rate.add(this.standing.doneBytes, this.#clock.steady());
    this.changed.fire();
  }

  async #run(disk: Disk, decide: Run["decide"]): Promise<void> {
    const stop = new AbortController();
    const { signal } = stop;
    this.#stop = stop;
    this.#error = undefined;
    this.#before = this.standing;
    this.#progress = new Progress();
    this.#rate.clear();
    this.#become("running");
    const { plan } = this;
    const { done, unfinished } = this.#record;
    const parts = { done, unfinished, plan, disk, progress: this.#progress, decide, signal };
    try {
      await (plan.direction === "upload" ? upload(parts) : download(parts));
      this.#before = new Progress();
      this.#become(this.#progress.problemCount > 0 ? "failed" : "done");
    } catch (error) {
      this.#stopped(error, signal);
    } finally {
      this.#stop = undefined;
    }
  }

  #stopped(error: unknown, signal: AbortSignal): void {
    const isGivenUp = signal.aborted && !(signal.reason instanceof Paused);
    if (isGivenUp) return this.#become("cancelled");
    // Whoever answers no question is not done with it either.
    const isLeft = error instanceof HandrailError && error.code === "cancelled";
    if (isLeft) return this.#become("paused");
    if (isInterruption(error)) return this.#become("interrupted");
    this.#error = error;
    this.#become("failed");
  }

  #become(state: TransferState): void {
    this.#state = state;
    this.changed.fire();
  }
}
