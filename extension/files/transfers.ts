import { HandrailError, type Lsid } from "@handrail/protocol";
import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import { Signal } from "../signal.ts";
import type { Disk } from "./disk.ts";
import { Transfer } from "./transfer.ts";
import type { TransferJournal } from "./transfer-journal.ts";
import type { TransferPlan } from "./transfer-plan.ts";
import type { Choice, Conflict } from "./transfer-run.ts";

/** Transfers that run at the same time; the others wait. */
const atOnce = 3;
/** How often it is looked whether one can go on, and how far they are, ms. */
const lookEveryMs = 500;

/** What transfers need of the console. */
export interface TransfersPlace {
  readonly clock: Clock;
  readonly journal: TransferJournal;
  readonly diskOf: (lsid: Lsid) => Disk;
  /** Whether the customer can be reached now, or never again. */
  readonly reach: (lsid: Lsid) => "now" | "later" | "never";
  readonly decide: (plan: TransferPlan, conflict: Conflict) => Promise<Choice>;
  /** A transfer has come to an end that the person did not ask for. */
  readonly finished: (transfer: Transfer) => void;
}

/**
 * All transfers of this console: a few run at a time, those that the line has broken off go on by
 * themselves, also after a restart; they end with their session.
 */
export class Transfers {
  /** One was added, removed, or has changed. */
  readonly changed = new Signal<Transfer | undefined>();
  readonly #place: TransfersPlace;
  #all: readonly Transfer[] = [];
  #timer: { dispose(): void } | undefined;
  #isDisposed = false;

  constructor(place: TransfersPlace) {
    this.#place = place;
  }

  /** The newest last. */
  get all(): readonly Transfer[] {
    return this.#all;
  }

  /** Takes up what an earlier life of the console has left. */
  async load(): Promise<void> {
    const { clock, journal } = this.#place;
    for (const { plan, isPaused, ...record } of await journal.load()) {
      this.#add(new Transfer(plan, record, { clock, isKept: true, isPaused }));
    }
  }

  /** Begins a transfer as soon as there is room for it. */
  async add(wish: Omit<TransferPlan, "id" | "createdAt">): Promise<Transfer> {
    const { clock, journal } = this.#place;
    const plan = { ...wish, id: randomBytes(16).toString("hex"), createdAt: clock.now() };
    const transfer = new Transfer(plan, await journal.begin(plan), { clock, isKept: false });
    this.#add(transfer);
    return transfer;
  }

  /** Gives one up, or takes one that is over off the list. */
  async remove(transfer: Transfer): Promise<void> {
    if (!transfer.isOver) await transfer.cancel();
    await this.#place.journal.end(transfer.plan);
    this.#all = this.#all.filter((each) => each !== transfer);
    this.changed.fire(undefined);
    const { lsid } = transfer.plan;
    if (this.#place.reach(lsid) === "now") await transfer.tidy(this.#place.diskOf(lsid));
  }

  /** Takes those off the list that are done. */
  clearDone(): void {
    this.#all = this.#all.filter(({ state }) => state !== "done");
    this.changed.fire(undefined);
  }

  /** Stops all of them, to go on when the console is there again: those that were to go on. */
  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    for (const transfer of this.#all) transfer.pause();
  }

  #add(transfer: Transfer): void {
    this.#all = [...this.#all, transfer];
    let wasPaused = transfer.state === "paused";
    transfer.changed.on(() => {
      this.changed.fire(transfer);
      const isPaused = transfer.state === "paused";
      if (isPaused !== wasPaused && !this.#isDisposed) {
        void this.#place.journal.pause(transfer.plan, isPaused);
        wasPaused = isPaused;
      }
      if (transfer.wantsToRun) this.#look();
    });
    this.changed.fire(transfer);
    this.#look();
  }

  /** Lets run what may, and looks again while there is something to be looked after. */
  #look(): void {
    const isBusy = this.#all.some((each) => each.wantsToRun || each.state === "running");
    if (!isBusy) {
      this.#timer?.dispose();
      this.#timer = undefined;
      return;
    }
    this.#timer ??= this.#place.clock.every(lookEveryMs, () => this.#tick());
    // Not from within a change: it may be one of those that are looked at.
    queueMicrotask(() => this.#beginSome());
  }

  #tick(): void {
    for (const each of this.#all) if (each.state === "running") each.measure();
    this.#look();
  }

  #beginSome(): void {
    for (const transfer of this.#all.filter(({ wantsToRun }) => wantsToRun)) {
      const reach = this.#place.reach(transfer.plan.lsid);
      if (reach === "never") this.#lost(transfer);
      const running = this.#all.filter(({ state }) => state === "running").length;
      if (reach === "now" && running < atOnce) void this.#run(transfer);
    }
  }

  async #run(transfer: Transfer): Promise<void> {
    const { plan } = transfer;
    const disk = this.#place.diskOf(plan.lsid);
    await transfer.run(disk, (conflict) => this.#place.decide(plan, conflict));
    if (transfer.state === "done") await this.#place.journal.end(plan);
    if (transfer.state === "done" || transfer.state === "failed") this.#place.finished(transfer);
    this.#look();
  }

  #lost(transfer: Transfer): void {
    transfer.fail(new HandrailError("session-ended", "the session of the transfer has ended"));
    void this.#place.journal.end(transfer.plan);
    this.#place.finished(transfer);
  }
}
